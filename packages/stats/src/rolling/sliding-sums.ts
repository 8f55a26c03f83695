import { infiniteRow } from './window-options.ts';

/**
 * How far a sum of squares may have stood above its present centred value before it is made anew: what it was rounded
 * at then is what it is wrong by now.
 */
const wear = 64;

/**
 * Whether a sum of `n` squares has been so much larger (`peak`) than what is read off it (`centred`) that its rounding
 * would show. Not where the rows differ by no more than `grain`, the last bits of their values: those add up exactly.
 */
export function isWorn(peak: number, centred: number, n: number, grain: number): boolean {
  return !(peak <= wear * Math.max(centred, n * grain * grain));
}

/** The last bits of values at a level. */
export function grainOf(level: number): number {
  return 4 * Number.EPSILON * Math.abs(level);
}

/**
 * Mean and centred sum of squares of the newest `window` rows, O(1) a row and without drift.
 *
 * Sums of d = v - K are kept, K being about the window's mean. They are made anew, from the rows themselves and
 * about a new K:
 *
 * - at every index that the period divides. Rounding then never outlives a period, and from there on the numbers
 *   depend on nothing older than the window of that index: whoever starts pushing `window - 1` rows before it has
 *   the same numbers to the last bit;
 * - when the sums are worn: they have been so much larger (an outlier that has left, a K far away) that their
 *   rounding would show. That is decided from the sums alone, so it does not break the sameness.
 *
 * NaN rows take their place in the window and are left out.
 */
export class SlidingSums {
  /** Known rows in the window. */
  n = 0;
  /** NaN before `least` rows are known, as all numbers here. */
  mean = Number.NaN;
  /** sum (v - mean)^2. */
  squares = Number.NaN;
  /** Whether all known values are the same. */
  constant = false;
  /** Index of the row to be pushed next. */
  index: number;
  /** How often the sums have been made anew. */
  rebuilds = 0;
  readonly #method: string;
  readonly #least: number;
  readonly #period: number;
  readonly #values: Float64Array;
  #slot: number;
  /** Rows until the index that the period divides. */
  #due: number;
  #origin = Number.NaN;
  #sum = Number.NaN;
  #squares = Number.NaN;
  #peak = Number.NaN;
  #last = Number.NaN;
  /** Known rows, up to the newest, that have the newest value. */
  #run = 0;

  constructor(method: string, window: number, first: number, least: number) {
    this.#method = method;
    this.#least = least;
    this.#period = window;
    this.#values = new Float64Array(window).fill(Number.NaN);
    this.index = first;
    this.#slot = first % window;
    this.#due = (window - (first % window)) % window;
    this.#clear();
  }

  /** Takes the next row; NaN if it is missing. Raises `NonFinite`, and then has not taken it. */
  push(value: number): void {
    if (Math.abs(value) === Infinity) infiniteRow(this.#method, this.index);
    this.#slide(value);
    if (this.n < this.#least) {
      this.constant = false;
      this.mean = Number.NaN;
      this.squares = Number.NaN;
      return;
    }
    this.constant = this.#run >= this.n;
    this.#settle();
    if (!this.constant && isWorn(this.#peak, this.squares, this.n, grainOf(this.mean))) {
      this.#rebuild();
      this.#settle();
    }
  }

  /** How far a value lies above the window's mean, with the digits that the mean itself has lost. */
  distanceOf(value: number): number {
    return this.constant ? value - this.#last : value - this.#origin - this.#sum / this.n;
  }

  /** Lets the row in, and the oldest out. */
  #slide(value: number): void {
    const values = this.#values;
    const slot = this.#slot;
    const old = values[slot] as number;
    values[slot] = value;
    this.#slot = slot + 1 === values.length ? 0 : slot + 1;
    this.index++;
    let gone = 0;
    let come = 0;
    if (!Number.isNaN(old)) {
      gone = old - this.#origin;
      this.n--;
    }
    if (!Number.isNaN(value)) {
      come = value - this.#origin;
      this.n++;
      this.#run = value === this.#last ? this.#run + 1 : 1;
      this.#last = value;
    }
    // The first known row after none: there is no origin yet.
    const lost = Number.isNaN(come);
    const due = this.#due === 0;
    this.#due = (due ? this.#period : this.#due) - 1;
    if (due || lost) {
      this.#rebuild();
      return;
    }
    this.#sum += come - gone;
    this.#squares += come * come - gone * gone;
    if (!(this.#squares <= this.#peak)) this.#peak = this.#squares;
  }

  #settle(): void {
    const rest = this.#sum / this.n;
    this.mean = this.constant ? this.#last : this.#origin + rest;
    this.squares = this.constant ? 0 : this.#squares - this.#sum * rest;
  }

  #clear(): void {
    this.#origin = Number.NaN;
    this.#sum = 0;
    this.#squares = 0;
    this.#peak = 0;
  }

  /** Makes the sums anew, in the order of the ring, which the index fixes. */
  #rebuild(): void {
    const values = this.#values;
    const { length } = values;
    const n = this.n;
    this.rebuilds++;
    if (n === 0) {
      this.#clear();
      return;
    }
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const v = values[i] as number;
      if (!Number.isNaN(v)) sum += v;
    }
    const rough = sum / n;
    sum = 0;
    for (let i = 0; i < length; i++) {
      const v = values[i] as number;
      if (!Number.isNaN(v)) sum += v - rough;
    }
    const origin = rough + sum / n;
    sum = 0;
    let squares = 0;
    for (let i = 0; i < length; i++) {
      const v = values[i] as number;
      if (Number.isNaN(v)) continue;
      const d = v - origin;
      sum += d;
      squares += d * d;
    }
    this.#origin = origin;
    this.#sum = sum;
    this.#squares = squares;
    this.#peak = squares;
  }
}
