import { consecutiveRows } from '../consecutive-rows.ts';
import type { Series } from '../input-error.ts';
import { requirePositive } from '../require-positive.ts';
import { lagRegression } from './lag-regression.ts';
import { type ReversionFlag, reversionFlags } from './reversion-flag.ts';

/**
 * An Ornstein-Uhlenbeck process dX = kappa (theta - X) dt + sigma dW fitted to a series. Times are in the unit of
 * `dt`. What needs a reverting series is null where the flags say that it does not revert, or does so within a row.
 */
export interface OrnsteinUhlenbeck {
  /** Terms of the likelihood: pairs of consecutive rows, and the first row where its density is included. */
  n: number;
  dropped: number;
  flags: ReversionFlag[];
  /** Speed of reversion, per unit of time. */
  kappa: number | null;
  /** The mean that it reverts to. */
  theta: number | null;
  /** Diffusion, in units of the series per root of time. */
  sigma: number | null;
  /** sigma / sqrt(2 kappa): how far the process strays in the long run. */
  stationaryDeviation: number | null;
  /** ln 2 / kappa. */
  halfLife: number | null;
  logLikelihood: number | null;
}

/** The fit by the regression on the row before, with what the regression gives beside it. */
export interface ConditionalOrnsteinUhlenbeck extends OrnsteinUhlenbeck {
  /** Standard error of kappa by the delta method. */
  kappaError: number | null;
  /** kappa - 4 / T, T = n dt: without the bias that estimation over a span T brings (Tang and Chen 2009). */
  kappaBiasCorrected: number | null;
  /** Variance of a row given the row before, divisor n; null where doubles do not reach so far. */
  residualVariance: number | null;
}

/**
 * Fits an Ornstein-Uhlenbeck process to equally spaced rows by maximum likelihood given the first row.
 *
 * That is the least-squares AR(1): phi = 1 + lambda, kappa = -ln(phi) / dt, theta = c / (1 - phi), v = SSR / n,
 * sigma^2 = 2 kappa v / (1 - phi^2), llf = -n/2 (ln 2 pi v + 1), n pairs. Raises `NonFinite` (NaN included),
 * `TooFewObservations` (under 10 rows), `ConstantSeries`, `Collinear` and `InvalidParameter`. O(n).
 */
export function ornsteinUhlenbeck(series: Series, dt = 1): ConditionalOrnsteinUhlenbeck {
  requirePositive('ornsteinUhlenbeck', 'dt', dt);
  const tested = consecutiveRows('ornsteinUhlenbeck', series, 10);
  const { fit } = lagRegression('ornsteinUhlenbeck', tested);
  const { n, beta: lambda } = fit;
  const variance = fit.ssr / n;
  const flags = reversionFlags(lambda, fit.perfect);
  const reverts = lambda < 0 && lambda > -1;
  const residualVariance = variance * tested.unit * tested.unit;
  const kappa = reverts ? -Math.log1p(lambda) / dt : null;
  return {
    n,
    dropped: 0,
    flags,
    ...reversionOf(kappa, (fit.alpha / -lambda) * tested.unit, Math.sqrt(variance) * tested.unit, dt),
    logLikelihood: variance > 0 ? -(n / 2) * (logTwoPi(variance, tested.unit) + 1) : null,
    kappaError: kappa === null ? null : fit.betaError / ((1 + lambda) * dt),
    kappaBiasCorrected: kappa === null ? null : kappa - 4 / (n * dt),
    residualVariance:
      residualVariance < Infinity && (residualVariance > 0 || variance === 0) ? residualVariance : null,
  };
}

/**
 * The parameters that follow from the speed of reversion, the mean, and the deviation of a row given the row `dt`
 * before; null without a speed.
 */
export function reversionOf(
  kappa: number | null,
  theta: number,
  innovationDeviation: number,
  dt: number,
): Pick<OrnsteinUhlenbeck, 'kappa' | 'theta' | 'sigma' | 'stationaryDeviation' | 'halfLife'> {
  if (kappa === null) {
    return { kappa: null, theta: null, sigma: null, stationaryDeviation: null, halfLife: null };
  }
  const stationaryDeviation = innovationDeviation / Math.sqrt(-Math.expm1(-2 * kappa * dt));
  return {
    kappa,
    theta,
    sigma: stationaryDeviation * Math.sqrt(2 * kappa),
    stationaryDeviation,
    halfLife: Math.LN2 / kappa,
  };
}

/** ln(2 pi v) of a variance in units of a series that was divided by `unit`. */
export function logTwoPi(variance: number, unit: number): number {
  return Math.log(2 * Math.PI * variance) + 2 * Math.log(unit);
}
