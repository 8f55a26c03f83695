import { InputError, type Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { isConstant, requireSameLength } from '../series.ts';

/** A regressor with its mean taken out and its length made 1. */
export interface StandardColumn {
  values: Float64Array;
  mean: number;
  length: number;
}

/** The rows in which the response and all regressors are known, in order. `NonFinite` for an infinite value. */
export function knownRows(
  y: Series,
  regressors: readonly Series[],
): { response: Float64Array; columns: Float64Array[]; dropped: number } {
  if (regressors.length === 0) {
    throw new InputError('InvalidParameter', 'leastSquares: there is no regressor; give at least one');
  }
  for (const regressor of regressors) requireSameLength('leastSquares', y, regressor);
  const series = [y, ...regressors];
  const rows = y.length;
  const known = new Uint8Array(rows).fill(1);
  for (const values of series) {
    for (let i = 0; i < rows; i++) {
      const value = values[i] as number;
      if (Number.isNaN(value)) known[i] = 0;
      else if (Math.abs(value) === Infinity) {
        throw new InputError('NonFinite', `leastSquares: row ${i} is infinite`);
      }
    }
  }
  const n = known.reduce((sum, flag) => sum + flag, 0);
  const [response, ...columns] = series.map((values) => {
    const kept = new Float64Array(n);
    for (let i = 0, k = 0; i < rows; i++) if (known[i] === 1) kept[k++] = values[i] as number;
    return kept;
  });
  return { response: response as Float64Array, columns, dropped: rows - n };
}

/** Prepares one regressor for the QR, in place. Raises `ConstantSeries`, `NonFinite` and `Collinear`. */
export function standardise(column: Float64Array, centre: boolean, index: number): StandardColumn {
  if (isConstant(column)) {
    throw new InputError('ConstantSeries', `leastSquares: regressor ${index} does not vary; leave it out`);
  }
  const level = lengthOf(column);
  const mean = centre ? meanOf(column) : 0;
  subtract(column, mean);
  const length = lengthOf(column);
  requireRange(level);
  requireRange(length);
  if (length <= 1e-12 * level) {
    throw new InputError(
      'Collinear',
      `leastSquares: regressor ${index} varies by less than its own rounding; leave it out`,
    );
  }
  for (let i = 0; i < column.length; i++) column[i] = (column[i] as number) / length;
  return { values: column, mean, length };
}

/** Raises `NonFinite` for a length whose square has left the range of doubles. */
export function requireRange(length: number): void {
  if (length > 1e-140 && length < 1e150) return;
  throw new InputError('NonFinite', 'leastSquares: squares leave the range of doubles: rescale the series');
}

/** Takes a mean out of a column, in place. */
export function subtract(column: Float64Array, mean: number): void {
  for (let i = 0; i < column.length; i++) column[i] = (column[i] as number) - mean;
}

/** The Euclidean length of a column. */
export function lengthOf(column: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < column.length; i++) squares += (column[i] as number) ** 2;
  return Math.sqrt(squares);
}
