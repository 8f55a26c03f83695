import type { AdfSample } from './adf-sample.ts';

/** A Dickey-Fuller regression with chosen lags. A buffer, filled by `fitAdf`. */
export interface AdfFit {
  /** Lagged changes in the regression. */
  lags: number;
  /** Rows of the regression: n - 1 - lags. */
  rows: number;
  /** t statistic of the level. */
  stat: number;
  /** Coefficient of the level: change per row and per unit of distance. */
  coefficient: number;
  coefficientError: number;
  /** AIC, BIC or size of t at the choice; NaN without a search. */
  criterion: number;
  /** How many lags were compared, from 0; 0 without a search. */
  compared: number;
  /** The criterion by lags, as many as were compared; valid until the next `fitAdf`. */
  criteria: Float64Array;
  /** Whether lagged changes that are combinations of others cut the search short. */
  cutShort: boolean;
}

/** An empty fit for `fitAdf` to fill. */
export function emptyAdfFit(): AdfFit {
  return {
    lags: 0,
    rows: 0,
    stat: Number.NaN,
    coefficient: Number.NaN,
    coefficientError: Number.NaN,
    criterion: Number.NaN,
    compared: 0,
    criteria: new Float64Array(0),
    cutShort: false,
  };
}

/** Whether a sum of squared residuals over `rows` rows is more than rounding noise. */
export function isFit({ noise }: AdfSample, ssr: number, rows: number): boolean {
  return ssr > rows * noise;
}

/** From the level's own part, the response along it, and what is left. */
export function conclude(own: number, coordinate: number, ssr: number, terms: number, fit: AdfFit): void {
  const deviation = Math.sqrt(ssr / (fit.rows - terms - 1 - fit.lags));
  fit.coefficient = coordinate / own;
  fit.coefficientError = deviation / Math.abs(own);
  fit.stat = (own < 0 ? -coordinate : coordinate) / deviation;
}
