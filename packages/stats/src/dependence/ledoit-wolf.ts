import type { Series } from '../input-error.ts';
import { moments } from '../moments.ts';

/**
 * The share of the identity that the estimator of Ledoit and Wolf (2004) mixes into a correlation matrix `r` of
 * complete series: beta^2 / delta^2, the error of the sample matrix over its distance from the target, in [0, 1].
 *
 * With z standardised (divisor n) and p series: delta^2 = |R - I|^2, beta^2 = sum_t |z_t z_t' - R|^2 / n^2
 * = (sum_t |z_t|^4 / n - |R|^2) / n, Frobenius norms. Series that do not vary are left out. O(n p).
 */
export function ledoitWolf(series: readonly Series[], r: readonly (readonly (number | null)[])[]): number {
  const varying = series.map((_, i) => i).filter((i) => r[i]?.[i] === 1);
  const n = (series[0] as Series).length;
  const lengths = new Float64Array(n);
  for (const i of varying) {
    const values = series[i] as Series;
    const { mean, deviation } = moments(values, 0);
    for (let t = 0; t < n; t++) {
      const z = ((values[t] as number) - mean) / deviation;
      lengths[t] = (lengths[t] as number) + z * z;
    }
  }
  let fourth = 0;
  for (const length of lengths) fourth += length * length;
  let squares = 0;
  let distance = 0;
  for (const i of varying) {
    for (const j of varying) {
      const value = r[i]?.[j] as number;
      squares += value * value;
      if (i !== j) distance += value * value;
    }
  }
  const error = Math.max(0, fourth / n - squares) / n;
  return distance === 0 ? 1 : Math.min(1, error / distance);
}
