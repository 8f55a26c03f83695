import { correlationFrom, RollingOls } from './rolling-ols.ts';
import { SlidingPairSums } from './sliding-pair-sums.ts';
import { infiniteRow, requireWindow, type WindowOptions } from './window-options.ts';

export interface StudyWindowOptions extends WindowOptions {
  /** Least known pairs of returns; as `minPeriods`, but at most all `window - 1`, unless said otherwise. */
  minReturns?: number | undefined;
}

/**
 * All that a pair's study reads of one window, O(1) a bar: hedge ratio, spread, z and correlation of the levels
 * (`ols`), and the correlation of the returns within the window.
 *
 * A window of w levels holds w - 1 returns: the one into its first bar starts outside it. After the push of row t,
 * whose newest index divisible by w is r, all numbers are the same to the last bit for every `first` <= r - w + 1.
 * Raises `InvalidParameter`, and `NonFinite` for an infinite row.
 */
export class StudyWindow {
  readonly ols: RollingOls;
  /** Known pairs of returns. */
  returns = 0;
  /** NaN until `minReturns` pairs are known, and where either leg has not moved. */
  returnCorrelation = Number.NaN;
  readonly #sums: SlidingPairSums;

  constructor(window: number, first = 0, options: StudyWindowOptions = {}) {
    const { minPeriods = window, minReturns = Math.min(minPeriods, window - 1) } = options;
    this.ols = new RollingOls(window, first, { minPeriods });
    requireWindow('StudyWindow', window - 1, first, minReturns, 2);
    this.#sums = new SlidingPairSums('StudyWindow', window - 1, first, minReturns, window);
  }

  /** Takes the next bar: the levels, and the returns from the bar before; NaN for what is missing. */
  push(y: number, x: number, returnY: number, returnX: number): void {
    const sums = this.#sums;
    // Before either part has taken its half of the row.
    if (Math.abs(returnY) === Infinity || Math.abs(returnX) === Infinity) {
      infiniteRow('StudyWindow', sums.index);
    }
    this.ols.push(y, x);
    sums.push(returnY, returnX);
    this.returns = sums.n;
    this.returnCorrelation = correlationFrom(sums);
  }
}
