import type { Series } from './input-error.ts';

/** Means, and sums of squares and products about them, of two series. A buffer, filled by `sumCentredPairs`. */
export interface CentredPairSums {
  meanA: number;
  meanB: number;
  saa: number;
  sab: number;
  sbb: number;
}

/** Sums to be filled. */
export function emptyPairSums(): CentredPairSums {
  return { meanA: Number.NaN, meanB: Number.NaN, saa: Number.NaN, sab: Number.NaN, sbb: Number.NaN };
}

/**
 * The sums of the first `n` entries of two series without missing values, by two passes, O(n): the first means are
 * rounded, and what the deviations sum to corrects both the means and the sums.
 */
export function sumCentredPairs(a: Series, b: Series, n: number, sums: CentredPairSums): void {
  let roughA = 0;
  let roughB = 0;
  for (let i = 0; i < n; i++) {
    roughA += a[i] as number;
    roughB += b[i] as number;
  }
  roughA /= n;
  roughB /= n;
  let saa = 0;
  let sab = 0;
  let sbb = 0;
  let restA = 0;
  let restB = 0;
  for (let i = 0; i < n; i++) {
    const p = (a[i] as number) - roughA;
    const q = (b[i] as number) - roughB;
    saa += p * p;
    sab += p * q;
    sbb += q * q;
    restA += p;
    restB += q;
  }
  sums.meanA = roughA + restA / n;
  sums.meanB = roughB + restB / n;
  sums.saa = saa - (restA * restA) / n;
  sums.sab = sab - (restA * restB) / n;
  sums.sbb = sbb - (restB * restB) / n;
}
