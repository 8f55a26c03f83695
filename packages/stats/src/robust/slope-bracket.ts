import { midpoint, select } from './select.ts';
import { SlopeCells } from './slope-cells.ts';

/** Slopes drawn to place the bracket. */
const SAMPLE = 1024;
/** Slopes per row of the window that the bracket is to hold: it lasts the longer, the more it holds. */
const HELD_PER_ROW = 64;
/** Share of the slopes on either side of the median that it holds at most: the tails are long. */
const WIDEST = 0.2;
/** A median's cell with more slopes per row than this shows that the bracket no longer suits the slopes. */
const CROWDED_PER_ROW = 2;
/** Brackets tried for a rank: the last holds everything. */
const ATTEMPTS = 3;
const NONE = -1;

/** The slopes of a window, as the bracket asks for them when it must be placed anew. */
export interface SlopeSource {
  /** Rows that fit in the window. */
  readonly rows: number;
  /** Fills `slopes` with slopes of pairs drawn at random, and returns how many it found. */
  sample(slopes: Float64Array): number;
  /** Calls back for every pair, in blocks: the slopes of one row with `count` older ones, and their row numbers. */
  forEachBlock(call: (slopes: Float64Array, older: Float64Array, count: number) => void): void;
}

/**
 * The multiset of all slopes between two rows of a sliding window, of which only those in a bracket around the
 * median are kept, in `SlopeCells`; all others are only counted. So a step of the window costs a comparison or two
 * for each of the slopes that come and go, and the median a selection within one cell. When the median leaves the
 * bracket, it is placed anew, which is seldom. Slopes of 0 are counted apart, since prices that stand still make
 * very many of them.
 */
export class SlopeBracket {
  /** Slopes in the window. */
  total = 0;
  /** How often the bracket was placed. */
  placements = 0;
  #negative = 0;
  #zero = 0;
  /** Slopes other than 0 below the bracket. */
  #below = 0;
  /** Medians since the bracket was placed. */
  #age = 0;
  readonly #source: SlopeSource;
  readonly #cells: SlopeCells;
  /** The cell read last, and the place in it of the slope picked last, in front of which none is larger. */
  #scratch = new Float64Array(64);
  #place = NONE;

  constructor(source: SlopeSource) {
    this.#source = source;
    this.#cells = new SlopeCells(HELD_PER_ROW * source.rows);
  }

  /** Takes in the first `count` slopes; `older` has the number of the older row of each. */
  add(slopes: Float64Array, older: Float64Array, count: number): void {
    const cells = this.#cells;
    const { low, high } = cells;
    let negative = 0;
    let zero = 0;
    let below = 0;
    for (let i = 0; i < count; i++) {
      const slope = slopes[i] as number;
      if (slope === 0) {
        zero++;
        continue;
      }
      if (slope < 0) negative++;
      if (slope < low) below++;
      else if (slope < high) cells.insert(slope, older[i] as number);
    }
    this.total += count;
    this.#negative += negative;
    this.#zero += zero;
    this.#below += below;
  }

  /** Takes out the first `count` slopes, all of one row that leaves; rows before `oldest` have left then. */
  remove(slopes: Float64Array, count: number, oldest: number): void {
    const cells = this.#cells;
    const { low, high } = cells;
    let negative = 0;
    let zero = 0;
    let below = 0;
    for (let i = 0; i < count; i++) {
      const slope = slopes[i] as number;
      if (slope === 0) {
        zero++;
        continue;
      }
      if (slope < 0) negative++;
      if (slope < low) below++;
      else if (slope < high) cells.discount(slope);
    }
    this.total -= count;
    this.#negative -= negative;
    this.#zero -= zero;
    this.#below -= below;
    cells.oldest = oldest;
  }

  /** The median slope, or the mean of the middle two; NaN without slopes. */
  median(): number {
    const { total } = this;
    if (total === 0) return Number.NaN;
    this.#age++;
    const half = total >> 1;
    const upper = this.#ranked(half);
    return total % 2 === 1 ? upper : midpoint(this.#before(half), upper);
  }

  #isZero(rank: number): boolean {
    return rank >= this.#negative && rank < this.#negative + this.#zero;
  }

  /** The slope of this rank, from 0. */
  #ranked(rank: number): number {
    this.#place = NONE;
    if (this.#isZero(rank)) return 0;
    const cells = this.#cells;
    const rankOfOthers = rank < this.#negative ? rank : rank - this.#zero;
    for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
      const found = cells.find(rankOfOthers - this.#below);
      if (found && !(attempt === 0 && this.#isCrowded())) {
        if (this.#scratch.length < cells.count) this.#scratch = new Float64Array(2 * cells.count);
        cells.readInto(this.#scratch);
        this.#place = cells.place;
        return select(this.#scratch, cells.place, 0, cells.count);
      }
      this.#placeBracket(rankOfOthers, attempt);
    }
    // The last bracket holds all but quotients that overflowed upwards.
    return Infinity;
  }

  /** The slope of the rank before `rank`, which was asked for last. */
  #before(rank: number): number {
    if (this.#isZero(rank - 1)) return 0;
    if (this.#place <= 0) return this.#ranked(rank - 1);
    let largest = this.#scratch[0] as number;
    for (let i = 1; i < this.#place; i++) largest = Math.max(largest, this.#scratch[i] as number);
    return largest;
  }

  #isCrowded(): boolean {
    const { rows } = this.#source;
    // Where equal slopes crowd it, a new bracket would not help: so not at every step.
    return this.#cells.count > Math.max(256, CROWDED_PER_ROW * rows) && 4 * this.#age > rows;
  }

  /** Places the bracket around the slope of this rank among those other than 0, and fills it. */
  #placeBracket(rank: number, attempt: number): void {
    this.placements++;
    this.#age = 0;
    const { low, high } = this.#boundsAround(rank, attempt);
    const cells = this.#cells;
    cells.clear(low, high);
    this.#below = 0;
    this.#source.forEachBlock((slopes, older, count) => {
      let below = 0;
      for (let i = 0; i < count; i++) {
        const slope = slopes[i] as number;
        if (slope === 0) continue;
        if (slope < low) below++;
        else if (slope < high) cells.insert(slope, older[i] as number);
      }
      this.#below += below;
    });
  }

  /** Bounds from a sample; should they have missed the rank, wider ones; in the end none. */
  #boundsAround(rank: number, attempt: number): { low: number; high: number } {
    const all = { low: -Infinity, high: Infinity };
    if (attempt === ATTEMPTS - 1) return all;
    const drawn = new Float64Array(SAMPLE);
    const sample = drawn.subarray(0, this.#source.sample(drawn)).filter((slope) => slope !== 0);
    if (sample.length < 2) return all;
    sample.sort();
    const others = this.total - this.#zero;
    const reach = Math.min(WIDEST, (0.5 * HELD_PER_ROW * this.#source.rows) / others) * (1 + attempt);
    const last = sample.length - 1;
    let from = Math.max(0, Math.floor((rank / others - reach) * last));
    let to = Math.min(last, Math.ceil((rank / others + reach) * last));
    while (sample[from] === sample[to] && (from > 0 || to < last)) {
      from = Math.max(0, from - 1);
      to = Math.min(last, to + 1);
    }
    const bounds = { low: sample[from] as number, high: sample[to] as number };
    return bounds.low < bounds.high ? bounds : all;
  }
}
