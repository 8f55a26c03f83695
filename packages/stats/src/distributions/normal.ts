import { InputError } from '../input-error.ts';
import { scaledErfc, timesGaussian } from './error-function.ts';

/** Density of the standard normal distribution, exp(-x^2 / 2) / sqrt(2 pi). */
export function normalDensity(x: number): number {
  return timesGaussian(1 / Math.sqrt(2 * Math.PI), x, 2);
}

/**
 * P(Z <= x) of a standard normal Z. Relative error about 1e-15 in both tails, down to the smallest double at
 * x = -38.
 */
export function normalCdf(x: number): number {
  return x > 0 ? 1 - lowerTail(x) : lowerTail(-x);
}

/** P(|Z| > |z|) of a standard normal Z: the two-sided p-value of a z statistic. */
export function normalTwoSidedP(z: number): number {
  return 2 * lowerTail(Math.abs(z));
}

/** P(Z <= -x) for x >= 0. */
function lowerTail(x: number): number {
  return timesGaussian(0.5 * scaledErfc(x / Math.SQRT2), x, 2);
}

/**
 * The standard normal quantile: the x of which P(Z <= x) = p. Infinite for p = 0 and 1. Raises `InvalidParameter`
 * for p outside [0, 1].
 *
 * Rational approximations (1e-16 by design), then one step of Halley's method against `normalCdf`.
 * Wichura (1988), algorithm AS 241, Applied Statistics 37.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new InputError('InvalidParameter', `normalQuantile: p is ${p}; a probability lies in [0, 1]`);
  }
  if (p > 0.5) return -lowerQuantile(1 - p);
  return lowerQuantile(p);
}

/** The quantile of a p <= 1/2. */
function lowerQuantile(p: number): number {
  if (p === 0) return -Infinity;
  const x = rationalQuantile(p);
  const density = normalDensity(x);
  // A subnormal p has lost the digits that a refinement would need.
  if (p < 1e-306) return x;
  const step = (lowerTail(-x) - p) / density;
  return x - step / (1 + (x * step) / 2);
}

function rationalQuantile(p: number): number {
  const q = p - 0.5;
  if (q >= -0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_NUMERATOR, r)) / polynomial(CENTRE_DENOMINATOR, r);
  }
  const r = Math.sqrt(-Math.log(p));
  if (r <= 5) return -polynomial(MIDDLE_NUMERATOR, r - 1.6) / polynomial(MIDDLE_DENOMINATOR, r - 1.6);
  return -polynomial(TAIL_NUMERATOR, r - 5) / polynomial(TAIL_DENOMINATOR, r - 5);
}

/** Coefficients in ascending order, by Horner's rule. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + (coefficients[i] as number);
  return value;
}

// The constants of AS 241 (PPND16), rounded to doubles.
const CENTRE_NUMERATOR = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_DENOMINATOR = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const MIDDLE_NUMERATOR = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_DENOMINATOR = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const TAIL_NUMERATOR = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const TAIL_DENOMINATOR = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];
