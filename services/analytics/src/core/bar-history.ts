import { type Bar, isUsable, supersedes } from '@tandem/common';
import { logReturn } from '@tandem/stats';

/** What is held of a slot, in `BarHistory.states`. */
export const slotState = { unknown: 0, unusable: 1, usable: 2 } as const;
const { unknown, unusable, usable } = slotState;

/** What became of a bar that was handed in. `old`: it lies before all that is kept. */
export type Applied = 'changed' | 'same' | 'stale' | 'old';

/**
 * The newest bars of one instrument and interval, by slot number (open time / interval), in rings of typed arrays.
 *
 * Keeps what estimators need: the close, its log, the log return from the slot before, and whether the bar may be
 * used. Bounded: a bar older than `capacity` slots before the newest is not taken.
 */
export class BarHistory {
  readonly step: number;
  readonly capacity: number;
  /** Slot of the newest bar; -1 before the first. */
  head = -1;
  /** Slot of the first bar ever known, kept or not; -1 before the first. */
  first = -1;
  /** Indexed by slot modulo capacity. NaN: no price. Read-only outside. */
  readonly closes: Float64Array;
  readonly logs: Float64Array;
  /** ln(close / close of the slot before); NaN unless both bars are usable. */
  readonly returns: Float64Array;
  readonly states: Uint8Array;
  /** 1: nobody traded in this bar. */
  readonly empties: Uint8Array;
  readonly #revisions: Float64Array;

  constructor(step: number, capacity: number) {
    this.step = step;
    this.capacity = capacity;
    this.closes = new Float64Array(capacity).fill(Number.NaN);
    this.logs = new Float64Array(capacity).fill(Number.NaN);
    this.returns = new Float64Array(capacity).fill(Number.NaN);
    this.states = new Uint8Array(capacity);
    this.empties = new Uint8Array(capacity);
    this.#revisions = new Float64Array(capacity);
  }

  /** Oldest slot that the rings reach back to. */
  get oldest(): number {
    return this.head - this.capacity + 1;
  }

  /** Whether any version of the slot's bar is held. */
  knows(slot: number): boolean {
    return this.#held(slot) && this.states[slot % this.capacity] !== unknown;
  }

  /** Whether the slot's bar may enter an estimator. */
  isUsable(slot: number): boolean {
    return this.#held(slot) && this.states[slot % this.capacity] === usable;
  }

  /** States that bars exist since `time`, though older ones than the rings reach need not be handed in. */
  knownSince(time: number): void {
    const slot = Math.floor(time / this.step);
    if (this.first < 0 || slot < this.first) this.first = slot;
  }

  /** Takes a version of a bar. `changed` only if something that an estimator sees is different now. */
  apply(bar: Pick<Bar, 'time' | 'close' | 'complete' | 'gap' | 'revision' | 'trades'>): Applied {
    const slot = Math.floor(bar.time / this.step);
    if (this.head >= 0 && slot < this.oldest) return 'old';
    if (slot > this.head) this.#advance(slot);
    const index = slot % this.capacity;
    const held = this.states[index];
    if (held !== unknown && !supersedes(bar, { revision: this.#revisions[index] as number })) return 'stale';
    const state = isUsable(bar) ? usable : unusable;
    const close = bar.close ?? Number.NaN;
    const empty = bar.trades === 0 ? 1 : 0;
    this.#revisions[index] = bar.revision;
    if (held === state && Object.is(this.closes[index], close) && this.empties[index] === empty)
      return 'same';
    this.states[index] = state;
    this.empties[index] = empty;
    this.closes[index] = close;
    this.logs[index] = Math.log(close);
    this.knownSince(bar.time);
    this.#relink(slot);
    if (slot < this.head) this.#relink(slot + 1);
    return 'changed';
  }

  #held(slot: number): boolean {
    return slot >= 0 && slot <= this.head && slot >= this.oldest;
  }

  /** The return into `slot`: none across a hole. */
  #relink(slot: number): void {
    const index = slot % this.capacity;
    const previous = (slot - 1 + this.capacity) % this.capacity;
    this.returns[index] =
      this.isUsable(slot) && this.isUsable(slot - 1)
        ? logReturn(this.closes[previous] as number, this.closes[index] as number)
        : Number.NaN;
  }

  /** Moves the head to `slot`, forgetting what falls out of the rings. */
  #advance(slot: number): void {
    const cleared = Math.min(slot - this.head, this.capacity);
    for (let i = 0; i < cleared; i++) {
      const index = (slot - i) % this.capacity;
      this.states[index] = unknown;
      this.empties[index] = 0;
      this.closes[index] = Number.NaN;
      this.logs[index] = Number.NaN;
      this.returns[index] = Number.NaN;
      this.#revisions[index] = 0;
    }
    this.head = slot;
  }
}

/** Slots to keep: a day or 2,000 bars (the venue's own history), whichever is more, and what estimators reach back before them. */
export function capacityFor(step: number, reach: number): number {
  return Math.max(Math.ceil(86_400_000 / step), 2_000) + reach;
}
