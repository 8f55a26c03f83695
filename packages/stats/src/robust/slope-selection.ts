import type { Series } from '../input-error.ts';
import { sortByKey } from './inversions.ts';
import { select } from './select.ts';

/** A bound on slopes with the order in which the points lie along it, and how many slopes are below. */
interface Bound {
  /** Points by ascending y - theta x. */
  order: Int32Array;
  below: number;
}

/** Slopes drawn per round. */
const SAMPLE = 2048;
/** A bracket with this many slopes per point is listed. */
const LISTED_PER_POINT = 6;
/** Thetas tried, each in O(n log n), before a round does without a bound. */
const ATTEMPTS = 4;
/** Rounds without much progress after which a bracket is listed whatever its size. */
const PATIENCE = 3;

/**
 * Picks order statistics of the slopes of all pairs of n points in O(n log n) time and O(n) memory, where listing all
 * n (n - 1) / 2 would take too long. The answers are the very doubles that listing and sorting would give.
 *
 * A slope is below theta if its pair changes order when points go by y - theta x instead of by x: so slopes below are
 * counted by merging. A sample of slopes inside a bracket narrows it until few are left, which are listed. Rounding
 * can only matter for pairs that lie closer along theta than the keys are exact; a theta at which there is such a
 * pair is never used. Where one value makes up a bracket (prices that mostly stand still) it is counted, not listed:
 * O(n^2) time then, little memory.
 * Matousek (1991), Randomized optimal algorithm for slope selection; Blunck and Vahrenhold (2006).
 */
export class SlopeSelection {
  /** Number of slopes: pairs of different x. */
  readonly count: number;
  private readonly y: Float64Array;
  private readonly x: Float64Array;
  private readonly rangeY: number;
  private readonly rangeX: number;
  private readonly first: Bound;
  private readonly last: Bound;
  private random = 1;

  constructor(y: Series, x: Series, n: number) {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    order.sort((i, j) => (x[i] as number) - (x[j] as number) || (y[i] as number) - (y[j] as number));
    this.y = Float64Array.from(order, (i) => y[i] as number);
    this.x = Float64Array.from(order, (i) => x[i] as number);
    this.rangeX = (this.x[n - 1] as number) - (this.x[0] as number);
    let least = Infinity;
    let largest = -Infinity;
    for (let i = 0; i < n; i++) {
      least = Math.min(least, this.y[i] as number);
      largest = Math.max(largest, this.y[i] as number);
    }
    this.rangeY = largest - least;
    this.first = { order: Int32Array.from({ length: n }, (_, i) => i), below: 0 };
    const ids = this.first.order.slice();
    this.count = sortByKey(
      this.x.map((value) => -value),
      ids,
    );
    this.last = { order: ids, below: this.count };
  }

  /** The k-th smallest slope, k from 0. */
  select(k: number): number {
    let low = this.first;
    let high = this.last;
    let stalled = 0;
    while (high.below - low.below > LISTED_PER_POINT * this.x.length && stalled < PATIENCE) {
      const before = high.below - low.below;
      const sample = this.draw(low, high).sort();
      const share = (k - low.below) / before;
      const middle = share * sample.length;
      const margin = 3 * Math.sqrt(sample.length * share * (1 - share)) + 2;
      const ends = [Math.floor(middle - margin), Math.ceil(middle + margin)] as const;
      for (const bound of [this.boundNear(sample, ends[0], -1), this.boundNear(sample, ends[1], 1)]) {
        if (bound === null) continue;
        if (bound.below <= k) {
          if (bound.below > low.below) low = bound;
        } else if (bound.below < high.below) high = bound;
      }
      stalled = high.below - low.below > 0.8 * before ? stalled + 1 : 0;
    }
    return this.pick(low, high, k - low.below);
  }

  private slope(i: number, j: number): number {
    const run = (this.x[i] as number) - (this.x[j] as number);
    return ((this.y[i] as number) - (this.y[j] as number)) / run;
  }

