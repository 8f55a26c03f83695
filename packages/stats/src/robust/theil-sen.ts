import { normalQuantile } from '../distributions/index.ts';
import { InputError, type Series } from '../input-error.ts';
import { knownPairs } from '../series.ts';
import { fillPairSlopes, tiesOf } from './pair-slopes.ts';
import { roundHalfEven } from './round-half-even.ts';
import { medianInPlace, midpoint, select } from './select.ts';
import { SlopeSelection } from './slope-selection.ts';

/** Up to this many rows all slopes are listed (4 MB); beyond, `SlopeSelection` is faster and needs no room. */
const LISTED_ROWS = 1000;

/**
 * How the intercept follows from the slope: `separate` is median(y) - beta median(x), `joint` is the median of
 * y - beta x, which puts as many rows above the line as below.
 */
export type TheilSenIntercept = 'separate' | 'joint';

/** How `theilSen` is to answer. */
export interface TheilSenOptions {
  /** `separate` unless said otherwise. */
  intercept?: TheilSenIntercept;
  /** Of the interval of beta, in (0, 1); 0.95 unless said otherwise. */
  confidence?: number;
}

/** Remarks on a Theil-Sen fit. */
export type TheilSenFlag =
  /** So many rows are tied that there is no interval: the bounds are null. */
  'NoInterval';

/** A line through the median of all slopes between two rows. */
export interface TheilSen {
  n: number;
  /** Rows of which a member was missing. */
  dropped: number;
  /** In units of y. */
  alpha: number;
  /** Units of y per unit of x. */
  beta: number;
  /** Bounds of Sen's interval for beta, which holds for independent errors. */
  betaLow: number | null;
  betaHigh: number | null;
  /** Pairs of rows with different x. */
  slopes: number;
  /** y - alpha - beta x of the last row. */
  lastResidual: number;
  flags: TheilSenFlag[];
}

/**
 * The Theil-Sen line: beta is the median of (y_i - y_j) / (x_i - x_j) over all pairs of rows of different x, so that
 * up to 29 % of the rows may be anything, in y and in x. Exact: the same double as listing and sorting all slopes,
 * in O(n log n) for many rows.
 *
 * Interval (Sen 1968, eq. 2.6): with N slopes, z the normal quantile and
 * s^2 = [n (n - 1) (2 n + 5) - sum over ties in x and in y of k (k - 1) (2 k + 5)] / 18, the slopes of rank
 * round((N - z s) / 2) - 1 and round((N + z s) / 2), halves going to the even neighbour.
 *
 * Rows with a missing (NaN) member are left out and counted. Raises `LengthMismatch`, `TooFewObservations` (n < 2),
 * `NonFinite`, `ConstantSeries` (all x the same) and `InvalidParameter`.
 * Reference: Theil (1950), Sen (1968); scipy `stats.theilslopes`.
 */
export function theilSen(y: Series, x: Series, options: TheilSenOptions = {}): TheilSen {
  const { intercept = 'separate', confidence = 0.95 } = options;
  if (!(confidence > 0 && confidence < 1)) {
    throw new InputError('InvalidParameter', `theilSen: the confidence is ${confidence}; it lies in (0, 1)`);
  }
  const { a, b, n, dropped } = knownPairs('theilSen', y, x);
  const known = { y: a.subarray(0, n), x: b.subarray(0, n) };
  if (n < 2) throw new InputError('TooFewObservations', `theilSen: needs at least 2 rows, got ${n}`);
  requireFiniteRange(known.y);
  requireFiniteRange(known.x);
  const tiesX = tiesOf(known.x, n);
  const slopes = (n * (n - 1)) / 2 - tiesX.pairs;
  if (slopes === 0) throw new InputError('ConstantSeries', 'theilSen: x does not vary, so beta is undefined');

  const varianceTerms = n * (n - 1) * (2 * n + 5) - tiesX.varianceTerm - tiesOf(known.y, n).varianceTerm;
  const half = -normalQuantile((1 - confidence) / 2) * Math.sqrt(varianceTerms / 18);
  const ranks = [slopes >> 1, (slopes - 1) >> 1];
  const hasInterval = varianceTerms >= 0;
  if (hasInterval) {
    ranks.push(Math.max(roundHalfEven((slopes - half) / 2) - 1, 0));
    ranks.push(Math.min(roundHalfEven((slopes + half) / 2), slopes - 1));
  }
  const [upper, lower, low, high] = slopesOfRank(known.y, known.x, slopes, ranks);
  // Adding 0 makes the -0 of an underflown quotient the 0 that others make of it.
  const beta = midpoint(lower as number, upper as number) + 0;
  const alpha = interceptOf(known.y, known.x, beta, intercept);
  if (!(Number.isFinite(alpha) && Number.isFinite(beta))) {
    throw new InputError('NonFinite', 'theilSen: the slopes overflow: rescale the series');
  }
  return {
    n,
    dropped,
    alpha,
    beta,
    betaLow: low === undefined ? null : low + 0,
    betaHigh: high === undefined ? null : high + 0,
    slopes,
    lastResidual: (known.y[n - 1] as number) - alpha - beta * (known.x[n - 1] as number),
    flags: hasInterval ? [] : ['NoInterval'],
  };
}

/** The slopes with the given ranks, from 0. */
function slopesOfRank(y: Float64Array, x: Float64Array, count: number, ranks: readonly number[]): number[] {
  const n = y.length;
  if (n > LISTED_ROWS) {
    const selection = new SlopeSelection(y, x, n);
    return ranks.map((rank) => selection.select(rank));
  }
  const slopes = new Float64Array(count);
  fillPairSlopes(y, x, n, slopes);
  // Each pick parts what is left between those before it.
  const picked = [-1, count];
  return ranks.map((rank) => {
    const from = Math.max(...picked.filter((other) => other < rank)) + 1;
    const to = Math.min(...picked.filter((other) => other > rank));
    picked.push(rank);
    return select(slopes, rank - from, from, to);
  });
}

function interceptOf(y: Float64Array, x: Float64Array, beta: number, kind: TheilSenIntercept): number {
  if (kind === 'separate') return medianInPlace(y.slice()) - beta * medianInPlace(x.slice());
  return medianInPlace(y.map((value, i) => value - beta * (x[i] as number)));
}

function requireFiniteRange(values: Float64Array): void {
  let least = Infinity;
  let largest = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  if (largest - least < Infinity) return;
  throw new InputError('NonFinite', 'theilSen: the differences overflow: rescale the series');
}
