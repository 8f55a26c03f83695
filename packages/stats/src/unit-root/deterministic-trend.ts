import { InputError } from '../input-error.ts';

/** The deterministic terms of a regression: none, constant, constant and line, constant and parabola. */
export type DeterministicTrend = 'n' | 'c' | 'ct' | 'ctt';

/** How many regressors a deterministic trend has. Raises `InvalidParameter` for an unknown one. */
export function trendTerms(method: string, trend: DeterministicTrend): number {
  const terms = ['n', 'c', 'ct', 'ctt'].indexOf(trend);
  if (terms < 0) {
    throw new InputError('InvalidParameter', `${method}: the trend "${trend}" is none of n, c, ct, ctt`);
  }
  return terms;
}

/** Coefficients of a removed trend, on the orthogonal polynomials 1, p and p^2 - mean(p^2), p = i - (n - 1)/2. */
export type TrendCoefficients = Float64Array;

/**
 * Takes the least squares polynomial in the row number out of the first `n` values, in place: `terms` 0 nothing,
 * 1 the mean, 2 a line, 3 a parabola. What was taken out is written into `coefficients` (3 long).
 *
 * The polynomials are orthogonal, so each coefficient stands alone; a second round removes the rounding of the
 * first, as in a two-pass mean. O(n).
 */
export function removeTrend(
  values: Float64Array,
  n: number,
  terms: number,
  coefficients: TrendCoefficients,
): void {
  coefficients.fill(0);
  for (let round = 0; round < 2 && terms > 0; round++) removeOnce(values, n, terms, coefficients);
}

function removeOnce(values: Float64Array, n: number, terms: number, coefficients: TrendCoefficients): void {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  const mean = sum / n;
  coefficients[0] = (coefficients[0] as number) + mean;
  if (terms === 1) {
    for (let i = 0; i < n; i++) values[i] = (values[i] as number) - mean;
    return;
  }
  const middle = (n - 1) / 2;
  const meanSquare = (n * n - 1) / 12;
  let first = 0;
  let second = 0;
  for (let i = 0; i < n; i++) {
    const p = i - middle;
    const value = (values[i] as number) - mean;
    first += p * value;
    second += (p * p - meanSquare) * value;
  }
  const slope = first / (n * meanSquare);
  const bend = terms > 2 ? second / ((n * meanSquare * (n * n - 4)) / 15) : 0;
  coefficients[1] = (coefficients[1] as number) + slope;
  coefficients[2] = (coefficients[2] as number) + bend;
  for (let i = 0; i < n; i++) {
    const p = i - middle;
    values[i] = (values[i] as number) - mean - slope * p - bend * (p * p - meanSquare);
  }
}
