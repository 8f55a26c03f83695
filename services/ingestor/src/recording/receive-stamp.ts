/** The monotonic clock is finer than the wall clock, and drifts from it: beyond this difference it is set anew, ns. */
const mostDrift = 2_000_000n;

/** Receive times in ns since the epoch that never go back, from a wall clock in ms and a monotonic clock in ns. */
export class ReceiveStamp {
  #offset: bigint | undefined;
  #last = 0n;

  stamp(wallMs: number, monotonicNs: bigint): bigint {
    const wall = BigInt(wallMs) * 1_000_000n;
    const estimate = monotonicNs + (this.#offset ?? 0n);
    const drift = estimate - wall;
    // Within its millisecond the wall clock says nothing: an estimate up to there is as good as the wall clock, and finer.
    if (this.#offset === undefined || drift < -mostDrift || drift > mostDrift)
      this.#offset = wall - monotonicNs;
    const stamp = monotonicNs + this.#offset;
    if (stamp > this.#last) this.#last = stamp;
    return this.#last;
  }
}
