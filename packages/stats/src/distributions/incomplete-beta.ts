import { stirlingError } from './log-gamma.ts';

/**
 * The regularised incomplete beta function I_x(a, b): P(B <= x) of a beta-distributed B with shapes a, b > 0.
 *
 * `complement` is 1 - x, given apart because near x = 1 only the caller still has its digits. Relative error
 * below 1e-12 for shapes up to about 1e6. DiDonato and Morris (1992), algorithm 708, ACM Transactions on
 * Mathematical Software 18 (their continued fraction).
 */
export function regularisedBeta(a: number, b: number, x: number, complement: number = 1 - x): number {
  if (!(a > 0 && b > 0 && x >= 0 && complement >= 0)) return Number.NaN;
  if (x === 0) return 0;
  if (complement === 0) return 1;
  const density = betaKernel(a, b, x, complement);
  if (b * x <= a * complement) return density * continuedFraction(a, b, x, complement);
  return 1 - density * continuedFraction(b, a, complement, x);
}

/**
 * x^a (1 - x)^b / B(a, b), without the cancellation of its logarithms: the exponent is a sum of two deviances,
 * both positive. Loader (2000), "Fast and accurate computation of binomial probabilities".
 */
export function betaKernel(a: number, b: number, x: number, complement: number): number {
  const sum = a + b;
  const exponent =
    stirlingError(sum) -
    stirlingError(a) -
    stirlingError(b) -
    deviance(a, sum * x) -
    deviance(b, sum * complement);
  return Math.sqrt((a / sum) * (b / (2 * Math.PI))) * Math.exp(exponent);
}

/** k ln(k / m) + m - k, which is 0 and flat at k = m. */
function deviance(k: number, m: number): number {
  const difference = k - m;
  if (Math.abs(difference) > 0.1 * (k + m)) return k * Math.log(k / m) - difference;
  // ln(k / m) = 2 artanh(v), whose first term cancels against m - k; what is left is a series in v^2.
  const v = difference / (k + m);
  const square = v * v;
  let power = 2 * k * v;
  let value = difference * v;
  for (let j = 1; j < 200; j++) {
    power *= square;
    const next = value + power / (2 * j + 1);
    if (next === value) break;
    value = next;
  }
  return value;
}

/**
 * What to multiply x^a (1 - x)^b / B(a, b) with, for x on the lower side of the mean a / (a + b): the even part of
 * the continued fraction, which takes 1 - x where x itself is too coarse. Evaluated forwards by Lentz's method.
 */
function continuedFraction(a: number, b: number, x: number, complement: number): number {
  // a - (a + b) x, from whichever of x and 1 - x is the smaller and so the finer.
  const distance = x < 0.5 ? a - (a + b) * x : (a + b) * complement - b;
  let value = (a / (a + 1)) * (distance + 1);
  let forward = value;
  let inverse = 0;
  for (let m = 1; m < 100_000; m++) {
    const middle = a + 2 * m - 1;
    const alpha = (((a + m - 1) * x) / middle) * (((a + b + m - 1) * x) / middle) * (m * (b - m));
    const beta =
      m + (m * (b - m) * x) / middle + ((a + m) / (middle + 2)) * (distance + 1 + m * (1 + complement));
    inverse = 1 / (beta + alpha * inverse);
    forward = beta + alpha / forward;
    const change = forward * inverse;
    value *= change;
    if (Math.abs(change - 1) <= Number.EPSILON) break;
  }
  return 1 / value;
}
