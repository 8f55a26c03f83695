import { consecutiveRows } from '../consecutive-rows.ts';
import { normalCdf } from '../distributions/normal.ts';
import { InputError, type Series } from '../input-error.ts';
import { removeTrend } from './deterministic-trend.ts';
import { laggedProduct, longRunVariance, schwertLags } from './long-run-variance.ts';
import { type CriticalValues, criticalAt, mackinnonCritical, mackinnonP, polynomialAt } from './mackinnon.ts';
import { RHO_SURFACES, type RhoSurface } from './rho-tables.ts';

/** Remarks on a Phillips-Perron test that stands but should be read with care. */
export type PhillipsPerronFlag =
  /** Fewer than 50 rows: the test has little power. */
  'FewObservations';

/** How a Phillips-Perron test is run. */
export interface PhillipsPerronOptions {
  /** Deterministic terms of the regression; a constant unless said otherwise. */
  trend?: 'n' | 'c' | 'ct';
  /** `tau` (the default) corrects the t statistic, `rho` the coefficient. */
  statistic?: 'tau' | 'rho';
  /** Lags of the long-run variance; ceil(12 (n/100)^(1/4)) unless said otherwise. */
  lags?: number;
}

/** A Phillips-Perron test of the null that a series has a unit root. */
export interface PhillipsPerron {
  n: number;
  dropped: number;
  flags: PhillipsPerronFlag[];
  stat: number;
  pValue: number;
  critical: CriticalValues;
  lags: number;
  /** Rows of the regression: n - 1. */
  rows: number;
}

/**
 * Phillips-Perron test: the regression of dx[t] on x[t-1] and deterministic terms without lagged changes, its
 * statistic corrected for autocorrelated and heteroskedastic residuals.
 *
 * With N rows, k regressors, residuals u, g0 = u'u/N, s2 = u'u/(N - k), lam2 the Bartlett long-run variance:
 * tau = sqrt(g0/lam2) (rho - 1)/se - (lam2 - g0)/(2 lam) N se/s,
 * rho = N (rho - 1) - N^2 se^2/(2 s2) (lam2 - g0).
 * Raises `TooFewObservations` (n < 12), `NonFinite` (gaps too), `ConstantSeries`, `PerfectFit` and
 * `InvalidParameter`. Phillips and Perron (1988). Reference: arch `PhillipsPerron`.
 */
export function phillipsPerron(series: Series, options: PhillipsPerronOptions = {}): PhillipsPerron {
  const { trend = 'c', statistic = 'tau' } = options;
  const terms = ['n', 'c', 'ct'].indexOf(trend);
  if (terms < 0) throw invalid(`the trend "${trend}" is none of n, c, ct`);
  if (!['tau', 'rho'].includes(statistic))
    throw invalid(`the statistic "${statistic}" is neither tau nor rho`);
  const { values: level } = consecutiveRows('phillipsPerron', series, 12);
  const n = level.length;
  const rows = n - 1;
  const lags = options.lags ?? schwertLags(n);
  if (!(Number.isInteger(lags) && lags >= 0 && lags < rows)) {
    throw invalid(`lags must be a whole number below ${rows} for ${n} rows, got ${lags}`);
  }
  const { coefficient, levelSquares, residuals } = regress(level, rows, terms);
  const squares = laggedProduct(residuals, rows, 0);
  const g0 = squares / rows;
  const s2 = squares / (rows - terms - 1);
  const error = Math.sqrt(s2 / levelSquares);
  const lam2 = longRunVariance(residuals, rows, lags);
  const stat =
    statistic === 'tau'
      ? (Math.sqrt(g0 / lam2) * coefficient) / error -
        (((lam2 - g0) / (2 * Math.sqrt(lam2))) * rows * error) / Math.sqrt(s2)
      : rows * coefficient - ((rows * rows) / (2 * levelSquares)) * (lam2 - g0);
  const surface = RHO_SURFACES[trend];
  return {
    n,
    dropped: 0,
    flags: n < 50 ? ['FewObservations'] : [],
    stat,
    pValue: statistic === 'tau' ? mackinnonP(stat, trend) : rhoP(stat, surface),
    critical:
      statistic === 'tau'
        ? (mackinnonCritical(trend, rows) as CriticalValues)
        : criticalAt(surface.critical, rows),
    lags,
    rows,
  };
}

function invalid(sentence: string): InputError {
  return new InputError('InvalidParameter', `phillipsPerron: ${sentence}`);
}

/** Changes on levels, both without the deterministic terms of these rows. */
function regress(
  level: Float64Array,
  rows: number,
  terms: number,
): { coefficient: number; levelSquares: number; residuals: Float64Array } {
  const largest = level.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const residuals = new Float64Array(rows);
  for (let i = 0; i < rows; i++) residuals[i] = (level[i + 1] as number) - (level[i] as number);
  const scratch = new Float64Array(3);
  removeTrend(level, rows, terms, scratch);
  removeTrend(residuals, rows, terms, scratch);
  let squares = 0;
  let cross = 0;
  for (let i = 0; i < rows; i++) {
    squares += (level[i] as number) ** 2;
    cross += (level[i] as number) * (residuals[i] as number);
  }
  const rounding = 4 * Number.EPSILON * largest;
  if (squares <= rows * rounding * rounding) {
    throw new InputError(
      'Collinear',
      'phillipsPerron: all rows but the last lie on the deterministic trend; the level has no effect of its own',
    );
  }
  const coefficient = cross / squares;
  let ssr = 0;
  for (let i = 0; i < rows; i++) {
    const residual = (residuals[i] as number) - coefficient * (level[i] as number);
    residuals[i] = residual;
    ssr += residual * residual;
  }
  if (ssr <= rows * rounding * rounding) {
    throw new InputError(
      'PerfectFit',
      'phillipsPerron: the series follows from its past but for rounding, so that a statistic would be noise',
    );
  }
  return { coefficient, levelSquares: squares, residuals };
}

function rhoP(stat: number, surface: RhoSurface): number {
  return normalCdf(
    stat <= surface.border ? polynomialAt(surface.lower, Math.log(-stat)) : polynomialAt(surface.upper, stat),
  );
}
