import { generator, hash, uniform } from './random.ts';

/** The market is made in blocks of this many ms; windows of aggregation never cross their edges. */
export const blockMs = 10_000;

/** Prints per taker order, on average. */
const meanSize = 1.8;
const group = 16;

/**
 * How ids grow: the first id of any block is known without the blocks before it, because the count up to
 * a block is a straight line plus a bounded, seeded wobble that never lets it fall.
 */
export class MarketIds {
  readonly #seed: number;
  readonly #lane: number;
  readonly #ordersPerBlock: number;

  readonly #wobble: number;

  constructor(seed: number, lane: number, rate: number, steady = false) {
    // Busy and calm blocks, unless the rate is to be held for a measurement.
    this.#wobble = steady ? 0.01 : 0.8;
    this.#seed = seed;
    this.#lane = 1000 + lane * 4;
    this.#ordersPerBlock = (rate * blockMs) / 1000 / meanSize;
  }

  /** The id of the first taker order in a block: the aggregate id `a`. */
  firstOrder(block: number): number {
    const wobble = this.#wobble * uniform(this.#seed, this.#lane, block);
    return Math.floor(this.#ordersPerBlock * (block + wobble)) + 1;
  }

  /** The id of the first print of an order: the fill id `t`. */
  firstPrint(order: number): number {
    const index = Math.floor(order / group);
    const sizes = this.sizes(index);
    let id = this.#groupStart(index);
    for (let member = 0; member < order - index * group; member++) id += sizes[member]!;
    return id;
  }

  /** How many prints each order of a group has: mostly one, now and then a sweep. */
  sizes(index: number): readonly number[] {
    const sizes = new Array<number>(group).fill(1);
    let excess = this.#groupStart(index + 1) - this.#groupStart(index) - group;
    const next = generator(hash(this.#seed, this.#lane + 1, index));
    while (excess > 0) {
      const chunk = Math.min(excess, 1 + Math.floor(next() ** 3 * 12));
      const member = Math.floor(next() * group);
      sizes[member] = sizes[member]! + chunk;
      excess -= chunk;
    }
    return sizes;
  }

  /** The block that holds an order. */
  blockOfOrder(order: number): number {
    return this.#search(order, order / this.#ordersPerBlock, (block) => this.firstOrder(block));
  }

  /** The block that holds a print. */
  blockOfPrint(print: number): number {
    const guess = print / meanSize / this.#ordersPerBlock;
    return this.#search(print, guess, (block) => this.firstPrint(this.firstOrder(block)));
  }

  /** Where each group of orders belongs: `size` prints from here. */
  static readonly groupSize = group;

  #groupStart(index: number): number {
    const wobble = (meanSize - 1) * uniform(this.#seed, this.#lane + 2, index);
    return Math.floor(group * (meanSize * index + wobble)) + 1;
  }

  #search(id: number, guess: number, first: (block: number) => number): number {
    let block = Math.max(0, Math.floor(guess));
    while (block > 0 && first(block) > id) block -= 1;
    while (first(block + 1) <= id) block += 1;
    return block;
  }
}
