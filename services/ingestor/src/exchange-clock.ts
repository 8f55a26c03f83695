/** A trade may be dated this much after the exchange's clock at most, ms. */
const futureAllowance = 5_000;
/** Between two statements the exchange's clock cannot run ahead of ours by more than this, ms. */
const jumpAllowance = 60_000;
/** Statements that run ahead are believed after all once they have agreed with each other for so long, ms. */
const probation = 2_000;

/** A time that the exchange stated, and the monotonic local time of the statement, ms. */
interface Statement {
  readonly time: number;
  readonly at: number;
}

/**
 * The exchange's time, as the newest of what it stated. A statement that runs ahead of the time passed since the last
 * one is not believed: one forged frame must not close every bar of the next century. If all that follow agree with
 * it, it was the local clock that stood still (a machine that slept), and they are believed.
 */
export class ExchangeClock {
  #time: number | null = null;
  #statedAt = 0;
  #streamed: Statement | undefined;
  /** The newest of the statements that are not believed, and since when they have agreed. */
  #doubted: (Statement & { readonly since: number }) | undefined;

  /** Ms since the epoch; null before the first statement. */
  get time(): number | null {
    return this.#time;
  }

  /**
   * The newest time that came in the stream of trades itself. REST may be ahead of a slow stream, so that only this
   * one tells what the stream has brought; null before the first.
   */
  get streamed(): number | null {
    return this.#streamed?.time ?? null;
  }

  /** What the stream's time should be by now: good enough to notice silence, never to move a watermark. */
  estimate(elapsed: number): number | null {
    const { time, at } = this.#streamed ?? { time: this.#time, at: this.#statedAt };
    return time === null ? null : time + Math.max(0, elapsed - at);
  }

  /** The exchange states its clock; `elapsed` is monotonic local time, ms. Returns false if it cannot be true. */
  stated(time: number, elapsed: number): boolean {
    if (runsAhead({ time: this.#time ?? time, at: this.#statedAt }, time, elapsed)) {
      if (!this.#confirmsDoubted(time, elapsed)) return false;
    }
    this.#doubted = undefined;
    if (this.#time === null || time > this.#time) this.#time = time;
    this.#statedAt = elapsed;
    return true;
  }

  /** A frame that brings everything that was sent before it states the clock. */
  streamedAt(time: number, elapsed: number): void {
    this.#streamed = { time: Math.max(time, this.#streamed?.time ?? time), at: elapsed };
  }

  /** Whether a trade of this time may be real. */
  admits(time: number): boolean {
    return this.#time === null || time <= this.#time + futureAllowance;
  }

  #confirmsDoubted(time: number, elapsed: number): boolean {
    const last = this.#doubted;
    const agrees = last !== undefined && time >= last.time - jumpAllowance && !runsAhead(last, time, elapsed);
    const since = agrees ? last.since : elapsed;
    this.#doubted = { time, at: elapsed, since };
    return elapsed - since >= probation;
  }
}

function runsAhead(last: Statement, time: number, elapsed: number): boolean {
  return time - last.time > elapsed - last.at + jumpAllowance;
}
