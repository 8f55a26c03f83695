import { InputError } from '../input-error.ts';
import { betaKernel, regularisedBeta } from './incomplete-beta.ts';
import { logGamma } from './log-gamma.ts';
import { normalQuantile } from './normal.ts';

/**
 * P(|T| > |t|) of Student's t with `degrees` of freedom: the two-sided p-value of a t statistic.
 *
 * I_{v/(v + t^2)}(v/2, 1/2), v = degrees > 0 (need not be whole). Relative error below 1e-12.
 */
export function studentTwoSidedP(t: number, degrees: number): number {
  const ratio = Math.abs(t) / Math.sqrt(degrees);
  if (ratio > FAR) return tailFactor(degrees) * ratio ** -degrees;
  const { x, complement } = betaArguments(Math.abs(t), degrees);
  return regularisedBeta(degrees / 2, 0.5, x, complement);
}

/** P(T <= t) of Student's t with `degrees` of freedom. */
export function studentCdf(t: number, degrees: number): number {
  const half = studentTwoSidedP(t, degrees) / 2;
  return t > 0 ? 1 - half : half;
}

/**
 * The quantile of Student's t with `degrees` of freedom: the t of which P(T <= t) = p. Infinite for p = 0 and 1.
 * Raises `InvalidParameter` for p outside [0, 1] or degrees not above 0.
 *
 * Newton's method on the logarithms of the tail (or, near the middle, the central) probability and of |t|. Both
 * are concave, so that it converges from anywhere.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new InputError('InvalidParameter', `studentQuantile: p is ${p}; a probability lies in [0, 1]`);
  }
  if (!(degrees > 0)) {
    throw new InputError(
      'InvalidParameter',
      `studentQuantile: ${degrees} degrees of freedom; use more than 0`,
    );
  }
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (degrees === Infinity) return normalQuantile(p);
  if (p === 0.5) return 0;
  return p < 0.5 ? -upperQuantile(p, degrees) : upperQuantile(1 - p, degrees);
}

/** Beyond this multiple of sqrt(v), v + t^2 is t^2 and the tail is a power. */
const FAR = 1e8;

/** The limit of P(|T| > t) (t / sqrt(v))^v for large t: 2 Gamma((v + 1)/2) / (v Gamma(v/2) sqrt(pi)). */
function tailFactor(degrees: number): number {
  const logRatio = logGamma((degrees + 1) / 2) - logGamma(degrees / 2);
  return (2 * Math.exp(logRatio)) / (degrees * Math.sqrt(Math.PI));
}

/** The t > 0 with P(T > t) = tail < 1/2. */
function upperQuantile(tail: number, degrees: number): number {
  const power = tailFactor(degrees) / (2 * tail);
  if (power > FAR ** degrees) return Math.sqrt(degrees) * power ** (1 / degrees);
  const central = 1 - 2 * tail;
  const middle = central < 0.5;
  const target = Math.log(middle ? central : 2 * tail);
  let logT = Math.log(Math.max(-normalQuantile(tail), 1e-300));
  for (let i = 0; i < 100; i++) {
    const t = Math.exp(logT);
    const { x, complement } = betaArguments(t, degrees);
    const probability = middle
      ? regularisedBeta(0.5, degrees / 2, complement, x)
      : regularisedBeta(degrees / 2, 0.5, x, complement);
    // t times the density of |T|, the slope of the probability over ln t.
    const slope = 2 * betaKernel(degrees / 2, 0.5, x, complement);
    const step = ((Math.log(probability) - target) * probability) / slope;
    const next = logT + (middle ? -step : step);
    if (!Number.isFinite(next)) break;
    const change = Math.abs(next - logT);
    logT = next;
    // The error after a step is about the square of the step.
    if (change <= 1e-9) break;
  }
  return Math.exp(logT);
}

/** v / (v + t^2) and its complement, neither as a difference nor by a square that overflows. */
function betaArguments(t: number, degrees: number): { x: number; complement: number } {
  const ratio = t / Math.sqrt(degrees);
  if (ratio > 1) {
    const inverse = (1 / ratio) * (1 / ratio);
    return { x: inverse / (1 + inverse), complement: 1 / (1 + inverse) };
  }
  const square = (t * t) / degrees;
  return { x: 1 / (1 + square), complement: square / (1 + square) };
}
