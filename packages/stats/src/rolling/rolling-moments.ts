import { InputError } from '../input-error.ts';
import { LEAST_SUM } from '../sums-of-squares.ts';
import { SlidingSums } from './sliding-sums.ts';
import { requireWindow, type WindowOptions } from './window-options.ts';

export interface RollingMomentsOptions extends WindowOptions {
  /** Divisor of the variance is n - ddof: 1 as in pandas (the default), 0 as in most technical-analysis packages. */
  ddof?: number | undefined;
  /**
   * Measures each row against the window before it instead of the window that ends with it. In the latter |z| cannot
   * exceed (n - 1) / sqrt(n), however far the newest row has jumped.
   */
  lagged?: boolean | undefined;
}

/**
 * Mean, standard deviation and z-score of a sliding window, O(1) a row, as pandas `rolling(window).mean()` and
 * `.std(ddof)` mean them, without their drift.
 *
 * z = (v - mean) / deviation; NaN where the deviation is 0. NaN rows take their place and are left out. All numbers
 * are NaN until `minPeriods` rows of the window are known, and the deviation where squares leave the range of
 * doubles. After the push of row t, whose newest index divisible by the window is r, the numbers are the same to the
 * last bit for every `first` <= r - window + 1 (the lagged ones from r + 1 on). Raises `InvalidParameter`, and
 * `NonFinite` for an infinite row.
 */
export class RollingMoments {
  /** Known rows in the window. */
  n = 0;
  mean = Number.NaN;
  deviation = Number.NaN;
  z = Number.NaN;
  readonly #sums: SlidingSums;
  readonly #ddof: number;
  readonly #lagged: boolean;

  constructor(window: number, first = 0, options: RollingMomentsOptions = {}) {
    const { minPeriods = window, ddof = 1, lagged = false } = options;
    requireWindow('RollingMoments', window, first, minPeriods, 1);
    if (!Number.isSafeInteger(ddof) || ddof < 0 || ddof >= window) {
      throw new InputError(
        'InvalidParameter',
        `RollingMoments: ddof is ${ddof}; it must be a whole number from 0 to below the window, ${window}`,
      );
    }
    this.#sums = new SlidingSums('RollingMoments', window, first, minPeriods);
    this.#ddof = ddof;
    this.#lagged = lagged;
  }

  /** Takes the next row; NaN if it is missing. */
  push(value: number): void {
    const sums = this.#sums;
    if (this.#lagged) this.#read(value);
    sums.push(value);
    if (!this.#lagged) this.#read(value);
  }

  #read(value: number): void {
    const sums = this.#sums;
    const { squares } = sums;
    const freedom = sums.n - this.#ddof;
    this.n = sums.n;
    this.mean = sums.mean;
    const sound = sums.constant || (squares >= LEAST_SUM && squares < Infinity);
    this.deviation = freedom > 0 && sound ? Math.sqrt(squares / freedom) : Number.NaN;
    this.z = this.deviation > 0 ? sums.distanceOf(value) / this.deviation : Number.NaN;
  }
}
