import { binaryUnit } from '../binary-unit.ts';
import { solveUpper } from '../householder.ts';
import { InputError, type Series } from '../input-error.ts';
import { isConstant } from '../series.ts';
import { removeTrend } from '../unit-root/deterministic-trend.ts';
import { relate } from './canonical-correlations.ts';
import { type JohansenTrend, MAX_EIGENVALUE_CRITICAL, TRACE_CRITICAL } from './johansen-critical-values.ts';
import { singularVectors } from './singular-vectors.ts';

/** Remarks on a Johansen test that stands but should be read with care. */
export type JohansenFlag =
  /** Fewer than 100 rows: the critical values are asymptotic. */
  'FewObservations';

/** How a Johansen test is run. */
export interface JohansenOptions {
  /** Deterministic terms; a constant unless said otherwise. */
  trend?: JohansenTrend;
  /** Lagged changes in the vector error correction model; 1 unless said otherwise. */
  lags?: number;
  /**
   * `statsmodels` answers what `coint_johansen` answers: with 0 lags it takes the level of the same row instead of
   * the row before, and it asks for no least number of rows.
   */
  compatibility?: 'statsmodels';
}

/** Johansen's test of how many cointegrating relations there are among k series. Entry r is of the null "r". */
export interface Johansen {
  n: number;
  dropped: number;
  flags: JohansenFlag[];
  /** Rows of the regressions: n - 1 - lags. */
  rows: number;
  /** Squared canonical correlations of changes and levels, descending. */
  eigenvalues: number[];
  /** -T sum over i >= r of ln(1 - eigenvalue[i]): against more than r relations. */
  trace: number[];
  /** Critical values at 90%, 95% and 99%. */
  traceCritical: [number, number, number][];
  /** -T ln(1 - eigenvalue[r]): against r + 1 relations. */
  maxEigenvalue: number[];
  maxEigenvalueCritical: [number, number, number][];
  /** Cointegrating vectors by eigenvalue: v'S v = 1 in the levels' residual covariance S, first entry positive. */
  vectors: number[][];
  /** Relations found by the trace at 95%: the first null that is not rejected. */
  rank: number;
}

/**
 * Johansen's maximum likelihood test of cointegration among 2 to 12 series.
 *
 * Changes and levels are freed from lagged changes and deterministic terms; the eigenvalues are the squared
 * canonical correlations of what is left, from QR factors and singular values rather than moment matrices, whose
 * condition is squared. The hedge of a pair's first relation is -vectors[0][1] / vectors[0][0] units of the second
 * for one of the first. Raises `LengthMismatch`, `NonFinite` (gaps too), `TooFewObservations` (n < 30),
 * `ConstantSeries`, `Collinear` and `InvalidParameter`. Johansen (1991); critical values MacKinnon, Haug and
 * Michelis (1999). Reference: statsmodels `coint_johansen`.
 */
