import { type InputCode, InputError, type Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { requirePositive } from '../require-positive.ts';
import { isConstant, knownPairs } from '../series.ts';
import { demingFault, demingSlope } from './deming.ts';
import { subtract } from './design.ts';
import { residualOf } from './ols-fit.ts';

/** Remarks on a total least squares line that stands but should be read with care. */
export type TotalLeastSquaresFlag =
  /** All points lie on the line but for rounding. */
  | 'PerfectFit'
  /** The line hangs on single rows: without one of them it has no slope, so errors are null. */
  | 'NoJackknife';

/** A total least squares (Deming) line y = alpha + beta x. */
export interface TotalLeastSquares {
  n: number;
  dropped: number;
  flags: TotalLeastSquaresFlag[];
  /** var(error of y) / var(error of x), as given. */
  delta: number;
  alpha: number;
  beta: number;
  /** Jackknife standard errors. */
  alphaError: number | null;
  betaError: number | null;
  /** Singular values of the centred columns [x, y / sqrt(delta)], the larger first. */
  singularValues: [number, number];
  /** Root mean square distance of the points from the line; for delta 1 perpendicular, in units of x and y. */
  orthogonalDeviation: number;
}

/**
 * Total least squares of y on x: a line that allows for errors in both legs, of which delta says how their variances
 * compare. delta = 1 is orthogonal regression; delta = Syy / Sxx the geometric mean of the two regressions.
 *
 * beta = (q + sqrt(q^2 + 4 delta Sxy^2)) / (2 Sxy), q = Syy - delta Sxx; alpha = mean(y) - beta mean(x). Swapping
 * the legs (and delta for 1/delta) gives 1/beta. With delta = 1 not invariant to units: for legs of very different
 * price use `logPrices`, or the ratio of the variances of their returns as delta. Standard errors are those of the
 * jackknife, delta held. Rows with a missing (NaN) leg are left out and counted. Raises `LengthMismatch`,
 * `TooFewObservations` (n < 3), `NonFinite`, `ConstantSeries` (also for legs that do not vary together) and
 * `InvalidParameter` (delta not above 0). O(n). Reference: the closed form, Deming (1943).
 */
export function totalLeastSquares(y: Series, x: Series, delta = 1): TotalLeastSquares {
  requirePositive('totalLeastSquares', 'delta', delta);
  const { a: q, b: p, n, dropped } = knownLegs(y, x);
  const sums = centredSums(p, q, delta);
  const { sxx, syy, meanX, meanY, beta } = sums;
  let ssr = 0;
  for (let i = 0; i < n; i++) ssr += residualOf(q[i] as number, beta, p[i] as number) ** 2;
  // From the residuals: as the smaller root of the characteristic equation it would cancel.
  const smaller = ssr / (delta + beta * beta);
  const larger = sxx + syy / delta - smaller;
  const flags: TotalLeastSquaresFlag[] = [];
  const level = Math.max(Math.abs(meanY), Math.abs(beta * meanX));
  if (Math.sqrt(ssr / n) <= 4 * Number.EPSILON * level) flags.push('PerfectFit');
  const errors = jackknife(p, q, sums, delta);
  if (errors === null) flags.push('NoJackknife');
  return {
    n,
    dropped,
    flags,
    delta,
    alpha: meanY - beta * meanX,
    beta,
    alphaError: errors?.alpha ?? null,
    betaError: errors?.beta ?? null,
    singularValues: [Math.sqrt(larger), Math.sqrt(smaller)],
    orthogonalDeviation: Math.sqrt(smaller / n),
  };
}

/** The known rows of two legs that vary. */
function knownLegs(y: Series, x: Series): { a: Float64Array; b: Float64Array; n: number; dropped: number } {
  const { a, b, n, dropped } = knownPairs('totalLeastSquares', y, x);
  if (n < 3) {
    throw new InputError('TooFewObservations', `totalLeastSquares: needs at least 3 rows, got ${n}`);
  }
  for (const [name, leg] of [
    ['y', a],
    ['x', b],
  ] as const) {
    if (isConstant(leg, n)) {
      throw new InputError('ConstantSeries', `totalLeastSquares: ${name} does not vary, so there is no line`);
    }
  }
  return { a: a.subarray(0, n), b: b.subarray(0, n), n, dropped };
}

interface CentredSums {
  sxx: number;
  sxy: number;
  syy: number;
  meanX: number;
  meanY: number;
  beta: number;
}

/** Centres both legs in place, and the line of their sums. Raises where squares overflow or there is no slope. */
function centredSums(p: Float64Array, q: Float64Array, delta: number): CentredSums {
  const meanX = meanOf(p);
  const meanY = meanOf(q);
  subtract(p, meanX);
  subtract(q, meanY);
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (let i = 0; i < p.length; i++) {
    sxx += (p[i] as number) ** 2;
    sxy += (p[i] as number) * (q[i] as number);
    syy += (q[i] as number) ** 2;
  }
  const fault = demingFault(sxx, syy, sxy, delta);
  if (fault !== null) throw new InputError(fault, `totalLeastSquares: ${sentence(fault)}`);
  return { sxx, sxy, syy, meanX, meanY, beta: demingSlope(sxx, syy, sxy, delta) };
}

function sentence(fault: InputCode): string {
  return fault === 'NonFinite'
    ? 'squares leave the range of doubles: rescale the series'
    : 'the legs do not vary together, so no slope is best';
}

/** Errors from the n lines that each leave one row out, whose sums follow from the whole's; null if one has none. */
function jackknife(
  p: Float64Array,
  q: Float64Array,
  sums: CentredSums,
  delta: number,
): { alpha: number; beta: number } | null {
  const n = p.length;
  const weight = n / (n - 1);
  let betaSum = 0;
  let betaSquares = 0;
  let alphaSum = 0;
  let alphaSquares = 0;
  for (let i = 0; i < n; i++) {
    const dx = p[i] as number;
    const dy = q[i] as number;
    const sxx = sums.sxx - weight * dx * dx;
    const sxy = sums.sxy - weight * dx * dy;
    const syy = sums.syy - weight * dy * dy;
    // What is left of a sum that one row made up is rounding.
    if (sxx <= 1e-13 * sums.sxx && syy <= 1e-13 * sums.syy) return null;
    const slope = demingSlope(sxx, syy, sxy, delta);
    if (!Number.isFinite(slope)) return null;
    const change = slope - sums.beta;
    // alpha - alpha(all), with the means moved by the row that is gone.
    const shift = -dy / (n - 1) - change * sums.meanX + (slope * dx) / (n - 1);
    betaSum += change;
    betaSquares += change * change;
    alphaSum += shift;
    alphaSquares += shift * shift;
  }
  const error = (sum: number, squares: number): number =>
    Math.sqrt(Math.max(0, (squares - (sum * sum) / n) / weight));
  return { alpha: error(alphaSum, alphaSquares), beta: error(betaSum, betaSquares) };
}
