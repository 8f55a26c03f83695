import { InputError, type Series } from '../input-error.ts';
import { ledoitWolf } from './ledoit-wolf.ts';
import { correlationOf } from './pearson.ts';

/** Remarks on a correlation matrix. */
export type CorrelationMatrixFlag =
  /** A series does not vary where others are known: its correlations are null. */
  | 'ConstantSeries'
  /** Pairs stand on different rows: the matrix need not be positive semidefinite. */
  | 'UnequalRows'
  /** Fewer rows than series: without shrinkage the matrix is singular. */
  | 'FewerRowsThanSeries';

/** Whether to shrink towards independence. */
export interface CorrelationMatrixOptions {
  /** `ledoit-wolf` uses the rows in which every series is known, and one intensity for the whole matrix. */
  shrinkage?: 'none' | 'ledoit-wolf';
}

/** The correlations of several series, most often returns over the same bars. */
export interface CorrelationMatrix {
  /** Rows that the largest pair stands on. */
  n: number;
  /** Rows in which some series is missing. */
  dropped: number;
  flags: CorrelationMatrixFlag[];
  /** Row i, column j: of series i and j; null where one does not vary or fewer than 2 rows are known. */
  r: (number | null)[][];
  /** Rows known in both series. */
  rows: number[][];
  /** sqrt(2 (1 - r)): 0 for equal, sqrt(2) for unrelated, 2 for opposite series. For clustering. */
  distance: (number | null)[][];
  /** Share of the identity matrix that was mixed in; null without shrinkage. */
  shrinkage: number | null;
}

/**
 * The correlation matrix of returns over common bars, NaN for missing ones: each pair by its own known rows, or, with
 * shrinkage, all by the rows known in every series.
 *
 * Shrinkage is that of Ledoit and Wolf (2004), "A well-conditioned estimator for large-dimensional covariance
 * matrices", applied to standardised series, whose target is then the identity. Raises `LengthMismatch`,
 * `NonFinite` (Infinity) and `TooFewObservations` (no series; with shrinkage under 2 common rows). O(m^2 n).
 */
export function correlationMatrix(
  series: readonly Series[],
  { shrinkage = 'none' }: CorrelationMatrixOptions = {},
): CorrelationMatrix {
  const length = requireTable(series);
  const complete = completeRows(series, length);
  const dropped = length - complete.length;
  const flags: CorrelationMatrixFlag[] = [];
  let known: Series[] = [...series];
  if (shrinkage === 'ledoit-wolf') {
    if (complete.length < 2) {
      throw new InputError(
        'TooFewObservations',
        `correlationMatrix: shrinkage needs at least 2 rows known in every series, got ${complete.length}`,
      );
    }
    known = series.map((values) => Float64Array.from(complete, (row) => values[row] as number));
  }
  const { r, rows } = pairwise(known);
  if (r.some((line, i) => line[i] === null)) flags.push('ConstantSeries');
  if (shrinkage === 'none' && dropped > 0) flags.push('UnequalRows');
  const largest = Math.max(...rows.flat());
  if (largest <= series.length) flags.push('FewerRowsThanSeries');
  const intensity = shrinkage === 'none' ? null : ledoitWolf(known, r);
  const shrunk =
    intensity === null
      ? r
      : r.map((line, i) =>
          line.map((value, j) => (i === j || value === null ? value : value * (1 - intensity))),
        );
  return {
    n: largest,
    dropped,
    flags,
    r: shrunk,
    rows,
    distance: shrunk.map((line) => line.map((value) => (value === null ? null : Math.sqrt(2 * (1 - value))))),
    shrinkage: intensity,
  };
}

/** The common length. */
function requireTable(series: readonly Series[]): number {
  const length = series[0]?.length;
  if (length === undefined) {
    throw new InputError('TooFewObservations', 'correlationMatrix: there is no series; give at least one');
  }
  for (const [i, values] of series.entries()) {
    if (values.length !== length) {
      throw new InputError(
        'LengthMismatch',
        `correlationMatrix: series ${i} has ${values.length} rows and series 0 has ${length}; align them by time`,
      );
    }
    for (let row = 0; row < length; row++) {
      if (Math.abs(values[row] as number) !== Infinity) continue;
      throw new InputError('NonFinite', `correlationMatrix: row ${row} of series ${i} is infinite`);
    }
  }
  return length;
}

/** The rows in which every series is known. */
function completeRows(series: readonly Series[], length: number): number[] {
  const complete: number[] = [];
  for (let row = 0; row < length; row++) {
    if (series.every((values) => !Number.isNaN(values[row]))) complete.push(row);
  }
  return complete;
}

/** Every pair by the rows known in both. */
function pairwise(series: readonly Series[]): { r: (number | null)[][]; rows: number[][] } {
  const size = series.length;
  const length = (series[0] as Series).length;
  const a = new Float64Array(length);
  const b = new Float64Array(length);
  const r = Array.from({ length: size }, () => new Array<number | null>(size).fill(null));
  const rows = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const left = series[i] as Series;
      const right = series[j] as Series;
      let n = 0;
      for (let row = 0; row < length; row++) {
        const p = left[row] as number;
        const q = right[row] as number;
        if (Number.isNaN(p) || Number.isNaN(q)) continue;
        a[n] = p;
        b[n] = q;
        n++;
      }
      const value = correlationOf(a, b, n);
      const entry = Number.isNaN(value) ? null : i === j ? 1 : value;
      (r[i] as (number | null)[])[j] = entry;
      (r[j] as (number | null)[])[i] = entry;
      (rows[i] as number[])[j] = n;
      (rows[j] as number[])[i] = n;
    }
  }
  return { r, rows };
}
