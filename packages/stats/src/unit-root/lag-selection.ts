import type { AdfSample } from './adf-sample.ts';

/** How the number of lagged changes is chosen: by an information criterion, by t statistics, or by the caller. */
export type LagSelection = 'aic' | 'bic' | 't-stat' | 'fixed';

/** Dickey-Fuller regressions with 0, 1, 2... lagged changes on the same rows. A buffer. */
export interface NestedModels {
  /** How many models there are: lags 0 .. models - 1. */
  models: number;
  rows: number;
  terms: number;
  /** Sum of squared residuals by lags, in scaled units. */
  ssr: Float64Array;
  /** By how much the last regressor of each model lowered it. */
  gain: Float64Array;
  /** See `AdfSample`. */
  logScale: number;
  /** Bound of the relative error of `ssr`. */
  error: number;
}

/** Room for `models` nested models. */
export function nestedModels(models: number): NestedModels {
  return {
    models: 0,
    rows: 0,
    terms: 0,
    ssr: new Float64Array(models),
    gain: new Float64Array(models),
    logScale: 0,
    error: 0,
  };
}

/** Says of which regressions of a sample the numbers in `nested` are. */
export function describeNested(sample: AdfSample, models: number, rows: number, nested: NestedModels): void {
  nested.models = models;
  nested.rows = rows;
  nested.terms = sample.terms;
  nested.logScale = sample.logScale;
}

/** The outcome of a lag selection. A buffer. */
export interface LagChoice {
  lags: number;
  /** The criterion's value at the choice: AIC, BIC, or the size of the last lag's t statistic. */
  value: number;
  /** Whether no other choice lies within the rounding of the regressions. */
  decided: boolean;
  /** AIC, BIC or size of the last regressor's t statistic, by lags. */
  table: Float64Array;
}

/** The two-sided 10% level of the normal distribution: what the last lag's t statistic must reach. */
const LAST_LAG_T = 1.6448536269514722;

/**
 * Chooses the number of lags: the smallest AIC or BIC, the smaller lag of equals; or the largest lag whose own t
 * statistic is significant at 10%, counting down, 0 if none is.
 *
 * -2 llf = T (ln 2 pi + ln(SSR / T) + 1) with the penalty 2 k (AIC) or k ln T (BIC), k all regressors.
 * Reference: statsmodels `adfuller(autolag=...)`.
 */
export function chooseLags(
  nested: NestedModels,
  selection: Exclude<LagSelection, 'fixed'>,
  choice: LagChoice,
): void {
  if (choice.table.length < nested.models) choice.table = new Float64Array(2 * nested.models);
  if (selection === 't-stat') chooseBySignificance(nested, choice);
  else chooseByInformation(nested, selection === 'aic' ? 2 : Math.log(nested.rows), choice);
}

function chooseByInformation(nested: NestedModels, penalty: number, choice: LagChoice): void {
  const { ssr, rows, models } = nested;
  const { table } = choice;
  const constant = rows * (Math.log(2 * Math.PI) + 1 - Math.log(rows) - 2 * nested.logScale);
  let best = 0;
  let second = Infinity;
  for (let lags = 0; lags < models; lags++) {
    const value = constant + rows * Math.log(ssr[lags] as number) + penalty * (nested.terms + 1 + lags);
    table[lags] = value;
    if (lags === 0) continue;
    const least = table[best] as number;
    if (value < least) {
      second = least;
      best = lags;
    } else if (value < second) second = value;
  }
  choice.lags = best;
  choice.value = table[best] as number;
  choice.decided = second - choice.value > 4 * rows * nested.error;
}

function chooseBySignificance(nested: NestedModels, choice: LagChoice): void {
  const { ssr, gain, rows, terms, models } = nested;
  choice.lags = 0;
  choice.decided = true;
  for (let lags = 0; lags < models; lags++) {
    const free = rows - terms - 1 - lags;
    const size = Math.sqrt(((gain[lags] as number) / (ssr[lags] as number)) * free);
    choice.table[lags] = size;
    if (size >= LAST_LAG_T) {
      choice.lags = lags;
      choice.decided = true;
    }
    if (lags > 0 && Math.abs(size - LAST_LAG_T) <= 1e-6) choice.decided = false;
  }
  choice.value = choice.table[choice.lags] as number;
}
