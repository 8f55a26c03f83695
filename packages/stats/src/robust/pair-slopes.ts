import type { Series } from '../input-error.ts';

/**
 * Writes the slopes (y_j - y_i) / (x_j - x_i) of all pairs of the first `n` rows into `slopes`, pairs with the same x
 * left out, and returns how many there are.
 */
export function fillPairSlopes(y: Series, x: Series, n: number, slopes: Float64Array): number {
  let count = 0;
  for (let i = 1; i < n; i++) {
    const xi = x[i] as number;
    const yi = y[i] as number;
    for (let j = 0; j < i; j++) {
      const run = xi - (x[j] as number);
      if (run === 0) continue;
      slopes[count++] = (yi - (y[j] as number)) / run;
    }
  }
  return count;
}

/** Sums over the groups of equal values, k the size of a group. */
export interface Ties {
  /** Pairs of equal values: sum k (k - 1) / 2. */
  pairs: number;
  /** Sum k (k - 1) (2 k + 5): the groups' part in the variance of Kendall's statistic, times 18. */
  varianceTerm: number;
}

/** Counts the groups of equal values among the first `n`. */
export function tiesOf(values: Series, n: number): Ties {
  const sorted = Float64Array.from({ length: n }, (_, i) => values[i] as number).sort();
  let pairs = 0;
  let varianceTerm = 0;
  for (let start = 0; start < n; ) {
    let end = start + 1;
    // Not Object.is: 0 and -0, which the sort keeps apart, are the same price.
    while (end < n && sorted[end] === sorted[start]) end++;
    const k = end - start;
    pairs += (k * (k - 1)) / 2;
    varianceTerm += k * (k - 1) * (2 * k + 5);
    start = end;
  }
  return { pairs, varianceTerm };
}
