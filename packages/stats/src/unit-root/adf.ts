import { type InputCode, InputError, type Series } from '../input-error.ts';
import { type AdfFit, emptyAdfFit } from './adf-fit.ts';
import { fitAdf } from './adf-regression.ts';
import { type DeterministicTrend, trendTerms } from './deterministic-trend.ts';
import type { LagSelection } from './lag-selection.ts';
import { schwertLags } from './long-run-variance.ts';
import { type CriticalValues, mackinnonCritical, mackinnonP } from './mackinnon.ts';

/** Remarks on a unit root test that stands but should be read with care. */
export type AdfFlag =
  /** Fewer than 50 rows: the test has little power. */
  | 'FewObservations'
  /** Fewer lags were compared than asked for, because the longest regressions would have fitted the noise. */
  | 'LagsCapped';

/** How an augmented Dickey-Fuller test is run. */
export interface AdfOptions {
  /** Deterministic terms of the regression; a constant unless said otherwise. */
  trend?: DeterministicTrend;
  /** How the lags are chosen: `aic` unless said otherwise; `fixed` takes `maxLag` as it is. */
  lagSelection?: LagSelection;
  /** The most lags compared; ceil(12 (n/100)^(1/4)) unless said otherwise. */
  maxLag?: number;
  /** `statsmodels` compares as many lags as it does, even where one row is left to judge them by. */
  compatibility?: 'statsmodels';
}

/** An augmented Dickey-Fuller test of the null that a series has a unit root. */
export interface Adf {
  n: number;
  dropped: number;
  flags: AdfFlag[];
  /** t statistic of the level: the more negative, the more the series reverts. */
  stat: number;
  /** MacKinnon's (1994) asymptotic p-value. */
  pValue: number;
  /** Below these the unit root is rejected; at the rows of the regression. */
  critical: CriticalValues;
  /** Lagged changes in the regression. */
  lags: number;
  /** Rows of the regression: n - 1 - lags. */
  rows: number;
  /** The most lags that were compared. */
  maxLag: number;
  /** AIC or BIC of the choice, or the size of the last lag's t statistic; null without a search. */
  criterion: number | null;
  /** The same for 0, 1, 2... lags on the rows of the search; null without a search. */
  criteria: number[] | null;
  /** Coefficient of the level: the share of a distance that is made up in one row, negative if it is. */
  coefficient: number;
  coefficientError: number;
}

const fit: AdfFit = emptyAdfFit();

/**
 * Augmented Dickey-Fuller test: dx[t] on x[t-1], dx[t-1] .. dx[t-L] and deterministic terms; the statistic is the t
 * of x[t-1].
 *
 * L is chosen among 0 .. maxLag on common rows, then the regression is run again on all rows that L leaves.
 * Raises `NonFinite` (gaps too: rows must be consecutive), `TooFewObservations` (n < 12), `ConstantSeries`,
 * `Collinear`, `PerfectFit` (the series follows from its past to the last bit) and `InvalidParameter`. Do not use
 * on the residuals of an estimated hedge ratio: that is `engleGranger`. Dickey and Fuller (1979); Said and Dickey
 * (1984). Reference: statsmodels `adfuller`.
 */
export function adf(series: Series, options: AdfOptions = {}): Adf {
  const { trend = 'c', lagSelection = 'aic', compatibility } = options;
  const n = series.length;
  const terms = trendTerms('adf', trend);
  if (n < 12) {
    throw new InputError('TooFewObservations', `adf: needs at least 12 rows, got ${n}`);
  }
  const longest = longestLag('adf', n, terms, lagSelection, options.maxLag, compatibility !== undefined);
  const code = fitAdf(series, n, terms, lagSelection, longest.lag, fit);
  if (code !== null) throw new InputError(code, `adf: ${adfFault(code)}`);
  const flags: AdfFlag[] = [];
  if (n < 50) flags.push('FewObservations');
  if (longest.capped || fit.cutShort) flags.push('LagsCapped');
  const searched = lagSelection !== 'fixed';
  return {
    n,
    dropped: 0,
    flags,
    stat: fit.stat,
    pValue: mackinnonP(fit.stat, trend),
    critical: mackinnonCritical(trend, fit.rows) as CriticalValues,
    lags: fit.lags,
    rows: fit.rows,
    maxLag: searched ? fit.compared - 1 : fit.lags,
    criterion: searched ? fit.criterion : null,
    criteria: searched ? Array.from(fit.criteria.subarray(0, fit.compared)) : null,
    coefficient: fit.coefficient,
    coefficientError: fit.coefficientError,
  };
}

/** What a code of `fitAdf` says of the series. */
export function adfFault(code: InputCode): string {
  if (code === 'NonFinite') {
    return 'a value is missing or infinite, or differences overflow; give consecutive finite rows';
  }
  if (code === 'ConstantSeries') return 'the series does not vary, so there is nothing to test';
  if (code === 'PerfectFit') {
    return 'the series follows from its past but for rounding, so that a t statistic would be noise';
  }
  return 'the level is a combination of the other regressors: the series moves in too few rows';
}

/**
 * The longest lag of a search, min(ceil(12 (n/100)^(1/4)), floor(n/2) - terms - 1) unless given. A search keeps at
 * least 3 rows more than regressors (1 with `every`), lest the longest regressions fit the noise. Raises
 * `InvalidParameter`.
 */
export function longestLag(
  method: string,
  n: number,
  terms: number,
  selection: LagSelection,
  given: number | undefined,
  every: boolean,
): { lag: number; capped: boolean } {
  if (!['aic', 'bic', 't-stat', 'fixed'].includes(selection)) {
    throw new InputError(
      'InvalidParameter',
      `${method}: the lag selection "${selection}" is none of aic, bic, t-stat, fixed`,
    );
  }
  const most = Math.floor(n / 2) - terms - 1;
  if (given !== undefined && !(Number.isInteger(given) && given >= 0 && given <= most)) {
    throw new InputError(
      'InvalidParameter',
      `${method}: maxLag must be a whole number from 0 to ${most} for ${n} rows, got ${given}`,
    );
  }
  const lag = given ?? Math.min(schwertLags(n), most);
  // Rows n - 1 - L against regressors L + 1 + terms.
  const spare = selection === 'fixed' || every ? 1 : 3;
  const affordable = Math.floor((n - 2 - terms - spare) / 2);
  if (selection === 'fixed' && given !== undefined && lag > affordable) {
    throw new InputError(
      'InvalidParameter',
      `${method}: ${lag} lags leave no row to spare of ${n}; take at most ${affordable}`,
    );
  }
  return { lag: Math.min(lag, affordable), capped: lag > affordable };
}
