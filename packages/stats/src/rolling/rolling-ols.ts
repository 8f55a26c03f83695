import type { InputCode } from '../input-error.ts';
import { explainedShare, type OlsFit } from '../regression/ols-fit.ts';
import { isFlatButForRounding, LEAST_SUM } from '../sums-of-squares.ts';
import { SlidingPairSums } from './sliding-pair-sums.ts';
import { requireWindow, type WindowOptions } from './window-options.ts';

/**
 * Ordinary least squares of y on x with an intercept over a sliding window, O(1) a row: the numbers of `ols` on the
 * window's known rows, without drift.
 *
 * All numbers are NaN until `minPeriods` rows of the window are known, and where `fault` names why there is no fit;
 * `lastResidual` and `z` also where the newest row is missing. The residuals are those of the present line, so
 * their mean over the window is 0 and z = lastResidual / residualDeviation. After the push of row t, whose newest
 * index divisible by the window is r, the numbers are the same to the last bit for every `first` <= r - window + 1.
 * Raises `InvalidParameter`, and `NonFinite` for an infinite row. Reference: statsmodels `RollingOLS`.
 */
export class RollingOls implements OlsFit {
  n = 0;
  alpha = Number.NaN;
  beta = Number.NaN;
  alphaError = Number.NaN;
  betaError = Number.NaN;
  rSquared = Number.NaN;
  ssr = Number.NaN;
  sigma = Number.NaN;
  residualDeviation = Number.NaN;
  lastResidual = Number.NaN;
  meanX = Number.NaN;
  meanY = Number.NaN;
  perfect = false;
  /** The last residual in residual deviations; positive: y is rich. NaN for a perfect fit, whose residuals are rounding. */
  z = Number.NaN;
  /** Pearson's correlation of y and x over the same rows; NaN where either is constant. */
  correlation = Number.NaN;
  /** Why there is no fit; null if there is one. */
  fault: InputCode | null = 'TooFewObservations';
  readonly #sums: SlidingPairSums;
  readonly #least: number;

  constructor(window: number, first = 0, { minPeriods = window }: WindowOptions = {}) {
    requireWindow('RollingOls', window, first, minPeriods, 3);
    this.#sums = new SlidingPairSums('RollingOls', window, first, minPeriods);
    this.#least = minPeriods;
  }

  /** Takes the next row; NaN for what is missing. */
  push(y: number, x: number): void {
    const sums = this.#sums;
    sums.push(y, x);
    this.n = sums.n;
    this.correlation = correlationFrom(sums);
    this.fault = faultOf(sums, this.#least);
    if (this.fault !== null) {
      this.#silence();
      return;
    }
    const { n, sxx, syy, ssr, meanX, meanY, lastResidual } = sums;
    const s2 = ssr / (n - 2);
    this.meanX = meanX;
    this.meanY = meanY;
    this.beta = sums.slope;
    this.alpha = meanY - sums.slope * meanX;
    this.betaError = Math.sqrt(s2 / sxx);
    this.alphaError = Math.sqrt(s2 * (1 / n + (meanX * meanX) / sxx));
    this.rSquared = syy > 0 ? explainedShare(sums.slope * sums.slope * sxx, ssr, syy) : Number.NaN;
    this.ssr = ssr;
    this.sigma = Math.sqrt(s2);
    this.residualDeviation = Math.sqrt(ssr / (n - 1));
    this.lastResidual = lastResidual;
    this.perfect = this.residualDeviation <= sums.noise;
    this.z = this.perfect ? Number.NaN : lastResidual / this.residualDeviation;
  }

  #silence(): void {
    this.alpha = this.beta = this.alphaError = this.betaError = Number.NaN;
    this.rSquared = this.ssr = this.sigma = this.residualDeviation = Number.NaN;
    this.lastResidual = this.z = this.meanX = this.meanY = Number.NaN;
    this.perfect = false;
  }
}

/** Why no line can be laid through the window: what `fitOls` answers to the same rows. */
export function faultOf(sums: SlidingPairSums, least: number): InputCode | null {
  const { n, sxx, syy, meanX } = sums;
  if (n < least) return 'TooFewObservations';
  if (sums.constantX) return 'ConstantSeries';
  if (!sums.finite) return 'NonFinite';
  if (sxx < LEAST_SUM || (syy < LEAST_SUM && !sums.constantY)) return 'NonFinite';
  return isFlatButForRounding(sxx, n, meanX) ? 'Collinear' : null;
}

/** Pearson's correlation of the window, clamped to [-1, 1]; NaN where a series is constant, or too large or small. */
export function correlationFrom({ sxx, sxy, syy }: SlidingPairSums): number {
  if (!(sxx >= LEAST_SUM && syy >= LEAST_SUM && sxx + syy < Infinity)) return Number.NaN;
  // Two roots, not the root of the product: tiny or huge variances must not under- or overflow.
  const r = sxy / (Math.sqrt(sxx) * Math.sqrt(syy));
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : Number.NaN;
}
