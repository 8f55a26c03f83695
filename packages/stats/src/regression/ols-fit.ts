import { emptyPairSums, sumCentredPairs } from '../centred-pair-sums.ts';
import { lostOfProduct } from '../exact-product.ts';
import type { InputCode, Series } from '../input-error.ts';
import { isConstant } from '../series.ts';
import { isFlatButForRounding, LEAST_SUM } from '../sums-of-squares.ts';

/** An ordinary least squares fit y = alpha + beta x: the buffer that `fitOls` and `fitThroughOrigin` fill. */
export interface OlsFit {
  n: number;
  /** In units of y; 0 for a line through the origin. */
  alpha: number;
  /** Units of y per unit of x. */
  beta: number;
  /** NaN for a line through the origin. */
  alphaError: number;
  betaError: number;
  /** 1 - SSR / Syy (through the origin 1 - SSR / sum y^2); NaN where y is constant (0). */
  rSquared: number;
  /** Sum of squared residuals, summed from the residuals themselves. */
  ssr: number;
  /** sqrt(SSR / (n - parameters)): the standard error of the regression. */
  sigma: number;
  /** sqrt(SSR / (n - 1)): with an intercept the sample deviation of the residuals, whose mean is 0. */
  residualDeviation: number;
  /** y - alpha - beta x of the last row. */
  lastResidual: number;
  /** The point that the line turns about: the mean of x, and 0 for a line through the origin. */
  meanX: number;
  meanY: number;
  /** The residuals are rounding noise. */
  perfect: boolean;
}

/** An empty fit for `fitOls` to fill. */
export function emptyFit(): OlsFit {
  return {
    n: 0,
    alpha: Number.NaN,
    beta: Number.NaN,
    alphaError: Number.NaN,
    betaError: Number.NaN,
    rSquared: Number.NaN,
    ssr: Number.NaN,
    sigma: Number.NaN,
    residualDeviation: Number.NaN,
    lastResidual: Number.NaN,
    meanX: Number.NaN,
    meanY: Number.NaN,
    perfect: false,
  };
}

/** R2 by whichever of its two forms does not cancel. */
export function explainedShare(explained: number, ssr: number, total: number): number {
  return explained < 0.5 * total ? explained / total : 1 - ssr / total;
}

/** q - beta p, of which the product is not rounded before the subtraction. */
export function residualOf(q: number, beta: number, p: number): number {
  const product = beta * p;
  return q - product - lostOfProduct(beta, p, product);
}

const sums = emptyPairSums();

/**
 * `ols` over the first `n` entries of two buffers without missing values, written into `fit`, for loops that must
 * not allocate or raise: returns the code of what is wrong, or null. `fit` is untouched if one is returned.
 *
 * Two passes over centred values, O(n). `NonFinite` also where sums of squares leave the range of doubles.
 */
export function fitOls(y: Series, x: Series, n: number, fit: OlsFit): InputCode | null {
  if (n < 3) return 'TooFewObservations';
  if (isConstant(x, n)) return 'ConstantSeries';
  sumCentredPairs(x, y, n, sums);
  const { meanA: meanX, meanB: meanY, saa: sxx, sab: sxy } = sums;
  const syy = Math.max(0, sums.sbb);
  if (!Number.isFinite(sxx + syy + sxy + meanX * meanX)) return 'NonFinite';
  if (sxx < LEAST_SUM || (syy < LEAST_SUM && !isConstant(y, n))) return 'NonFinite';
  if (isFlatButForRounding(sxx, n, meanX)) return 'Collinear';
  const beta = sxy / sxx;
  // Residuals from the centred values: y - alpha - beta x would round at the size of alpha.
  let ssr = 0;
  let last = 0;
  for (let i = 0; i < n; i++) {
    last = (y[i] as number) - meanY - beta * ((x[i] as number) - meanX);
    ssr += last * last;
  }
  if (ssr < 1e-6 * syy) {
    // What is left is so small beside beta x that even the rounding of that product shows.
    ssr = 0;
    for (let i = 0; i < n; i++) {
      last = residualOf((y[i] as number) - meanY, beta, (x[i] as number) - meanX);
      ssr += last * last;
    }
  }
  const s2 = ssr / (n - 2);
  fit.n = n;
  fit.alpha = meanY - beta * meanX;
  fit.beta = beta;
  fit.betaError = Math.sqrt(s2 / sxx);
  fit.alphaError = Math.sqrt(s2 * (1 / n + (meanX * meanX) / sxx));
  fit.rSquared = isConstant(y, n) || syy === 0 ? Number.NaN : explainedShare(beta * sxy, ssr, syy);
  fit.ssr = ssr;
  fit.sigma = Math.sqrt(s2);
  fit.residualDeviation = Math.sqrt(ssr / (n - 1));
  fit.lastResidual = last;
  fit.meanX = meanX;
  fit.meanY = meanY;
  // Inputs are themselves rounded at about half an epsilon of their level.
  const level = Math.max(Math.abs(meanY), Math.abs(beta * meanX), Math.sqrt(syy / n));
  fit.perfect = fit.residualDeviation <= 4 * Number.EPSILON * level;
  return null;
}

/**
 * `olsThroughOrigin` in the manner of `fitOls`: y = beta x over the first `n` entries of two buffers without
 * missing values.
 */
export function fitThroughOrigin(y: Series, x: Series, n: number, fit: OlsFit): InputCode | null {
  if (n < 2) return 'TooFewObservations';
  if (isConstant(x, n)) return 'ConstantSeries';
  let xx = 0;
  let xy = 0;
  let yy = 0;
  let known = false;
  for (let i = 0; i < n; i++) {
    const p = x[i] as number;
    const q = y[i] as number;
    xx += p * p;
    xy += p * q;
    yy += q * q;
    known ||= q !== 0;
  }
  if (!Number.isFinite(xx + yy + xy)) return 'NonFinite';
  if (xx < LEAST_SUM || (yy < LEAST_SUM && known)) return 'NonFinite';
  const beta = xy / xx;
  let ssr = 0;
  let last = 0;
  for (let i = 0; i < n; i++) {
    last = (y[i] as number) - beta * (x[i] as number);
    ssr += last * last;
  }
  fit.n = n;
  fit.alpha = 0;
  fit.beta = beta;
  fit.betaError = Math.sqrt(ssr / (n - 1) / xx);
  fit.alphaError = Number.NaN;
  fit.rSquared = yy === 0 ? Number.NaN : explainedShare(beta * xy, ssr, yy);
  fit.ssr = ssr;
  fit.sigma = Math.sqrt(ssr / (n - 1));
  fit.residualDeviation = fit.sigma;
  fit.lastResidual = last;
  fit.meanX = 0;
  fit.meanY = 0;
  fit.perfect = fit.sigma <= 4 * Number.EPSILON * Math.sqrt(yy / n);
  return null;
}
