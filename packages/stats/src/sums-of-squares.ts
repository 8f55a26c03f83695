/** Sums of squares below this have lost digits to the underflow of their terms. */
export const LEAST_SUM = 1e-280;

/**
 * Whether `n` values of this mean vary by less than their own rounding, so that nothing can be regressed on them with a
 * constant: the second pivot of the QR of [1 x], sqrt(Sxx), against the length of x.
 */
export function isFlatButForRounding(sxx: number, n: number, mean: number): boolean {
  return sxx <= 1e-24 * (sxx + n * mean * mean);
}
