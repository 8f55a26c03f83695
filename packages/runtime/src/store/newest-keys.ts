/** How many identities are remembered per table before all are forgotten. */
const most = 20_000;

/**
 * Knows of some rows that they cannot be stored yet, so that they need not be looked for: those of a time from which on
 * every row has been written through here, and that are not among these. It is never wrong about that; of rows that it
 * has forgotten, or that came before it, it knows nothing.
 */
export class NewestKeys {
  readonly #most: number;
  readonly #identities = new Set<string>();
  /** Every row of this time or later is in `#identities`; undefined: every row there is. */
  #from: bigint | undefined;
  #latest: bigint | undefined;

  /** `newest` is the time of the newest row that is stored already; null if there is none. */
  constructor(newest: bigint | null, mostIdentities = most) {
    this.#most = mostIdentities;
    if (newest === null) return;
    this.#from = newest + 1n;
    this.#latest = newest;
  }

  /** Whether no row of these identities, the earliest of which is of this time, can be stored. */
  areNew(earliest: bigint, identities: Iterable<string>): boolean {
    if (this.#from !== undefined && earliest < this.#from) return false;
    for (const identity of identities) if (this.#identities.has(identity)) return false;
    return true;
  }

  /** Takes note of rows, the latest of which is of this time, before they are written, whether they then are or not. */
  add(latest: bigint, identities: Iterable<string>): void {
    if (this.#latest === undefined || latest > this.#latest) this.#latest = latest;
    for (const identity of identities) this.#identities.add(identity);
    if (this.#identities.size <= this.#most) return;
    this.#identities.clear();
    this.#from = this.#latest + 1n;
  }
}
