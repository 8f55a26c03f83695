import { triangularise } from '../householder.ts';
import type { InputCode } from '../input-error.ts';
import { type AdfFit, conclude, isFit } from './adf-fit.ts';
import type { AdfSample } from './adf-sample.ts';
import { describeNested, type NestedModels } from './lag-selection.ts';

let columns = new Float64Array(0);

/** All nested models by one QR of [deterministic, level, lag 1 .. maxLag | response]. */
export function compareByQr(sample: AdfSample, maxLag: number, nested: NestedModels): InputCode | null {
  const rows = sample.changes - maxLag;
  const { terms } = sample;
  const pivots = terms + 1 + maxLag;
  fillColumns(sample, maxLag, maxLag, true);
  const done = triangularise(columns, rows, pivots + 1, pivots);
  if (done <= terms) return 'Collinear';
  describeNested(sample, done - terms, rows, nested);
  nested.error = 0;
  const response = pivots * rows;
  let ssr = 0;
  for (let i = done; i < rows; i++) ssr += (columns[response + i] as number) ** 2;
  for (let lags = done - terms - 1; lags >= 0; lags--) {
    const coordinate = columns[response + terms + lags] as number;
    nested.ssr[lags] = ssr;
    nested.gain[lags] = coordinate * coordinate;
    if (!isFit(sample, ssr, rows)) return 'PerfectFit';
    ssr += coordinate * coordinate;
  }
  return null;
}

/** One model by a QR of [deterministic, lag 1 .. lags, level | response]. */
export function estimateByQr(sample: AdfSample, lags: number, fit: AdfFit): InputCode | null {
  const { rows } = fit;
  const pivots = sample.terms + 1 + lags;
  fillColumns(sample, lags, lags, false);
  const done = triangularise(columns, rows, pivots + 1, pivots);
  const response = pivots * rows;
  let ssr = 0;
  for (let i = done; i < rows; i++) ssr += (columns[response + i] as number) ** 2;
  if (!isFit(sample, ssr, rows)) return 'PerfectFit';
  if (done < pivots) return 'Collinear';
  const level = pivots - 1;
  conclude(
    columns[level * rows + level] as number,
    columns[response + level] as number,
    ssr,
    sample.terms,
    fit,
  );
  return null;
}

/** The regressors and the response over the rows t = first .. changes - 1. */
function fillColumns(sample: AdfSample, first: number, lags: number, levelFirst: boolean): void {
  const { terms, level, change, changes } = sample;
  const rows = changes - first;
  const length = rows * (terms + lags + 2);
  if (columns.length < length) columns = new Float64Array(2 * length);
  const middle = (rows - 1) / 2;
  for (let i = 0; i < rows; i++) {
    const p = (2 * (i - middle)) / rows;
    for (let power = 0; power < terms; power++) columns[power * rows + i] = p ** power;
  }
  const levelAt = levelFirst ? terms : terms + lags;
  columns.set(level.subarray(first, changes), levelAt * rows);
  for (let lag = 1; lag <= lags; lag++) {
    const at = levelFirst ? terms + lag : terms + lag - 1;
    columns.set(change.subarray(first - lag, changes - lag), at * rows);
  }
  columns.set(change.subarray(first, changes), (terms + lags + 1) * rows);
}
