import { consecutiveRows } from '../consecutive-rows.ts';
import { normalTwoSidedP } from '../distributions/normal.ts';
import { InputError, type Series } from '../input-error.ts';

/** Remarks on a variance ratio that stands but should be read with care. */
export type VarianceRatioFlag =
  /** Fewer than 50 rows. */
  | 'FewObservations'
  /** No two changes within q rows vary together: the robust variance is 0 and there is no statistic. */
  | 'ZeroVariance'
  /** Rows at the end that do not fill a block were left out. */
  | 'BlocksCut';

/** How a variance ratio test is run. */
export interface VarianceRatioOptions {
  /** Rows of the long change; 2 unless said otherwise. */
  q?: number;
  /** Standard error robust against changing volatility (the default), or for independent identical changes. */
  robust?: boolean;
  /** `c` (the default) allows a drift, `n` takes it to be 0. */
  trend?: 'n' | 'c';
  /** Long changes from every row (the default), or one after the other. */
  overlap?: boolean;
  /** Unbiased variances (the default); only of overlapping changes. */
  debiased?: boolean;
  /** `arch` allows q up to the number of changes, where half the rows are the most that make sense. */
  compatibility?: 'arch';
}

/** A variance ratio test of the null that a series is a random walk. */
export interface VarianceRatio {
  n: number;
  dropped: number;
  flags: VarianceRatioFlag[];
  /** Variance of q-row changes over q times that of one-row changes: below 1 the series reverts, above 1 it trends. */
  ratio: number;
  /** Asymptotically standard normal; null with the flag `ZeroVariance`. */
  stat: number | null;
  /** Two-sided; null with the flag `ZeroVariance`. */
  pValue: number | null;
  q: number;
}

/**
 * Lo and MacKinlay's variance ratio test, meant for log prices.
 *
 * With m changes d of mean mu: s1 = sum (d - mu)^2 / (m - 1); sq = sum (x[t] - x[t-q] - q mu)^2 / M,
 * M = q (m - q + 1)(1 - q/m); ratio = sq / s1; stat = sqrt(m) (ratio - 1) / sqrt(theta), theta robust =
 * sum over k < q of (2 (1 - k/q))^2 delta(k), delta(k) = m sum z[t]^2 z[t-k]^2 / (sum z^2)^2, theta iid =
 * 2 (2q - 1)(q - 1)/(3q). Raises `TooFewObservations` (n < 12), `NonFinite` (gaps too), `ConstantSeries`,
 * `PerfectFit` (a line) and `InvalidParameter` (q not in [2, n/2]). Lo and MacKinlay (1988); Campbell, Lo and
 * MacKinlay (1997), section 2.4. Reference: arch `VarianceRatio`.
 */
export function varianceRatio(series: Series, options: VarianceRatioOptions = {}): VarianceRatio {
  const { q = 2, robust = true, trend = 'c', overlap = true, debiased = true } = options;
  if (trend !== 'n' && trend !== 'c') {
    throw new InputError('InvalidParameter', `varianceRatio: the trend "${trend}" is neither n nor c`);
  }
  const { values: level } = consecutiveRows('varianceRatio', series, 12);
  const n = level.length;
  const most = options.compatibility === undefined ? Math.floor(n / 2) : n - 2;
  if (!(Number.isInteger(q) && q >= 2 && q <= most)) {
    throw new InputError(
      'InvalidParameter',
      `varianceRatio: q must be a whole number from 2 to ${most} for ${n} rows, got ${q}`,
    );
  }
  const m = overlap ? n - 1 : Math.floor((n - 1) / q) * q;
  const drift = trend === 'c' ? ((level[m] as number) - (level[0] as number)) / m : 0;
  const squares = squaredDeviations(level, m, drift);
  const whole = squares.reduce((sum, value) => sum + value, 0);
  requireNoise(level, m, whole);
  const unbiased = overlap && debiased;
  const short = whole / (unbiased ? m - 1 : m);
  const weight = unbiased ? q * (m - q + 1) * (1 - q / m) : overlap ? m * q : m;
  let long = 0;
  for (let t = q; t <= m; t += overlap ? 1 : q) {
    long += ((level[t] as number) - (level[t - q] as number) - q * drift) ** 2;
  }
  const ratio = long / weight / short;
  let theta = overlap ? (2 * (2 * q - 1) * (q - 1)) / (3 * q) : 2 * (q - 1);
  if (overlap && robust) theta = robustVariance(squares, whole, q);
  const stat = theta > 0 ? (Math.sqrt(m) * (ratio - 1)) / Math.sqrt(theta) : null;
  const flags: VarianceRatioFlag[] = [];
  if (n < 50) flags.push('FewObservations');
  if (stat === null) flags.push('ZeroVariance');
  if (m < n - 1) flags.push('BlocksCut');
  return {
    n,
    dropped: 0,
    flags,
    ratio,
    stat,
    pValue: stat === null ? null : normalTwoSidedP(stat),
    q,
  };
}

function squaredDeviations(level: Float64Array, changes: number, drift: number): Float64Array {
  const squares = new Float64Array(changes);
  for (let t = 0; t < changes; t++) {
    squares[t] = ((level[t + 1] as number) - (level[t] as number) - drift) ** 2;
  }
  return squares;
}

function robustVariance(squares: Float64Array, whole: number, q: number): number {
  const m = squares.length;
  let theta = 0;
  for (let k = 1; k < q; k++) {
    let together = 0;
    for (let t = k; t < m; t++) together += (squares[t] as number) * (squares[t - k] as number);
    theta += 4 * (1 - k / q) ** 2 * ((m * together) / (whole * whole));
  }
  return theta;
}

/** Changes that are all the drift but for rounding say nothing about their variance. */
function requireNoise(level: Float64Array, changes: number, whole: number): void {
  let largest = 0;
  for (let t = 0; t <= changes; t++) largest = Math.max(largest, Math.abs(level[t] as number));
  const rounding = 4 * Number.EPSILON * largest;
  if (whole > changes * rounding * rounding) return;
  throw new InputError('PerfectFit', 'varianceRatio: the series is a line but for rounding');
}
