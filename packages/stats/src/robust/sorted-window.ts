import { midpoint } from './select.ts';

/** The values of a window in ascending order, for its median: O(log n) comparisons and one block move per change. */
export class SortedWindow {
  /** Values held. */
  n = 0;
  readonly #values: Float64Array;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  /** The middle value, or the mean of the middle two; NaN when empty. */
  get median(): number {
    const { n } = this;
    if (n === 0) return Number.NaN;
    const upper = this.#values[n >> 1] as number;
    return n % 2 === 1 ? upper : midpoint(this.#values[(n >> 1) - 1] as number, upper);
  }

  /** Adds a value, which must not be NaN; there must be room. */
  add(value: number): void {
    const place = this.#placeOf(value);
    this.#values.copyWithin(place + 1, place, this.n);
    this.#values[place] = value;
    this.n++;
  }

  /** Takes out one value that was added before. */
  remove(value: number): void {
    const place = this.#placeOf(value);
    if (this.#values[place] !== value) throw new Error(`SortedWindow: ${value} is not in the window`);
    this.#values.copyWithin(place, place + 1, this.n);
    this.n--;
  }

  /** The first place whose value is not smaller. */
  #placeOf(value: number): number {
    let low = 0;
    let high = this.n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#values[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
