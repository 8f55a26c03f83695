/** Trades may reach us a little out of time order: a heartbeat keeps this far behind the exchange's clock, ms. */
export const stragglerAllowance = 1_000;

/** A stream that trades all the time is suspect after this much silence, ms; a quiet one is asked about at most this rarely. */
const shortestHabit = 2_000;
const longestHabit = 10_000;
/** Silence beyond this many times the usual interval between trades is beyond habit. */
const habitFactor = 10;
/** Weight of the newest interval in the habit. */
const habitWeight = 0.05;

/**
 * Whether an instrument's own stream is alive, and so how far its watermark may go without a trade. All times are
 * the exchange's, ms: no local clock can move a bar.
 */
export class Liveness {
  #watermark: number | null;
  #usualInterval: number | null = null;
  #lastTrade: number | null = null;
  /** When the stream was last known to have missed nothing; null on a connection that has not yet proven itself. */
  #aliveAt: number | null = null;

  constructor(watermark: number | null) {
    this.#watermark = watermark;
  }

  /** Every trade with an earlier time has been published; null before the first. */
  get watermark(): number | null {
    return this.#watermark;
  }

  get proven(): boolean {
    return this.#aliveAt !== null;
  }

  /** How long this instrument may be silent before it must be asked about, ms. */
  get habit(): number {
    const usual = this.#usualInterval ?? 0;
    return Math.min(longestHabit, Math.max(shortestHabit, habitFactor * usual));
  }

  /** A trade arrived in order on the live stream; `clock` is the exchange's time when it was sent. */
  traded(time: number, clock: number): void {
    if (this.#lastTrade !== null && time >= this.#lastTrade) {
      const interval = time - this.#lastTrade;
      this.#usualInterval =
        this.#usualInterval === null
          ? interval
          : this.#usualInterval + habitWeight * (interval - this.#usualInterval);
    }
    this.#lastTrade = Math.max(this.#lastTrade ?? time, time);
    this.heard(clock);
  }

  /** A print that is no trade arrived in order. */
  heard(clock: number): void {
    this.#aliveAt = Math.max(this.#aliveAt ?? clock, clock);
  }

  /** The venue's newest id is one that we have: nothing was missed before `clock`. */
  confirmed(clock: number): void {
    this.heard(clock);
    this.#advance(clock - stragglerAllowance);
  }

  /** The connection is new or lost: what was known of it no longer counts. */
  disconnected(): void {
    this.#aliveAt = null;
  }

  /** A published trade moves the watermark to its own time. */
  published(time: number): void {
    if (this.#watermark === null || time > this.#watermark) this.#watermark = time;
  }

  /** The exchange stated its clock: the watermark follows it while the stream is within its habit. */
  ticked(clock: number): void {
    if (!this.suspect(clock)) this.#advance(clock - stragglerAllowance);
  }

  /** Whether the stream is silent beyond its habit, or not yet proven: only the venue's history can tell. */
  suspect(clock: number): boolean {
    return this.#aliveAt === null || clock - this.#aliveAt > this.habit;
  }

  #advance(time: number): void {
    // Before the first trade there is nothing that a watermark could be about.
    if (this.#watermark !== null && time > this.#watermark) this.#watermark = time;
  }
}
