import { consecutiveRows } from '../consecutive-rows.ts';
import { InputError, type Series } from '../input-error.ts';
import { removeTrend } from './deterministic-trend.ts';
import { laggedProduct, longRunVariance, schwertLags } from './long-run-variance.ts';

/** Remarks on a KPSS test that stands but should be read with care. */
export type KpssFlag =
  /** Fewer than 50 rows: the test has little power. */
  | 'FewObservations'
  /** The table ends here: the p-value is this or smaller. */
  | 'p<=0.01'
  /** The table ends here: the p-value is this or larger. */
  | 'p>=0.10';

/** How a KPSS test is run. */
export interface KpssOptions {
  /** Stationary about a constant (the default) or about a line. */
  trend?: 'c' | 'ct';
  /**
   * Lags of the long-run variance: `auto` (the default) follows the autocorrelation, Hobijn, Franses and Ooms
   * (2004); `legacy` the number of rows, Schwert (1989).
   */
  lags?: 'auto' | 'legacy' | number;
}

/** A KPSS test of the null that a series is stationary: the opposite of the unit root tests. */
export interface Kpss {
  n: number;
  dropped: number;
  flags: KpssFlag[];
  /** Large means not stationary. */
  stat: number;
  /** Interpolated in the table of critical values, and so between 0.01 and 0.10. */
  pValue: number;
  lags: number;
  /** Above these stationarity is rejected. */
  critical: { '10%': number; '5%': number; '2.5%': number; '1%': number };
}

/** Kwiatkowski, Phillips, Schmidt and Shin (1992), table 1. */
const CRITICAL = {
  c: { '10%': 0.347, '5%': 0.463, '2.5%': 0.574, '1%': 0.739 },
  ct: { '10%': 0.119, '5%': 0.146, '2.5%': 0.176, '1%': 0.216 },
} as const;

/**
 * KPSS test: the partial sums of the residuals about a constant or line, which stay small if the series is
 * stationary, against its long-run variance.
 *
 * eta = sum S[t]^2 / (n^2 s2), S the partial sums, s2 the Bartlett long-run variance. On residuals of an estimated
 * hedge ratio the table does not hold exactly (Shin 1994): take it as indicative. Raises `TooFewObservations`
 * (n < 12), `NonFinite` (gaps too), `ConstantSeries`, `PerfectFit` (a line but for rounding) and
 * `InvalidParameter`. Reference: statsmodels `kpss`.
 */
export function kpss(series: Series, options: KpssOptions = {}): Kpss {
  const { trend = 'c', lags = 'auto' } = options;
  const critical = CRITICAL[trend];
  if (critical === undefined) {
    throw new InputError('InvalidParameter', `kpss: the trend "${trend}" is neither c nor ct`);
  }
  const { values: residuals } = consecutiveRows('kpss', series, 12);
  const n = residuals.length;
  if (typeof lags === 'number' && !(Number.isInteger(lags) && lags >= 0 && lags < n)) {
    throw new InputError('InvalidParameter', `kpss: lags must be a whole number below ${n}, got ${lags}`);
  }
  const largest = residuals.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  removeTrend(residuals, n, trend === 'c' ? 1 : 2, new Float64Array(3));
  const rounding = 4 * Number.EPSILON * largest;
  if (laggedProduct(residuals, n, 0) <= n * rounding * rounding) {
    throw new InputError(
      'PerfectFit',
      'kpss: the series is a line but for rounding, with nothing left to test',
    );
  }
  const used = lags === 'auto' ? automaticLags(residuals) : lags === 'legacy' ? legacyLags(n) : lags;
  let partial = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    partial += residuals[i] as number;
    squares += partial * partial;
  }
  const stat = squares / (n * n) / longRunVariance(residuals, n, used);
  const flags: KpssFlag[] = [];
  if (n < 50) flags.push('FewObservations');
  const pValue = interpolate(stat, critical);
  if (pValue === 0.01) flags.push('p<=0.01');
  if (pValue === 0.1) flags.push('p>=0.10');
  return { n, dropped: 0, flags, stat, pValue, lags: used, critical: { ...critical } };
}

/** Hobijn, Franses and Ooms (2004): trunc(1.1447 ((s1/s0)^2 n)^(1/3)) from the first trunc(n^(2/9)) products. */
function automaticLags(residuals: Float64Array): number {
  const n = residuals.length;
  // 512^(2/9) is 4, but comes out of Math.pow as 3.9999999999999996.
  const first = Math.trunc(n ** (2 / 9) + 1e-9);
  let s0 = laggedProduct(residuals, n, 0) / n;
  let s1 = 0;
  for (let i = 1; i <= first; i++) {
    const product = (2 * laggedProduct(residuals, n, i)) / n;
    s0 += product;
    s1 += i * product;
  }
  const growth = 1.1447 * Math.cbrt((s1 / s0) ** 2);
  const lags = Math.trunc(growth * Math.cbrt(n));
  // Sums that cancel to nothing ask for all lags.
  return Number.isFinite(lags) ? Math.min(lags, n - 1) : n - 1;
}

function legacyLags(n: number): number {
  return Math.min(schwertLags(n), n - 1);
}

function interpolate(stat: number, critical: Kpss['critical']): number {
  const points: [number, number][] = [
    [critical['10%'], 0.1],
    [critical['5%'], 0.05],
    [critical['2.5%'], 0.025],
    [critical['1%'], 0.01],
  ];
  for (let i = 0; i < points.length; i++) {
    const [value, p] = points[i] as [number, number];
    if (stat > value) continue;
    if (i === 0) return p;
    const [lower, above] = points[i - 1] as [number, number];
    return above + ((p - above) * (stat - lower)) / (value - lower);
  }
  return 0.01;
}
