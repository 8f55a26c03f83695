import { fUpperTail } from '../distributions/index.ts';
import { inverseGram, solveUpper, triangularise } from '../householder.ts';
import { InputError, type Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { isConstant } from '../series.ts';
import { knownRows, lengthOf, requireRange, type StandardColumn, standardise, subtract } from './design.ts';
import {
  type Coefficient,
  durbinWatson,
  gaussianCriteria,
  intervalQuantile,
  testCoefficient,
} from './inference.ts';
import { adjustedRSquared, type LinearFit, type OlsFlag } from './linear-fit.ts';
import { explainedShare } from './ols-fit.ts';

/** A linear model y = intercept + sum of slopes times regressors, and what is known of it. */
export interface LeastSquares extends LinearFit {
  /** Null without an intercept. */
  intercept: Coefficient | null;
  /** One per regressor, in their order. */
  slopes: Coefficient[];
  /** Of the rows used, in order. */
  residuals: Float64Array;
}

/** What `leastSquares` may be told. */
export interface LeastSquaresOptions {
  /** Whether the model has an intercept; true unless said otherwise. */
  intercept?: boolean;
}

/**
 * Ordinary least squares of y on any number of regressors, by Householder QR of centred columns of unit length, which
 * loses half the digits that the normal equations lose.
 *
 * Rows with a missing (NaN) member are left out and counted. Raises `InvalidParameter` (no regressor),
 * `LengthMismatch`, `NonFinite`, `TooFewObservations` (not more rows than parameters), `ConstantSeries` and
 * `Collinear` (a pivot of at most 1e-12 of its column). O(n k^2).
 * Reference: statsmodels `OLS(y, add_constant(X)).fit()`, which answers collinear columns by its pseudo-inverse.
 */
export function leastSquares(
  y: Series,
  regressors: readonly Series[],
  { intercept = true }: LeastSquaresOptions = {},
): LeastSquares {
  const { response, columns, dropped } = knownRows(y, regressors);
  const n = response.length;
  const k = columns.length;
  const parameters = k + (intercept ? 1 : 0);
  if (n <= parameters) {
    throw new InputError(
      'TooFewObservations',
      `leastSquares: ${parameters} parameters need more than ${parameters} rows, got ${n}`,
    );
  }
  const standard = columns.map((column, j) => standardise(column, intercept, j));
  const constant = intercept ? isConstant(response) : response.every((value) => value === 0);
  const level = lengthOf(response);
  const meanY = intercept ? meanOf(response) : 0;
  if (constant) response.fill(0);
  else subtract(response, meanY);
  const total = lengthOf(response) ** 2;
  if (!constant) requireRange(Math.sqrt(total));

  const solution = solve(standard, response);
  const residuals = response;
  for (const [j, { values }] of standard.entries()) {
    const slope = solution.scaled[j] as number;
    for (let i = 0; i < n; i++) residuals[i] = (residuals[i] as number) - slope * (values[i] as number);
  }
  const ssr = lengthOf(residuals) ** 2;
  const degrees = n - parameters;
  const s2 = ssr / degrees;
  const { slopes, level: alpha, levelError } = coefficientsOf(standard, solution, meanY, s2, degrees, n);
  const rSquared = constant ? null : explainedShare(solution.explained, ssr, total);
  const f = ssr > 0 ? solution.explained / k / s2 : null;
  const flags: OlsFlag[] = [];
  if (Math.sqrt(ssr) <= 4 * Number.EPSILON * level) flags.push('PerfectFit');
  if (constant) flags.push('ConstantResponse');
  return {
    n,
    dropped,
    flags,
    intercept: intercept ? testCoefficient(alpha, levelError, degrees, intervalQuantile(degrees)) : null,
    slopes,
    degreesOfFreedom: degrees,
    rSquared,
    adjustedRSquared: adjustedRSquared(rSquared, degrees, k),
    f,
    fP: f === null ? null : fUpperTail(f, k, degrees),
    ssr,
    sigma: Math.sqrt(s2),
    residuals,
    durbinWatson: durbinWatson(residuals),
    ...gaussianCriteria(ssr, n, parameters),
  };
}

interface Solution {
  /** Slopes over the standard columns. */
  scaled: Float64Array;
  /** (R'R)^-1. */
  inverse: Float64Array[];
  /** The sum of squares that the slopes explain. */
  explained: number;
}

/** The least squares solution over standard columns. Raises `Collinear`. */
function solve(standard: StandardColumn[], centred: Float64Array): Solution {
  const n = centred.length;
  const k = standard.length;
  const columns = new Float64Array(n * (k + 1));
  for (const [j, { values }] of standard.entries()) columns.set(values, n * j);
  columns.set(centred, n * k);
  const done = triangularise(columns, n, k + 1, k);
  if (done < k) {
    throw new InputError(
      'Collinear',
      `leastSquares: regressor ${done} is a combination of those before it; leave it out`,
    );
  }
  const projected = columns.subarray(n * k, n * k + k);
  return {
    scaled: solveUpper(columns, n, k, projected),
    inverse: inverseGram(columns, n, k),
    explained: lengthOf(projected) ** 2,
  };
}

/** The coefficients in the regressors' own units, and the intercept with its error. */
function coefficientsOf(
  standard: StandardColumn[],
  { scaled, inverse }: Solution,
  meanY: number,
  s2: number,
  degrees: number,
  n: number,
): { slopes: Coefficient[]; level: number; levelError: number } {
  const quantile = intervalQuantile(degrees);
  const covariance = (a: number, b: number): number =>
    (s2 * (inverse[a]?.[b] as number)) / (standard[a]?.length as number) / (standard[b]?.length as number);
  const slopes = standard.map(({ length }, j) =>
    testCoefficient((scaled[j] as number) / length, Math.sqrt(covariance(j, j)), degrees, quantile),
  );
  // alpha = mean(y) - sum of slopes times means, and the mean of y is independent of the slopes.
  let level = meanY;
  let variance = s2 / n;
  for (const [a, { mean }] of standard.entries()) {
    level -= (slopes[a]?.estimate as number) * mean;
    for (const [b, other] of standard.entries()) variance += mean * other.mean * covariance(a, b);
  }
  return { slopes, level, levelError: Math.sqrt(Math.max(0, variance)) };
}
