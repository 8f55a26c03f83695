import { erfi } from '../distributions/index.ts';
import { InputError } from '../input-error.ts';
import { requirePositive } from '../require-positive.ts';

/** The process that is traded, and what a round trip costs. */
export interface BertramInput {
  /** Speed of reversion, per unit of time. */
  kappa: number;
  /** Diffusion, in units of the spread per root of time. */
  sigma: number;
  /** Cost of a round trip (enter, exit, of all legs), in units of the spread. */
  cost: number;
  /** The mean of the process. */
  theta?: number;
}

/** Where to enter and to exit for the highest profit per unit of time. */
export interface BertramThresholds {
  /** Distance of both thresholds from the mean, in units of the spread. */
  distance: number;
  /** The same in stationary deviations. */
  z: number;
  enter: number;
  exit: number;
  /** Expected time from one entry to the next. */
  expectedCycle: number;
  /** Expected profit after costs per unit of time. */
  returnRate: number;
}

/** Beyond it a cycle is longer than 10^10 reversion times. */
const farthest = 5;

/**
 * The optimal thresholds of an Ornstein-Uhlenbeck spread: buy at theta - m, sell at theta + m (Bertram 2010,
 * "Analytic solutions for optimal statistical arbitrage trading", Physica A 389; symmetric case).
 *
 * A cycle lasts (2 pi / kappa) erfi(u), u = m sqrt(kappa) / sigma, and earns 2m - c. With D(u) for Dawson's integral
 * (sqrt(pi)/2) exp(-u^2) erfi(u), the condition for the maximum of (2m - c) / cycle becomes
 * u - D(u) = c sqrt(kappa) / (2 sigma), whose left side rises from 0. Raises `InvalidParameter` for numbers that are
 * not above 0 (without costs the thresholds shrink to nothing) and for costs so high that u exceeds 5.
 */
export function bertramThresholds({ kappa, sigma, cost, theta = 0 }: BertramInput): BertramThresholds {
  requirePositive('bertramThresholds', 'kappa', kappa);
  requirePositive('bertramThresholds', 'sigma', sigma);
  requirePositive('bertramThresholds', 'cost', cost);
  const reach = sigma / Math.sqrt(kappa);
  const u = solveExcess(cost / (2 * reach));
  const distance = u * reach;
  const expectedCycle = ((2 * Math.PI) / kappa) * erfi(u);
  return {
    distance,
    z: u * Math.SQRT2,
    enter: theta - distance,
    exit: theta + distance,
    expectedCycle,
    returnRate: (2 * distance - cost) / expectedCycle,
  };
}

/** The u of which u - D(u) = excess: Newton steps, kept within a bracket by bisection. */
function solveExcess(excess: number): number {
  if (!(excess > 0 && excess <= excessOf(farthest))) {
    throw new InputError(
      'InvalidParameter',
      excess > 0
        ? 'bertramThresholds: the cost is so high for this spread that it would hardly ever be met; lower it'
        : 'bertramThresholds: the cost vanishes beside the spread; give both in the same unit',
    );
  }
  let low = 0;
  let high = farthest;
  // u - D(u) is near 2 u^3 / 3 at first, and above u / 2 beyond.
  let u = Math.min(farthest, Math.max(Math.cbrt(1.5 * excess), excess));
  for (let i = 0; i < 100; i++) {
    const error = excessOf(u) - excess;
    if (error > 0) high = u;
    else low = u;
    const newton = u - error / (2 * u * dawson(u));
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - u) <= Number.EPSILON * u) return next;
    u = next;
  }
  return u;
}

/** u - D(u), by its own series near 0, where the difference would cancel. */
function excessOf(u: number): number {
  if (u > 0.5) return u - dawson(u);
  // D(u) = sum (-2)^k u^(2k+1) / (2k+1)!!
  let term = u;
  let sum = 0;
  for (let k = 1; k < 30; k++) {
    term *= (-2 * u * u) / (2 * k + 1);
    sum -= term;
  }
  return sum;
}

/** Dawson's integral for 0 <= u <= 5. */
function dawson(u: number): number {
  return (Math.sqrt(Math.PI) / 2) * Math.exp(-u * u) * erfi(u);
}
