/** The newest `size` rows' values in order, so that their terciles can be read off. A row without a value (NaN) takes its place. */
export class SlidingTerciles {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  readonly #least: number;
  #count = 0;
  #next = 0;

  constructor(size: number, least: number) {
    this.#ring = new Float64Array(size).fill(Number.NaN);
    this.#sorted = new Float64Array(size);
    this.#least = least;
  }

  /** The values below which a third and two thirds of what was taken in lie; undefined while that is too little. */
  terciles(): [lower: number, upper: number] | undefined {
    if (this.#count < this.#least) return undefined;
    return [this.#at((this.#count - 1) / 3), this.#at((2 * (this.#count - 1)) / 3)];
  }

  /** Takes in the next row's value; the oldest row's goes. */
  push(value: number): void {
    const sorted = this.#sorted;
    const old = this.#ring[this.#next] as number;
    if (!Number.isNaN(old)) {
      const place = this.#place(old);
      sorted.copyWithin(place, place + 1, this.#count);
      this.#count--;
    }
    if (!Number.isNaN(value)) {
      const place = this.#place(value);
      sorted.copyWithin(place + 1, place, this.#count);
      sorted[place] = value;
      this.#count++;
    }
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
  }

  /** Index of the first value that is not smaller. */
  #place(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The value at a fractional rank. */
  #at(rank: number): number {
    const below = Math.floor(rank);
    const low = this.#sorted[below] as number;
    const high = this.#sorted[Math.min(below + 1, this.#count - 1)] as number;
    return low + (rank - below) * (high - low);
  }
}
