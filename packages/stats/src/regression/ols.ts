import { type InputCode, InputError, type Series } from '../input-error.ts';
import { knownPairs, requireSameLength } from '../series.ts';
import { durbinWatson, gaussianCriteria, intervalQuantile, testCoefficient } from './inference.ts';
import { adjustedRSquared, type LinearFit, type OlsFlag } from './linear-fit.ts';
import { emptyFit, fitOls, fitThroughOrigin, type OlsFit, residualOf } from './ols-fit.ts';

/** A line through the origin, y = beta x, and what is known of it. */
export interface OlsThroughOrigin extends LinearFit {
  /** Units of y per unit of x. */
  beta: number;
  betaError: number;
  /** beta / betaError; null where the error is 0. */
  betaT: number | null;
  /** Two-sided p-value of beta = 0. */
  betaP: number | null;
  /** The 95 % confidence interval. */
  betaInterval: [number, number];
  /** sqrt(SSR / (n - 1)). */
  residualDeviation: number;
  /** y - alpha - beta x of the last row. */
  lastResidual: number;
  /** The point that the line turns about: the means, and the origin for a line through it. */
  meanX: number;
  meanY: number;
}

/** A line y = alpha + beta x, and what is known of it. */
export interface Ols extends OlsThroughOrigin {
  /** In units of y. */
  alpha: number;
  alphaError: number;
  alphaT: number | null;
  alphaP: number | null;
  alphaInterval: [number, number];
}

/**
 * Ordinary least squares of y on x with an intercept.
 *
 * beta = Sxy / Sxx, alpha = mean(y) - beta mean(x), from centred two-pass sums; standard errors from
 * s2 = SSR / (n - 2), t and p by Student's t with n - 2 degrees of freedom. Positive residual: y is rich. On price
 * levels t and p are descriptive only, because the residuals are autocorrelated (spurious regression): decide by a
 * cointegration test. For elasticities regress `logPrices`. Rows with a missing (NaN) member are left out and
 * counted. Raises `LengthMismatch`, `TooFewObservations` (n < 3), `NonFinite`, `ConstantSeries` and `Collinear`.
 * O(n). Reference: statsmodels `OLS(y, add_constant(x)).fit()`.
 */
export function ols(y: Series, x: Series): Ols {
  const { fit, dropped, residuals } = fitPairs('ols', y, x, fitOls, 3);
  const { alpha, alphaError } = fit;
  const degrees = fit.n - 2;
  const level = testCoefficient(alpha, alphaError, degrees, intervalQuantile(degrees));
  return {
    ...summarise(fit, dropped, residuals, 2),
    alpha,
    alphaError,
    alphaT: level.t,
    alphaP: level.p,
    alphaInterval: level.interval,
  };
}

/**
 * Ordinary least squares of y on x without an intercept: beta = sum xy / sum x^2.
 *
 * R2 is uncentred, 1 - SSR / sum y^2, and so near 1 for any two price levels: do not compare it with that of `ols`.
 * n - 1 degrees of freedom; for the rest, and errors, see `ols` (`TooFewObservations` for n < 2).
 * Reference: statsmodels `OLS(y, x).fit()`.
 */
export function olsThroughOrigin(y: Series, x: Series): OlsThroughOrigin {
  const { fit, dropped, residuals } = fitPairs('olsThroughOrigin', y, x, fitThroughOrigin, 2);
  return summarise(fit, dropped, residuals, 1);
}

/**
 * The spread y - alpha - beta x of a fitted line, row by row of any two series, in units of y: NaN where a leg is
 * missing. Positive: y is rich. Computed about the means of the fit, which keeps the digits that alpha would round
 * away. Raises `LengthMismatch`.
 */
export function spreadOf(line: Pick<OlsFit, 'beta' | 'meanX' | 'meanY'>, y: Series, x: Series): Float64Array {
  requireSameLength('spreadOf', y, x);
  const { beta, meanX, meanY } = line;
  const spread = new Float64Array(y.length);
  for (let i = 0; i < spread.length; i++) {
    spread[i] = residualOf((y[i] as number) - meanY, beta, (x[i] as number) - meanX);
  }
  return spread;
}

/** Fits the known pairs, or raises what is wrong with them. */
function fitPairs(
  method: string,
  y: Series,
  x: Series,
  fitInto: typeof fitOls,
  least: number,
): { fit: OlsFit; dropped: number; residuals: Float64Array } {
  const pairs = knownPairs(method, y, x);
  const fit = emptyFit();
  const code = fitInto(pairs.a, pairs.b, pairs.n, fit);
  if (code !== null) throw new InputError(code, `${method}: ${sentence(code, pairs.n, least)}`);
  const residuals = spreadOf(fit, pairs.a.subarray(0, pairs.n), pairs.b.subarray(0, pairs.n));
  return { fit, dropped: pairs.dropped, residuals };
}

function sentence(code: InputCode, n: number, least: number): string {
  if (code === 'TooFewObservations') return `needs at least ${least} rows, got ${n}`;
  if (code === 'ConstantSeries') return 'x does not vary, so beta is undefined';
  if (code === 'Collinear') return 'x varies by less than its own rounding, so beta is undefined';
  return 'the sums of squares leave the range of doubles: rescale the series';
}

function summarise(
  fit: OlsFit,
  dropped: number,
  residuals: Float64Array,
  parameters: 1 | 2,
): OlsThroughOrigin {
  const { n, beta, betaError, ssr, sigma, residualDeviation, lastResidual, meanX, meanY } = fit;
  const degreesOfFreedom = n - parameters;
  const slope = testCoefficient(beta, betaError, degreesOfFreedom, intervalQuantile(degreesOfFreedom));
  const rSquared = Number.isNaN(fit.rSquared) ? null : fit.rSquared;
  const flags: OlsFlag[] = [];
  if (fit.perfect) flags.push('PerfectFit');
  if (rSquared === null) flags.push('ConstantResponse');
  return {
    n,
    dropped,
    flags,
    beta,
    betaError,
    betaT: slope.t,
    betaP: slope.p,
    betaInterval: slope.interval,
    degreesOfFreedom,
    rSquared,
    adjustedRSquared: adjustedRSquared(rSquared, degreesOfFreedom, 1),
    f: slope.t === null ? null : slope.t * slope.t,
    fP: slope.p,
    ssr,
    sigma,
    residualDeviation,
    lastResidual,
    meanX,
    meanY,
    durbinWatson: durbinWatson(residuals),
    ...gaussianCriteria(ssr, n, parameters),
  };
}
