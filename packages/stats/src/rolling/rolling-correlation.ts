import { correlationFrom } from './rolling-ols.ts';
import { SlidingPairSums } from './sliding-pair-sums.ts';
import { requireWindow, type WindowOptions } from './window-options.ts';

/**
 * Pearson's correlation over a sliding window, O(1) a row, clamped to [-1, 1].
 *
 * Push log returns: the correlation of the price levels of two unrelated random walks is large by chance. NaN
 * until `minPeriods` pairs of the window are known, and where either series does not vary. Restarts as `RollingOls`
 * does. Raises `InvalidParameter`, and `NonFinite` for an infinite row. Reference: pandas `rolling(window).corr`.
 */
export class RollingCorrelation {
  /** Known pairs in the window. */
  n = 0;
  r = Number.NaN;
  readonly #sums: SlidingPairSums;

  constructor(window: number, first = 0, { minPeriods = window }: WindowOptions = {}) {
    requireWindow('RollingCorrelation', window, first, minPeriods, 2);
    this.#sums = new SlidingPairSums('RollingCorrelation', window, first, minPeriods);
  }

  /** Takes the next pair; NaN for what is missing. */
  push(a: number, b: number): void {
    this.#sums.push(a, b);
    this.n = this.#sums.n;
    this.r = correlationFrom(this.#sums);
  }
}
