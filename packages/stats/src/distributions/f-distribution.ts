import { regularisedBeta } from './incomplete-beta.ts';

/**
 * P(F > f) of the F distribution with `numerator` and `denominator` degrees of freedom: the p-value of an F
 * statistic. 1 for f <= 0. I_{d2/(d2 + d1 f)}(d2/2, d1/2); relative error below 1e-12.
 */
export function fUpperTail(f: number, numerator: number, denominator: number): number {
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  const ratio = (numerator * f) / denominator;
  return regularisedBeta(denominator / 2, numerator / 2, 1 / (1 + ratio), 1 / (1 + 1 / ratio));
}
