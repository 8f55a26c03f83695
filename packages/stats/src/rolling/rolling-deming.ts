import type { InputCode } from '../input-error.ts';
import { demingFault, demingSlope } from '../regression/deming.ts';
import { requirePositive } from '../require-positive.ts';
import { faultOf } from './rolling-ols.ts';
import { SlidingPairSums } from './sliding-pair-sums.ts';
import { requireWindow, type WindowOptions } from './window-options.ts';

export interface RollingDemingOptions extends WindowOptions {
  /** Variance of the errors in y over that of the errors in x; 1, orthogonal regression, unless said otherwise. */
  delta?: number | undefined;
}

/**
 * Total least squares (Deming's regression) of y on x over a sliding window, O(1) a row.
 *
 * With q = Syy - delta Sxx, beta = (q + sqrt(q^2 + 4 delta Sxy^2)) / (2 Sxy), in the form that does not cancel;
 * alpha = mean(y) - beta mean(x). Unlike OLS it treats the legs alike: swapping them, with 1 / delta, gives 1 / beta.
 * With delta = 1 it is not scale invariant: give legs of one scale (log prices), or delta as the ratio of the
 * variances of the returns. All numbers are NaN until `minPeriods` rows are known, and where `fault` names why there
 * is no line (`ConstantSeries`: also where the legs do not vary together, Sxy = 0). Restarts as `RollingOls` does.
 * Raises `InvalidParameter`, and `NonFinite` for an infinite row.
 */
export class RollingDeming {
  /** Known rows in the window. */
  n = 0;
  alpha = Number.NaN;
  /** Units of y per unit of x. */
  beta = Number.NaN;
  /** d beta / d ln(delta): a tenth of it is what beta moves if delta, which is a guess, is 10 % off. */
  deltaSensitivity = Number.NaN;
  /** y - alpha - beta x of the newest row; NaN if it is missing. */
  lastResidual = Number.NaN;
  /** Sample deviation (divisor n - 1) of y - alpha - beta x, whose mean over the window is 0. */
  residualDeviation = Number.NaN;
  /** lastResidual / residualDeviation; NaN where the residuals are rounding noise. */
  z = Number.NaN;
  fault: InputCode | null = 'TooFewObservations';
  readonly #sums: SlidingPairSums;
  readonly #least: number;
  readonly #delta: number;

  constructor(window: number, first = 0, { minPeriods = window, delta = 1 }: RollingDemingOptions = {}) {
    requireWindow('RollingDeming', window, first, minPeriods, 3);
    requirePositive('RollingDeming', 'delta', delta);
    this.#sums = new SlidingPairSums('RollingDeming', window, first, minPeriods);
    this.#least = minPeriods;
    this.#delta = delta;
  }

  /** Takes the next row; NaN for what is missing. */
  push(y: number, x: number): void {
    const sums = this.#sums;
    const delta = this.#delta;
    sums.push(y, x);
    this.n = sums.n;
    this.fault = faultOf(sums, this.#least) ?? this.#demingFault();
    if (this.fault !== null) {
      this.#silence();
      return;
    }
    const { n, sxx, sxy, syy, slope } = sums;
    const beta = demingSlope(sxx, syy, sxy, delta);
    this.beta = beta;
    this.alpha = sums.meanY - beta * sums.meanX;
    // From Sxy beta^2 - q beta - delta Sxy = 0, q = Syy - delta Sxx, by the implicit function theorem.
    const q = syy - delta * sxx;
    this.deltaSensitivity = (delta * (sxy - beta * sxx)) / (2 * sxy * beta - q);
    // From OLS's residuals: they are uncorrelated with x, so the squares of the two parts add up.
    const tilt = slope - beta;
    this.lastResidual = sums.lastResidual + tilt * sums.lastDeviationX;
    this.residualDeviation = Math.sqrt((sums.ssr + tilt * tilt * sxx) / (n - 1));
    this.z = this.residualDeviation <= sums.noise ? Number.NaN : this.lastResidual / this.residualDeviation;
  }

  /** What `totalLeastSquares` refuses beyond what `ols` does. */
  #demingFault(): InputCode | null {
    const { sxx, syy, sxy, constantY } = this.#sums;
    return constantY ? 'ConstantSeries' : demingFault(sxx, syy, sxy, this.#delta);
  }

  #silence(): void {
    this.alpha = this.beta = this.deltaSensitivity = Number.NaN;
    this.lastResidual = this.residualDeviation = this.z = Number.NaN;
  }
}
