/** Sum of products of a series with itself `lag` rows earlier, over the first `n` values. */
export function laggedProduct(values: Float64Array, n: number, lag: number): number {
  let sum = 0;
  for (let i = lag; i < n; i++) sum += (values[i] as number) * (values[i - lag] as number);
  return sum;
}

/**
 * Long-run variance of residuals of mean 0: g(0) + 2 sum over i <= lags of (1 - i/(lags + 1)) g(i), with g(i) the
 * sum of products at lag i over n. Bartlett kernel, never negative. Newey and West (1987).
 */
export function longRunVariance(residuals: Float64Array, n: number, lags: number): number {
  let sum = laggedProduct(residuals, n, 0);
  for (let i = 1; i <= lags; i++) sum += 2 * (1 - i / (lags + 1)) * laggedProduct(residuals, n, i);
  return sum / n;
}

/** Schwert's (1989) rule for a number of lags, ceil(12 (n/100)^(1/4)). */
export function schwertLags(n: number): number {
  // Two square roots are exact where the answer is a whole number, a power is not.
  return Math.ceil(12 * Math.sqrt(Math.sqrt(n / 100)));
}
