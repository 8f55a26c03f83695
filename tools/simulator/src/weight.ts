/** How the venue answers a request that its budget does not cover. */
export type Verdict =
  | { readonly status: 200; readonly used: number }
  | {
      readonly status: 429 | 418;
      readonly used: number;
      readonly retryAfter: number;
      readonly bannedUntil: number;
    };

/** The request weight of one minute; going on after 429 leads to a ban (418). */
export class WeightBudget {
  readonly #limit: number;
  readonly #patience: number;
  readonly #banMs: number;
  #minute = -1;
  #used = 0;
  #refused = 0;
  #bannedUntil = 0;

  constructor(limit: number, patience: number, banMs: number) {
    this.#limit = limit;
    this.#patience = patience;
    this.#banMs = banMs;
  }

  /** The weight used in the minute of `now` (wall clock). */
  used(now: number): number {
    return Math.floor(now / 60_000) === this.#minute ? this.#used : 0;
  }

  /** Books a request of this weight at this moment. */
  take(weight: number, now: number): Verdict {
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#used = 0;
      this.#refused = 0;
    }
    if (now < this.#bannedUntil) return this.#refuse(418, this.#bannedUntil - now);
    this.#used += weight;
    if (this.#used <= this.#limit) return { status: 200, used: this.#used };
    this.#refused += 1;
    if (this.#refused <= this.#patience) return this.#refuse(429, (minute + 1) * 60_000 - now);
    this.#bannedUntil = now + this.#banMs;
    return this.#refuse(418, this.#banMs);
  }

  #refuse(status: 429 | 418, wait: number): Verdict {
    return { status, used: this.#used, retryAfter: Math.ceil(wait / 1000), bannedUntil: this.#bannedUntil };
  }
}
