import type { AdfSample } from './adf-sample.ts';

/**
 * Cross-products of all regressors of a Dickey-Fuller regression over the same rows. Index 0 is the response
 * (change[t]), index j the j-th lagged change, index lags + 1 the level. A buffer, filled by `fillLagProducts`.
 */
export interface LagProducts {
  /** Square matrix of side lags + 2, deterministic terms projected out, row by row. */
  products: Float64Array;
  /** Largest square sum of a column of changes before the projection. */
  changeSquares: number;
  /** Square sum of the levels before the projection. */
  levelSquares: number;
  /** Scratch: sums of the columns against one deterministic term. */
  sums: Float64Array;
  /** Scratch: one deterministic term, row by row. */
  term: Float64Array;
}

/** Empty cross-products. */
export function emptyLagProducts(): LagProducts {
  return {
    products: new Float64Array(0),
    changeSquares: 0,
    levelSquares: 0,
    sums: new Float64Array(0),
    term: new Float64Array(0),
  };
}

/**
 * Fills `out` over the rows t = first .. changes - 1 for `lags` <= first.
 *
 * Shifting both columns of a product by one row changes it by one entering and one leaving term, so only the
 * products with the response are summed over all rows, and the rest follow along the diagonals; the level's
 * products follow from level[t+1] = level[t] + change[t]. O(T lags + lags^2) instead of O(T lags^2).
 */
export function fillLagProducts(sample: AdfSample, first: number, lags: number, out: LagProducts): void {
  const { level, change, changes: end, terms } = sample;
  const size = lags + 2;
  const rows = end - first;
  if (out.products.length < size * size) {
    out.products = new Float64Array(4 * size * size);
    out.sums = new Float64Array(2 * size);
  }
  const g = out.products;
  laggedDots(change, first, change, first, rows, lags, g);
  for (let i = 0; i < lags; i++) {
    const leaving = change[end - 1 - i] as number;
    const entering = change[first - 1 - i] as number;
    for (let j = i; j < lags; j++) {
      g[(i + 1) * size + j + 1] =
        (g[i * size + j] as number) +
        entering * (change[first - 1 - j] as number) -
        leaving * (change[end - 1 - j] as number);
    }
  }
  const last = lags + 1;
  let product = dot(level, first, change, first, rows);
  g[last] = product;
  const leaving = level[end] as number;
  const entering = level[first] as number;
  for (let j = 0; j < lags; j++) {
    product +=
      (g[j] as number) +
      entering * (change[first - 1 - j] as number) -
      leaving * (change[end - 1 - j] as number);
    g[(j + 1) * size + last] = product;
  }
  out.levelSquares = dot(level, first, level, first, rows);
  g[last * size + last] = out.levelSquares;
  out.changeSquares = 0;
  for (let i = 0; i <= lags; i++) {
    out.changeSquares = Math.max(out.changeSquares, g[i * size + i] as number);
  }
  if (terms > 0) projectOutMean(sample, first, lags, out);
  if (terms > 1) projectOutPowers(sample, first, lags, out);
}

function projectOutMean(sample: AdfSample, first: number, lags: number, out: LagProducts): void {
  const { level, change, changes: end } = sample;
  const { sums } = out;
  let sum = 0;
  let levels = 0;
  for (let t = first; t < end; t++) {
    sum += change[t] as number;
    levels += level[t] as number;
  }
  sums[0] = sum;
  for (let j = 1; j <= lags; j++) {
    sum += (change[first - j] as number) - (change[end - j] as number);
    sums[j] = sum;
  }
  sums[lags + 1] = levels;
  subtractSquare(out, lags + 2, end - first);
}

/** The line and the parabola, as polynomials orthogonal to the mean and to each other over these rows. */
function projectOutPowers(sample: AdfSample, first: number, lags: number, out: LagProducts): void {
  const { level, change, changes: end, terms } = sample;
  const rows = end - first;
  if (out.term.length < rows) out.term = new Float64Array(2 * rows);
  const { term, sums } = out;
  const middle = (rows - 1) / 2;
  const meanSquare = (rows * rows - 1) / 12;
  for (let power = 1; power < terms; power++) {
    for (let i = 0; i < rows; i++) {
      const p = i - middle;
      term[i] = power === 1 ? p : p * p - meanSquare;
    }
    laggedDots(term, 0, change, first, rows, lags, sums);
    sums[lags + 1] = dot(term, 0, level, first, rows);
    subtractSquare(out, lags + 2, rows * meanSquare * (power === 1 ? 1 : (rows * rows - 4) / 15));
  }
}

/** Takes the part along one deterministic term of square length `norm` out of every product. */
function subtractSquare(out: LagProducts, size: number, norm: number): void {
  const { products, sums } = out;
  for (let i = 0; i < size; i++) {
    const share = (sums[i] as number) / norm;
    for (let j = i; j < size; j++) {
      const at = i * size + j;
      products[at] = (products[at] as number) - share * (sums[j] as number);
    }
  }
}

/** Sum of a[i + t] b[j + t] for t < count, in four interleaved sums: faster, and rounded less. */
function dot(a: Float64Array, i: number, b: Float64Array, j: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let t = 0;
  for (; t + 3 < count; t += 4) {
    s0 += (a[i + t] as number) * (b[j + t] as number);
    s1 += (a[i + t + 1] as number) * (b[j + t + 1] as number);
    s2 += (a[i + t + 2] as number) * (b[j + t + 2] as number);
    s3 += (a[i + t + 3] as number) * (b[j + t + 3] as number);
  }
  for (; t < count; t++) s0 += (a[i + t] as number) * (b[j + t] as number);
  return s0 + s1 + (s2 + s3);
}

/** Dots of `a` with `b` lagged by 0 .. lags, four lags at a time so that each value is read once for four. */
function laggedDots(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  count: number,
  lags: number,
  out: Float64Array,
): void {
  let lag = 0;
  for (; lag + 3 <= lags; lag += 4) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    const start = j - lag;
    let b1 = b[start - 1] as number;
    let b2 = b[start - 2] as number;
    let b3 = b[start - 3] as number;
    for (let t = 0; t < count; t++) {
      const value = a[i + t] as number;
      const b0 = b[start + t] as number;
      s0 += value * b0;
      s1 += value * b1;
      s2 += value * b2;
      s3 += value * b3;
      b3 = b2;
      b2 = b1;
      b1 = b0;
    }
    out[lag] = s0;
    out[lag + 1] = s1;
    out[lag + 2] = s2;
    out[lag + 3] = s3;
  }
  for (; lag <= lags; lag++) out[lag] = dot(a, i, b, j - lag, count);
}
