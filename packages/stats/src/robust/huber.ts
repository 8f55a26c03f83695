import { normalTwoSidedP } from '../distributions/index.ts';
import { type InputCode, InputError, type Series } from '../input-error.ts';
import { emptyFit, fitOls } from '../regression/ols-fit.ts';
import { knownPairs } from '../series.ts';
import { FIXED_POINT_ITERATIONS, settle } from './huber-fixed-point.ts';
import { HUBER_TUNING, HuberIteration, requireTuning } from './huber-iteration.ts';

/** How `huber` weighs, and when it is done. */
export interface HuberOptions {
  /** Residuals beyond this many scales lose weight; 1.345 unless said otherwise. */
  tuning?: number;
  /**
   * `deviance` (the default) stops as statsmodels does, when the deviance changes by at most `tolerance`: some 6 to 8
   * digits. `fixedPoint` goes on to the limit itself, which does not depend on the way there.
   */
  until?: 'deviance' | 'fixedPoint';
  /** For `deviance`: absolute; 1e-8 unless said otherwise. */
  tolerance?: number;
  /** Regressions at most, the first, unweighted one included; 50 (deviance) or 500 (fixedPoint). */
  maxIterations?: number;
}

/** Remarks on a Huber fit that stands but should be read with care. */
export type HuberFlag =
  /** `maxIterations` ended it: the last digits are not those of the limit. */
  'NotConverged';

/** A robust line y = alpha + beta x by Huber's weights. */
export interface Huber {
  n: number;
  /** Rows of which a member was missing. */
  dropped: number;
  /** In units of y. */
  alpha: number;
  /** Units of y per unit of x. */
  beta: number;
  /** Asymptotic standard errors (H1), which hold for independent errors. */
  alphaError: number;
  betaError: number;
  /** Coefficient / standard error: standard normal if the coefficient is 0. */
  alphaZ: number;
  betaZ: number;
  alphaP: number;
  betaP: number;
  /** Robust deviation of the residuals, MAD / 0.67449, in units of y. */
  scale: number;
  /** Regressions made, the first, unweighted one included. */
  iterations: number;
  converged: boolean;
  /** Rows that weighed less than 1 in the last regression. */
  downweighted: number;
  /** y - alpha - beta x of the last row. */
  lastResidual: number;
  flags: HuberFlag[];
}

/**
 * Huber's M-estimate of y = alpha + beta x: least squares that lets no row pull harder than `tuning` scales. It begins
 * at least squares and repeats: scale s = MAD of the residuals, weights min(1, c s / |r|), regression.
 *
 * Standard errors (H1): k^2 [sum psi(u)^2 s^2 / (n - 2)] / m^2 (X'X)^-1, with u = r / s, m = mean psi'(u) and
 * k = 1 + (2 / n) var psi'(u) / m^2. A wild y does no harm, a wild x can: see `theilSen`.
 *
 * Rows with a missing (NaN) member are left out and counted. Raises `LengthMismatch`, `TooFewObservations` (n < 3),
 * `NonFinite`, `ConstantSeries`, `Collinear`, `PerfectFit` (more than half of the rows lie on one line, so that the
 * scale is 0) and `InvalidParameter`. O(n) per iteration.
 * Reference: Huber (1964, 1981); statsmodels `RLM(y, add_constant(x), M=HuberT()).fit()`.
 */
export function huber(y: Series, x: Series, options: HuberOptions = {}): Huber {
  const { tuning = HUBER_TUNING, until = 'deviance', tolerance = 1e-8 } = options;
  const { maxIterations = until === 'deviance' ? 50 : FIXED_POINT_ITERATIONS } = options;
  requireTuning('huber', tuning);
  requirePositive('tolerance', tolerance);
  requirePositive('maxIterations', maxIterations);
  const pairs = knownPairs('huber', y, x);
  const { n } = pairs;
  const code = fitOls(pairs.a, pairs.b, n, emptyFit());
  if (code !== null) throw new InputError(code, `huber: ${sentence(code, n)}`);

  const iteration = new HuberIteration(n, tuning);
  iteration.startFromOls(pairs.a, pairs.b, n);
  let iterations = 1;
  let converged = false;
  if (!iteration.isPerfect()) {
    if (until === 'deviance') {
      ({ iterations, converged } = iterateByDeviance(iteration, tolerance, maxIterations));
    } else {
      ({ iterations, converged } = settle(iteration, maxIterations));
    }
  }
  const { fault } = iteration;
  if (fault !== null) throw new InputError(fault, `huber: ${sentence(fault, n)}`);

  const { alpha, beta, scale, downweighted } = iteration;
  const { alphaError, betaError } = huberErrors(iteration);
  const alphaZ = alpha / alphaError;
  const betaZ = beta / betaError;
  return {
    n,
    dropped: pairs.dropped,
    alpha,
    beta,
    alphaError,
    betaError,
    alphaZ,
    betaZ,
    alphaP: normalTwoSidedP(alphaZ),
    betaP: normalTwoSidedP(betaZ),
    scale,
    iterations,
    converged,
    downweighted,
    lastResidual: iteration.residuals[n - 1] as number,
    flags: converged ? [] : ['NotConverged'],
  };
}

/** Steps until the deviance changes by no more than `tolerance`, as statsmodels counts them. */
function iterateByDeviance(
  iteration: HuberIteration,
  tolerance: number,
  maximum: number,
): { iterations: number; converged: boolean } {
  let iterations = 1;
  let deviance = iteration.deviance();
  while (iterations < maximum && !iteration.isPerfect()) {
    iteration.step();
    iterations++;
    const last = deviance;
    deviance = iteration.deviance();
    if (Math.abs(deviance - last) <= tolerance) return { iterations, converged: true };
  }
  return { iterations, converged: false };
}

/** The H1 standard errors of the line as it stands. */
export function huberErrors(iteration: HuberIteration): { alphaError: number; betaError: number } {
  const { x, residuals, scale, tuning, centreX, n } = iteration;
  let inside = 0;
  let squares = 0;
  let sumX = 0;
  let sumXX = 0;
  for (let i = 0; i < n; i++) {
    const u = Math.abs((residuals[i] as number) / scale);
    const p = (x[i] as number) - centreX;
    if (u <= tuning) inside++;
    const psi = Math.min(u, tuning);
    squares += psi * psi;
    sumX += p;
    sumXX += p * p;
  }
  const share = inside / n;
  const correction = 1 + ((2 / n) * (share * (1 - share))) / (share * share);
  const deviation = (correction * scale * Math.sqrt(squares / (n - 2))) / share;
  const meanX = centreX + sumX / n;
  const centredXX = sumXX - (sumX * sumX) / n;
  return {
    alphaError: deviation * Math.sqrt(1 / n + (meanX * meanX) / centredXX),
    betaError: deviation / Math.sqrt(centredXX),
  };
}

function requirePositive(name: string, value: number): void {
  if (value > 0) return;
  throw new InputError('InvalidParameter', `huber: ${name} is ${value}; it must be above 0`);
}

function sentence(code: InputCode, n: number): string {
  if (code === 'TooFewObservations') return `needs at least 3 rows, got ${n}`;
  if (code === 'ConstantSeries') return 'x does not vary, so beta is undefined';
  if (code === 'Collinear') return 'x varies by less than its own rounding, so beta is undefined';
  if (code === 'PerfectFit')
    return 'more than half of the rows lie on one line, so the residuals have no scale';
  return 'the sums overflow: rescale the series';
}
