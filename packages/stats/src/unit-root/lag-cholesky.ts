import type { LagProducts } from './lag-products.ts';

/** A regression of the response on regressors in a given order, from their cross-products. A buffer. */
export interface LagFactor {
  /** Lower triangle L of products = L L', rows of side `size`, in the order of the regressors, response last. */
  lower: Float64Array;
  size: number;
  /**
   * Largest ratio of a column's square sum to what of it is left after the columns before: the factor by which
   * rounding has grown. Infinite if a column is a combination of the others.
   */
  amplification: number;
}

/** An empty factor. */
export function emptyLagFactor(): LagFactor {
  return { lower: new Float64Array(0), size: 0, amplification: 0 };
}

/**
 * Factorises the cross-products of `lags` lagged changes, with the level before the lags (so that every prefix is
 * the model of fewer lags) or after them (so that the last pivot is the level's own part). Cholesky, O(lags^3).
 * The last row then holds the response in orthonormal coordinates, and its last entry the square root of SSR.
 */
export function factoriseLags(source: LagProducts, lags: number, levelFirst: boolean, out: LagFactor): void {
  const size = lags + 2;
  if (out.lower.length < size * size) out.lower = new Float64Array(4 * size * size);
  out.size = size;
  out.amplification = 0;
  const { products } = source;
  const l = out.lower;
  for (let i = 0; i < size; i++) {
    const column = indexAt(i, lags, levelFirst);
    for (let j = 0; j <= i; j++) {
      const other = indexAt(j, lags, levelFirst);
      let sum = products[column < other ? column * size + other : other * size + column] as number;
      for (let p = 0; p < j; p++) sum -= (l[i * size + p] as number) * (l[j * size + p] as number);
      if (j < i) {
        l[i * size + j] = sum / (l[j * size + j] as number);
        continue;
      }
      const whole = column === lags + 1 ? source.levelSquares : source.changeSquares;
      const ratio = sum > 0 ? whole / sum : Infinity;
      if (ratio > out.amplification) out.amplification = ratio;
      // Beyond repair: the caller turns to the QR factorisation.
      if (out.amplification > 1e12) return;
      l[i * size + i] = Math.sqrt(sum);
    }
  }
}

/** Which cross-product stands at a position of the order: 0 is the response, lags + 1 the level. */
function indexAt(position: number, lags: number, levelFirst: boolean): number {
  if (position === lags + 1) return 0;
  if (levelFirst) return position === 0 ? lags + 1 : position;
  return position + 1;
}