  /** Calls back for the pairs with a slope in the bracket, all or those with the given numbers. */
  private visit(
    low: Bound,
    high: Bound,
    call: (i: number, j: number) => void,
    ordinals?: Float64Array,
  ): void {
    const n = this.x.length;
    const rank = new Float64Array(n);
    for (let i = 0; i < n; i++) rank[high.order[i] as number] = i;
    const ids = low.order.slice();
    sortByKey(
      Float64Array.from(ids, (id) => rank[id] as number),
      ids,
      call,
      ordinals,
    );
  }

  /** Slopes from the bracket, drawn with replacement. */
  private draw(low: Bound, high: Bound): Float64Array {
    const size = high.below - low.below;
    const ordinals = new Float64Array(SAMPLE);
    for (let i = 0; i < SAMPLE; i++) ordinals[i] = Math.floor(this.nextRandom() * size);
    ordinals.sort();
    const sample = new Float64Array(SAMPLE);
    let drawn = 0;
    this.visit(
      low,
      high,
      (i, j) => {
        sample[drawn++] = this.slope(i, j);
      },
      ordinals,
    );
    return sample;
  }

  /** The first bound possible between neighbours of the sample, from `position` on, by steps of 1 or -1. */
  private boundNear(sample: Float64Array, position: number, step: 1 | -1): Bound | null {
    let attempts = 0;
    for (let i = position; i > 0 && i < sample.length && attempts < ATTEMPTS; i += step) {
      const theta = (sample[i - 1] as number) / 2 + (sample[i] as number) / 2;
      if (!((sample[i - 1] as number) < theta && theta < (sample[i] as number))) continue;
      const bound = this.boundAt(theta);
      if (bound !== null) return bound;
      attempts++;
    }
    return null;
  }

  /** Null if rounding could decide the order of a pair along this slope. */
  private boundAt(theta: number): Bound | null {
    // Among the smallest numbers quotients lose digits, so that a slope above theta may round to one below.
    if (!(Math.abs(theta) > 1e-290 && Math.abs(theta) < Infinity)) return null;
    const { x, y } = this;
    const n = x.length;
    // Keys relative to a point round at the size of the differences, not of the prices.
    const originX = x[n >> 1] as number;
    const originY = y[n >> 1] as number;
    const keys = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      keys[i] = (y[i] as number) - originY - theta * ((x[i] as number) - originX);
    }
    const order = this.first.order.slice();
    const below = sortByKey(keys, order);
    const doubt = 8 * Number.EPSILON * (this.rangeY + Math.abs(theta) * this.rangeX) + 8 * Number.MIN_VALUE;
    for (let i = 1; i < n; i++) {
      if ((keys[i] as number) - (keys[i - 1] as number) > doubt) continue;
      // Points of the same x have no slope, and no theta parts them.
      if (x[order[i] as number] !== x[order[i - 1] as number]) return null;
    }
    return { order, below };
  }

  /** Lists the bracket, but for the value that is commonest in it, and picks. */
  private pick(low: Bound, high: Bound, k: number): number {
    const size = high.below - low.below;
    const common = size > LISTED_PER_POINT * this.x.length ? commonest(this.draw(low, high)) : Number.NaN;
    let listed = new Float64Array(Math.min(size, 2 * LISTED_PER_POINT * this.x.length));
    let others = 0;
    let equal = 0;
    let less = 0;
    this.visit(low, high, (i, j) => {
      const slope = this.slope(i, j);
      if (slope === common) {
        equal++;
        return;
      }
      if (slope < common) less++;
      if (others === listed.length) {
        const longer = new Float64Array(2 * others);
        longer.set(listed);
        listed = longer;
      }
      listed[others++] = slope;
    });
    if (k < less || equal === 0) return select(listed, k, 0, others);
    return k < less + equal ? common : select(listed, k - equal, 0, others);
  }

  /** A linear congruential generator (Numerical Recipes): the sample decides the time, never the answer. */
  private nextRandom(): number {
    this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
    return this.random / 4294967296;
  }
}

/** The value that a sample holds most often. */
function commonest(sample: Float64Array): number {
  const sorted = sample.slice().sort();
  let best = sorted[0] as number;
  let most = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start > most) {
      most = end - start;
      best = sorted[start] as number;
    }
    start = end;
  }
  return best;
}
