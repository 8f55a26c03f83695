import { triangularise } from '../householder.ts';

/**
 * Frees levels and changes from lagged changes (and the mean) and relates them: the triangular factor of the levels,
 * column by column, and the transposed matrix of correlations between orthonormal bases of levels and changes.
 */
export function relate(
  levels: readonly Float64Array[],
  changes: readonly Float64Array[],
  rows: number,
  lags: number,
  constant: number,
  levelShift: number,
): { factor: Float64Array; correlations: Float64Array } | null {
  const k = levels.length;
  const freed = constant + k * lags;
  const columns = new Float64Array(rows * (freed + 2 * k));
  if (constant === 1) columns.fill(1, 0, rows);
  levels.forEach((level, s) => {
    const change = changes[s] as Float64Array;
    for (let i = 0; i < rows; i++) {
      const t = lags + i;
      for (let lag = 1; lag <= lags; lag++) {
        columns[(constant + (lag - 1) * k + s) * rows + i] = change[t - lag] as number;
      }
      columns[(freed + s) * rows + i] = level[t + levelShift] as number;
      columns[(freed + k + s) * rows + i] = change[t] as number;
    }
  });
  const done = triangularise(columns, rows, freed + 2 * k, freed + k);
  if (done < freed + k) return null;
  const at = (column: number, row: number): number => columns[column * rows + row] as number;
  const factor = new Float64Array(k * k);
  for (let j = 0; j < k; j++) for (let i = 0; i <= j; i++) factor[j * k + i] = at(freed + j, freed + i);
  // The changes in the basis that the levels have turned upright: the first k rows lie along the levels.
  const height = rows - freed;
  const freedChanges = new Float64Array(height * k);
  const along = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < height; i++) freedChanges[j * height + i] = at(freed + k + j, freed + i);
    for (let i = 0; i < k; i++) along[j * k + i] = freedChanges[j * height + i] as number;
  }
  if (triangularise(freedChanges, height, k, k) < k) return null;
  // correlations = along R^-1, column by column; transposed, so that its right vectors belong to the levels.
  const correlations = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < k; i++) {
      let sum = along[j * k + i] as number;
      for (let p = 0; p < j; p++) {
        sum -= (correlations[i * k + p] as number) * (freedChanges[j * height + p] as number);
      }
      correlations[i * k + j] = sum / (freedChanges[j * height + j] as number);
    }
  }
  return { factor, correlations };
}
