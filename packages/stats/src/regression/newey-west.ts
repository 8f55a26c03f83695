import { normalTwoSidedP } from '../distributions/index.ts';
import { InputError, type Series } from '../input-error.ts';
import { knownPairs } from '../series.ts';
import type { OlsFlag } from './linear-fit.ts';
import { ols, spreadOf } from './ols.ts';

/** An ordinary least squares line with standard errors that allow for autocorrelated, uneven residuals. */
export interface NeweyWest {
  n: number;
  dropped: number;
  flags: OlsFlag[];
  maxLags: number;
  alpha: number;
  beta: number;
  alphaError: number;
  betaError: number;
  /** Estimate / error; null where the error is 0. */
  alphaZ: number | null;
  betaZ: number | null;
  /** Two-sided p-values of the normal distribution. */
  alphaP: number | null;
  betaP: number | null;
}

/**
 * Heteroskedasticity and autocorrelation consistent (HAC) errors of `ols`, by Newey and West (1987).
 *
 * V = (X'X)^-1 S (X'X)^-1, S = G0 + sum over j = 1..maxLags of (1 - j/(maxLags + 1)) (Gj + Gj'), Gj = sum over t of
 * e[t] e[t-j] x[t] x[t-j]'; no small-sample correction, normal p-values. `maxLags` defaults to
 * floor(4 (n/100)^(2/9)). Rows left out for a missing leg close up. Raises what `ols` raises, and
 * `InvalidParameter` for `maxLags` outside 0..n-1. O(n maxLags).
 * Reference: statsmodels `OLS.fit(cov_type='HAC', cov_kwds={'maxlags': L, 'use_correction': False})`.
 */
export function neweyWest(y: Series, x: Series, maxLags?: number): NeweyWest {
  const fit = ols(y, x);
  const { n, dropped, flags, alpha, beta, meanX } = fit;
  // The margin keeps whole powers whole, which Math.pow may miss by a rounding.
  const lags = maxLags ?? Math.floor(4 * (n / 100) ** (2 / 9) + 1e-9);
  if (!(Number.isInteger(lags) && lags >= 0 && lags < n)) {
    throw new InputError(
      'InvalidParameter',
      `neweyWest: maxLags is ${lags}; use a whole number from 0 to ${n - 1}`,
    );
  }
  const pairs = knownPairs('neweyWest', y, x);
  const legX = pairs.b.subarray(0, n);
  // In the coordinates (level at the mean of x, beta) X'X is diagonal, and V keeps its digits.
  const residuals = spreadOf(fit, pairs.a.subarray(0, n), legX);
  const scores = new Float64Array(n);
  let sxx = 0;
  for (let i = 0; i < n; i++) {
    const p = (legX[i] as number) - meanX;
    scores[i] = (residuals[i] as number) * p;
    sxx += p * p;
  }
  const levelVariance = longRunProduct(residuals, residuals, lags) / n / n;
  const covariance = longRunProduct(residuals, scores, lags) / n / sxx;
  const betaVariance = longRunProduct(scores, scores, lags) / sxx / sxx;
  const alphaVariance = levelVariance - 2 * meanX * covariance + meanX * meanX * betaVariance;
  const alphaError = Math.sqrt(Math.max(0, alphaVariance));
  const betaError = Math.sqrt(Math.max(0, betaVariance));
  const alphaZ = alphaError > 0 ? alpha / alphaError : null;
  const betaZ = betaError > 0 ? beta / betaError : null;
  return {
    n,
    dropped,
    flags,
    maxLags: lags,
    alpha,
    beta,
    alphaError,
    betaError,
    alphaZ,
    betaZ,
    alphaP: alphaZ === null ? null : normalTwoSidedP(alphaZ),
    betaP: betaZ === null ? null : normalTwoSidedP(betaZ),
  };
}

/** One element of S: the products of two series at all lags, by Bartlett's weights, symmetrised. */
function longRunProduct(a: Float64Array, b: Float64Array, lags: number): number {
  let total = 0;
  for (let j = 0; j <= lags; j++) {
    let sum = 0;
    for (let t = j; t < a.length; t++) {
      const forward = (a[t] as number) * (b[t - j] as number);
      sum += j === 0 ? forward : forward + (a[t - j] as number) * (b[t] as number);
    }
    total += (1 - j / (lags + 1)) * sum;
  }
  return total;
}