export function johansen(series: readonly Series[], options: JohansenOptions = {}): Johansen {
  const { trend = 'c', lags = 1, compatibility } = options;
  const terms = ['n', 'c', 'ct'].indexOf(trend);
  if (terms < 0) throw invalid(`the trend "${trend}" is none of n, c, ct`);
  const k = series.length;
  if (k < 2 || k > 12) throw invalid(`tests 2 to 12 series together, got ${k}`);
  const n = (series[0] as Series).length;
  if (!(Number.isInteger(lags) && lags >= 0)) throw invalid(`lags must be a whole number, got ${lags}`);
  const constant = terms > 0 ? 1 : 0;
  const rows = n - 1 - lags;
  const freed = constant + k * lags;
  const least = Math.max(compatibility === undefined ? 30 : 0, freed + 2 * k + 2 + lags);
  if (n < least) {
    throw new InputError('TooFewObservations', `johansen: needs at least ${least} rows, got ${n}`);
  }
  const { levels, changes, scales } = prepareLevels(series, n, terms);
  const levelShift = compatibility !== undefined && lags === 0 ? 1 : 0;
  const related = relate(levels, changes, rows, lags, constant, levelShift);
  if (related === null) throw collinear();
  const { factor, correlations } = related;
  const { values, vectors } = singularVectors(correlations, k);
  const eigenvalues = values.map((value) => Math.min(1, value * value));
  const maxEigenvalue = eigenvalues.map((value) => -rows * Math.log1p(-value));
  if (maxEigenvalue[0] === Infinity) throw collinear();
  const trace = maxEigenvalue.map((_, r) => maxEigenvalue.slice(r).reduce((sum, value) => sum + value, 0));
  const traceCritical = criticalOf(TRACE_CRITICAL[trend], k);
  const rejected = trace.map((value, r) => value > (traceCritical[r] as [number, number, number])[1]);
  return {
    n,
    dropped: 0,
    flags: n < 100 ? ['FewObservations'] : [],
    rows,
    eigenvalues,
    trace,
    traceCritical,
    maxEigenvalue,
    maxEigenvalueCritical: criticalOf(MAX_EIGENVALUE_CRITICAL[trend], k),
    vectors: vectors.map((vector) => inLevels(vector, factor, rows, scales)),
    rank: rejected.includes(false) ? rejected.indexOf(false) : k,
  };
}

function invalid(sentence: string): InputError {
  return new InputError('InvalidParameter', `johansen: ${sentence}`);
}

function collinear(): InputError {
  return new InputError(
    'Collinear',
    'johansen: a series is a combination of the others, or its changes are of lagged changes; leave one out',
  );
}

/** Null r leaves k - r common trends, and the tables go by those. */
function criticalOf(
  table: readonly (readonly [number, number, number])[],
  k: number,
): [number, number, number][] {
  return Array.from({ length: k }, (_, r) => [...(table[k - r - 1] as [number, number, number])]);
}

/**
 * The series without their trend, and their changes as given (whose mean goes with the constant), each scaled by a
 * power of two, that squares neither overflow nor vanish.
 */
function prepareLevels(
  series: readonly Series[],
  n: number,
  terms: number,
): { levels: Float64Array[]; changes: Float64Array[]; scales: number[] } {
  const scales: number[] = [];
  const changes: Float64Array[] = [];
  const levels = series.map((values, index) => {
    if (values.length !== n) {
      throw new InputError(
        'LengthMismatch',
        `johansen: series ${index} has ${values.length} rows, the first ${n}; align them by time first`,
      );
    }
    let largest = 0;
    for (let i = 0; i < n; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) {
        throw new InputError(
          'NonFinite',
          `johansen: series ${index} is missing or infinite in row ${i}; give consecutive finite rows`,
        );
      }
      largest = Math.max(largest, Math.abs(value));
    }
    if (isConstant(values, n)) {
      throw new InputError('ConstantSeries', `johansen: series ${index} does not vary`);
    }
    const scale = 1 / binaryUnit(largest);
    scales.push(scale);
    const level = new Float64Array(n);
    for (let i = 0; i < n; i++) level[i] = (values[i] as number) * scale;
    const change = new Float64Array(n - 1);
    for (let i = 0; i + 1 < n; i++) change[i] = (level[i + 1] as number) - (level[i] as number);
    changes.push(change);
    removeTrend(level, n, terms, new Float64Array(3));
    return level;
  });
  return { levels, changes, scales };
}

/** sqrt(T) R^-1 u, in the units of the series, first entry positive. */
function inLevels(
  vector: Float64Array,
  factor: Float64Array,
  rows: number,
  scales: readonly number[],
): number[] {
  const k = vector.length;
  const scaled = vector.map((value) => value * Math.sqrt(rows));
  const solved = [...solveUpper(factor, k, k, scaled)];
  const sign = (solved.find((value) => value !== 0) ?? 1) < 0 ? -1 : 1;
  return solved.map((value, s) => sign * value * (scales[s] as number));
}
