/** Nodes k h of the trapezoid rule below, squared: h = 1/2, k = 1..13, where exp(-k^2 / 4) reaches 1e-19. */
const NODES = Float64Array.from({ length: 13 }, (_, i) => ((i + 1) / 2) ** 2);
const WEIGHTS = NODES.map((square) => Math.exp(-square));

/**
 * The error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x: the probability that a normal
 * deviate of variance 1/2 lies within x of 0. Relative error about 1e-15.
 */
export function erf(x: number): number {
  if (Math.abs(x) < 0.5) return erfSeries(x, -1);
  return x < 0 ? erfc(-x) - 1 : 1 - erfc(x);
}

/**
 * The complementary error function 1 - erf(x), without the loss of 1 - erf(x) in the upper tail: relative error
 * about 1e-15 as far as doubles reach (x = 27).
 */
export function erfc(x: number): number {
  if (Math.abs(x) < 0.5) return 1 - erfSeries(x, -1);
  if (x < 0) return 2 - erfc(-x);
  return timesGaussian(scaledErfc(x), x, 1);
}

/**
 * exp(x^2) erfc(x) for x >= 0: erfc with its decay taken out, so that it neither underflows nor depends on the
 * rounding of x^2.
 *
 * Trapezoid rule on erfc(x) = (x/pi) exp(-x^2) times the integral of exp(-t^2) / (t^2 + x^2), with the residue
 * of the pole at t = ix; what the rule leaves out is below exp(-pi^2 / h^2), 7e-18. Below x = 1/2 the rule and
 * the residue cancel, hence the series. Hunter and Regan (1972), "A note on the evaluation of the complementary
 * error function", Mathematics of Computation 26.
 */
export function scaledErfc(x: number): number {
  if (x < 0.5) return Math.exp(x * x) * (1 - erfSeries(x, -1));
  const square = x * x;
  let sum = 0;
  for (let k = NODES.length - 1; k >= 0; k--) {
    sum += (WEIGHTS[k] as number) / ((NODES[k] as number) + square);
  }
  const rule = (0.5 / Math.PI) * (1 / x + 2 * x * sum);
  // Beyond 2 pi the pole lies outside the strip that the rule sees.
  if (x > 2 * Math.PI) return rule;
  return rule - (2 * Math.exp(square)) / Math.expm1(4 * Math.PI * x);
}

/** factor * exp(-x^2 / halving) for halving 1 or 2, though x^2 has more digits than a double holds. */
export function timesGaussian(factor: number, x: number, halving: 1 | 2): number {
  if (Math.abs(x) > 40) return 0;
  // A coarse part whose square is exact, and what it leaves of the exponent.
  const coarse = Math.round(x * 16) / 16;
  const rest = ((x - coarse) * (x + coarse)) / halving;
  // In halves, lest the result be rounded as a subnormal number before the last product.
  const half = Math.exp((-coarse * coarse) / (2 * halving));
  return half * Math.exp(-rest) * factor * half;
}

/**
 * The imaginary error function, 2/sqrt(pi) times the integral of exp(t^2) from 0 to x, by its power series, whose
 * terms all have the sign of x: relative error about 1e-15. Infinite beyond |x| = 26.6. Used by the optimal
 * thresholds of Bertram (2010).
 */
export function erfi(x: number): number {
  if (Math.abs(x) > 27) return x < 0 ? -Infinity : Infinity;
  return erfSeries(x, 1);
}

/** 2/sqrt(pi) sum (sign x^2)^k x / (k! (2k + 1)). */
function erfSeries(x: number, sign: 1 | -1): number {
  const ratio = sign * x * x;
  let power = 1;
  let sum = 1;
  for (let k = 1; k < 2500; k++) {
    power *= ratio / k;
    const term = power / (2 * k + 1);
    sum += term;
    if (Math.abs(term) < 0.25 * Number.EPSILON * Math.abs(sum)) break;
  }
  return (2 / Math.sqrt(Math.PI)) * x * sum;
}
