/** Fractional bits of the fixed-point numbers here: about 75 decimal digits. */
const BITS = 256n;

/** What Johansen's test of two series comes to in exact arithmetic. */
export interface ExactJohansen {
  eigenvalues: [number, number];
  trace: [number, number];
  maxEigenvalue: [number, number];
  /** Units of the second series that the first relation holds against one of the first. */
  hedge: number;
  /** Larger condition number of the two moment matrices that the reference inverts: rounding grows by so much. */
  condition: number;
}

type Column = bigint[];
type Matrix = [[bigint, bigint], [bigint, bigint]];

/**
 * The reference's own definition of Johansen's test of two series (statsmodels `coint_johansen`, det_order -1 to 1),
 * from the moment matrices, in fixed point of 256 bits: for cases so ill-conditioned that the reference's float64
 * answer has no digits to compare with.
 */
export function exactJohansen(
  series: readonly ArrayLike<number>[],
  detOrder: number,
  lags: number,
): ExactJohansen {
  const levels = series.map((values) =>
    without(Array.from(values, fixed), powers(values.length, detOrder + 1)),
  );
  const changes = levels.map((level) => level.slice(1).map((value, t) => value - (level[t] as bigint)));
  const n = (levels[0] as Column).length;
  const rows = n - 1 - lags;
  const basis = powers(rows, detOrder < 0 ? 0 : 1);
  for (let lag = 1; lag <= lags; lag++) {
    for (const change of changes) basis.push(change.slice(lags - lag, change.length - lag));
  }
  const r0 = changes.map((change) => without(change.slice(lags), basis));
  const rk = levels.map((level) => without(level.slice(1, n - lags), basis));
  const skk = moments(rk, rk);
  const sk0 = moments(rk, r0);
  const transposed: Matrix = [
    [sk0[0][0], sk0[1][0]],
    [sk0[0][1], sk0[1][1]],
  ];
  const s00 = moments(r0, r0);
  const matrix = times(inverse(skk), times(sk0, times(inverse(s00), transposed)));
  const [first, second] = eigenvaluesOf(matrix);
  const eigenvalues: [number, number] = [float(first), float(second)];
  const maxEigenvalue: [number, number] = [
    -rows * Math.log1p(-eigenvalues[0]),
    -rows * Math.log1p(-eigenvalues[1]),
  ];
  return {
    eigenvalues,
    trace: [maxEigenvalue[0] + maxEigenvalue[1], maxEigenvalue[1]],
    maxEigenvalue,
    hedge: -float(divide(first - matrix[0][0], matrix[0][1])),
    condition: Math.max(conditionOf(skk), conditionOf(s00)),
  };
}

function conditionOf(matrix: Matrix): number {
  const [largest, smallest] = eigenvaluesOf(matrix);
  return float(divide(largest, smallest));
}

/** A double as it is, bit for bit. */
function fixed(value: number): bigint {
  let whole = value;
  let shift = 0n;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    shift++;
  }
  return (BigInt(whole) << BITS) >> shift;
}

function float(value: bigint): number {
  const size = value < 0n ? -value : value;
  const spare = BigInt(Math.max(0, size.toString(2).length - 60));
  const rounded = Number(size >> spare) * 2 ** Number(spare - BITS);
  return value < 0n ? -rounded : rounded;
}

const multiply = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const divide = (a: bigint, b: bigint): bigint => (a << BITS) / b;

function squareRoot(value: bigint): bigint {
  const target = value << BITS;
  if (target < 2n) return target;
  let root = 1n << BigInt((target.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + target / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function dot(a: Column, b: Column): bigint {
  let sum = 0n;
  for (let t = 0; t < a.length; t++) sum += (a[t] as bigint) * (b[t] as bigint);
  return sum >> BITS;
}

/** 1, t, t^2... as columns. */
function powers(rows: number, count: number): Column[] {
  return Array.from({ length: count }, (_, power) =>
    Array.from({ length: rows }, (_, t) => BigInt((t + 1) ** power) << BITS),
  );
}

/** Residuals of a column on a basis, by the normal equations. */
function without(column: Column, basis: readonly Column[]): Column {
  if (basis.length === 0) return column;
  const system = basis.map((a) => [...basis.map((b) => dot(a, b)), dot(a, column)]);
  const size = basis.length;
  for (let i = 0; i < size; i++) {
    const pivot = system[i] as bigint[];
    const scale = pivot[i] as bigint;
    for (let j = i; j <= size; j++) pivot[j] = divide(pivot[j] as bigint, scale);
    for (const row of system) {
      const factor = row[i] as bigint;
      if (row === pivot || factor === 0n) continue;
      for (let j = i; j <= size; j++) row[j] = (row[j] as bigint) - multiply(factor, pivot[j] as bigint);
    }
  }
  return column.map((value, t) => {
    let rest = value << BITS;
    for (let j = 0; j < size; j++) {
      rest -= ((system[j] as bigint[])[size] as bigint) * ((basis[j] as Column)[t] as bigint);
    }
    return rest >> BITS;
  });
}

function moments(a: readonly Column[], b: readonly Column[]): Matrix {
  const at = (i: number, j: number): bigint => dot(a[i] as Column, b[j] as Column);
  return [
    [at(0, 0), at(0, 1)],
    [at(1, 0), at(1, 1)],
  ];
}

function times(a: Matrix, b: Matrix): Matrix {
  const at = (i: 0 | 1, j: 0 | 1): bigint => multiply(a[i][0], b[0][j]) + multiply(a[i][1], b[1][j]);
  return [
    [at(0, 0), at(0, 1)],
    [at(1, 0), at(1, 1)],
  ];
}

function determinant([[a, b], [c, d]]: Matrix): bigint {
  return multiply(a, d) - multiply(b, c);
}

function inverse(matrix: Matrix): Matrix {
  const [[a, b], [c, d]] = matrix;
  const scale = determinant(matrix);
  return [
    [divide(d, scale), -divide(b, scale)],
    [-divide(c, scale), divide(a, scale)],
  ];
}

function eigenvaluesOf(matrix: Matrix): [bigint, bigint] {
  const sum = matrix[0][0] + matrix[1][1];
  const root = squareRoot(multiply(sum, sum) - 4n * determinant(matrix));
  const larger = (sum + root) / 2n;
  return [larger, divide(determinant(matrix), larger)];
}
