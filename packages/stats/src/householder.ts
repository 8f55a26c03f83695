/**
 * Triangularises a matrix by Householder reflections, in place: the first `pivots` of `count` columns become upper
 * triangular, and the others are rotated with them. Column-major, `rows` long each.
 *
 * A column of which less than 1e-12 of its length is left after the columns before it ends the work: the number of
 * columns done is returned, `pivots` if the matrix has full rank. On and above the diagonal stands R; below the
 * diagonal of the done columns is scratch. O(rows pivots count).
 */
export function triangularise(columns: Float64Array, rows: number, count: number, pivots: number): number {
  for (let k = 0; k < pivots; k++) {
    const at = k * rows;
    const whole = norm(columns, at, at + rows);
    const rest = norm(columns, at + k, at + rows);
    if (!(rest > 1e-12 * whole)) return k;
    const head = columns[at + k] as number;
    const diagonal = head > 0 ? -rest : rest;
    // v = column - diagonal e_k, and v'v / 2 = rest (rest + |head|).
    columns[at + k] = head - diagonal;
    const half = rest * (rest + Math.abs(head));
    for (let j = k + 1; j < count; j++) reflect(columns, at, j * rows, k, rows, half);
    columns[at + k] = diagonal;
  }
  return pivots;
}

/** Solves R b = z for the R that `triangularise` left in the first `count` of columns that are `rows` long. */
export function solveUpper(
  columns: Float64Array,
  rows: number,
  count: number,
  z: ArrayLike<number>,
): Float64Array {
  const solution = new Float64Array(count);
  for (let j = count - 1; j >= 0; j--) {
    let value = z[j] as number;
    for (let k = count - 1; k > j; k--) value -= (columns[k * rows + j] as number) * (solution[k] as number);
    solution[j] = value / (columns[j * rows + j] as number);
  }
  return solution;
}

/** The inverse of R'R, row by row, for the same R. */
export function inverseGram(columns: Float64Array, rows: number, count: number): Float64Array[] {
  const inverse = Array.from({ length: count }, (_, j) => {
    const unit = new Float64Array(count);
    unit[j] = 1;
    return solveUpper(columns, rows, count, unit);
  });
  // inverse[j] is column j of R^-1, and (R'R)^-1 = R^-1 (R^-1)'.
  return Array.from({ length: count }, (_, a) =>
    Float64Array.from({ length: count }, (_, b) =>
      inverse.reduce((sum, column) => sum + (column[a] as number) * (column[b] as number), 0),
    ),
  );
}

function reflect(
  columns: Float64Array,
  mirror: number,
  target: number,
  from: number,
  rows: number,
  half: number,
): void {
  let s0 = 0;
  let s1 = 0;
  let i = from;
  for (; i + 1 < rows; i += 2) {
    s0 += (columns[mirror + i] as number) * (columns[target + i] as number);
    s1 += (columns[mirror + i + 1] as number) * (columns[target + i + 1] as number);
  }
  if (i < rows) s0 += (columns[mirror + i] as number) * (columns[target + i] as number);
  const factor = (s0 + s1) / half;
  if (factor === 0) return;
  for (let r = from; r < rows; r++) {
    const at = target + r;
    columns[at] = (columns[at] as number) - factor * (columns[mirror + r] as number);
  }
}

function norm(columns: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (columns[i] as number) * (columns[i] as number);
  return Math.sqrt(sum);
}
