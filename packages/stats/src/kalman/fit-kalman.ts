import { InputError, type Series } from '../input-error.ts';
import { emptyFit, fitOls } from '../regression/ols-fit.ts';
import { knownPairs } from '../series.ts';
import { KalmanHedge } from './kalman-hedge.ts';
import type { KalmanModel, KalmanStart } from './kalman-model.ts';
import { centredKalman } from './kalman-prior.ts';
import { type Minimum, nelderMead } from './nelder-mead.ts';

/** Remarks on a fit of the variances. A variance at its boundary is common, and not a fault. */
export type KalmanFitFlag =
  /** The likelihood wants no drift of beta: `qBeta` is 0. */
  | 'BetaDoesNotDrift'
  /** The likelihood wants no drift of the level: `qLevel` is 0. */
  | 'LevelDoesNotDrift'
  /** The likelihood wants all noise in the drift: `r` is as good as 0. */
  | 'NoNoise'
  /** The search used up its evaluations before it settled. */
  | 'NotConverged';

/** The variances that make the rows most likely. */
export interface KalmanFit {
  n: number;
  dropped: number;
  flags: KalmanFitFlag[];
  qBeta: number;
  qLevel: number;
  r: number;
  /** Sum of the log densities of the rows after the in-sample ones. */
  logLikelihood: number;
  /** Runs of the filter over all rows. */
  evaluations: number;
  /** The start with these variances, for `KalmanHedge` and `kalmanHedge`. */
  start: KalmanStart;
}

/** Starting points, in parts of the residual variance of the static line: drifts of beta, of the level, and noise. */
const drifts = [1e-1, 1e-3, 1e-5, 1e-8];
const levels = [1, 1e-2, 1e-4, 1e-8];
const noises = [1, 0.1];

/** A loss of log likelihood that is rounding: a variance that may go to 0 at this price is at its boundary. */
const nothing = 1e-6;

const limits = { step: 1, pointTolerance: 1e-6, valueTolerance: 1e-9, evaluations: 800 };

/**
 * Maximum likelihood of the variances q_beta, q_level and r of `KalmanHedge`, from the rows after the in-sample ones;
 * the prior is kept as given (`centredKalman`'s unless said otherwise), and the drifts are taken as independent.
 *
 * Nelder-Mead over the logarithms, from the best of a grid for each size of drift, repeated until it gains nothing.
 * The likelihood is often flat: variances that it wants at 0 are put there and flagged. Raises `LengthMismatch`,
 * `TooFewObservations` (fewer than 10 rows to score), `NonFinite`, `ConstantSeries`, `Collinear`, `PerfectFit` and
 * `InvalidParameter`. About 1,000 runs over the rows. Reference: Harvey (1989), Forecasting, Structural Time Series
 * Models and the Kalman Filter, 3.4.
 */
export function fitKalman(y: Series, x: Series, start: KalmanStart = centredKalman(y, x)): KalmanFit {
  const scale = scaleOf(y, x, start.model);
  const withVariances = (point: readonly number[]): KalmanModel => {
    const [beta = 0, level = 0, noise = 0] = point;
    return {
      ...start.model,
      qBeta: scale.beta * size(beta),
      qBetaLevel: 0,
      qLevel: scale.noise * size(level),
      r: scale.noise * size(noise),
    };
  };
  let evaluations = 0;
  const loss = (point: readonly number[]): number => {
    evaluations++;
    return -likelihoodOf(y, x, { model: withVariances(point), state: start.state });
  };
  const searched = search(loss);
  const { point, value, flags } = toBoundaries(searched.minimum, loss);
  if (!searched.settled) flags.push('NotConverged');
  const model = withVariances(point);
  return {
    n: scale.n,
    dropped: scale.dropped,
    flags,
    qBeta: model.qBeta,
    qLevel: model.qLevel,
    r: model.r,
    logLikelihood: -value,
    evaluations,
    start: { model, state: start.state },
  };
}

/** e^u; -Infinity is 0, and what is hardly more is kept from underflow. */
function size(u: number): number {
  return u === -Infinity ? 0 : Math.exp(Math.max(-60, Math.min(60, u)));
}

/** The natural size of the variances: those of a line that does not drift. */
function scaleOf(
  y: Series,
  x: Series,
  model: KalmanModel,
): { noise: number; beta: number; n: number; dropped: number } {
  const { a, b, n, dropped } = knownPairs('fitKalman', y, x);
  const fit = emptyFit();
  const code = fitOls(a, b, n, fit);
  if (code !== null) throw new InputError(code, 'fitKalman: no line can be laid through the rows (see ols)');
  if (fit.perfect) {
    throw new InputError('PerfectFit', 'fitKalman: all rows lie on a line, so no variance can be estimated');
  }
  let scored = 0;
  for (let t = model.inSample; t < y.length; t++) {
    if (!Number.isNaN((y[t] as number) + (x[t] as number))) scored++;
  }
  if (scored < 10) {
    throw new InputError(
      'TooFewObservations',
      `fitKalman: needs 10 rows after the ${model.inSample} in-sample ones, got ${scored}`,
    );
  }
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((b[i] as number) - model.centre) ** 2;
  const noise = fit.sigma ** 2;
  return { noise, beta: (noise * n) / squares, n, dropped };
}

function likelihoodOf(y: Series, x: Series, start: KalmanStart): number {
  const filter = new KalmanHedge(start);
  try {
    for (let t = 0; t < y.length; t++) filter.push(y[t] as number, x[t] as number);
  } catch (error) {
    // Variances with which the filter breaks down explain nothing.
    if (error instanceof InputError) return -Infinity;
    throw error;
  }
  return filter.logLikelihood;
}

function search(loss: (point: readonly number[]) => number): { minimum: Minimum; settled: boolean } {
  let best: Minimum = { point: [0, 0, 0], value: Infinity, evaluations: 0 };
  for (const drift of drifts) {
    const corners = levels.flatMap((level) => noises.map((noise) => [drift, level, noise].map(Math.log)));
    const values = corners.map(loss);
    const first = corners[values.indexOf(Math.min(...values))];
    if (first === undefined) continue;
    const found = nelderMead(loss, first, limits);
    if (found.value < best.value) best = found;
  }
  for (let round = 0; round < 4; round++) {
    const again = nelderMead(loss, best.point, limits);
    const gain = best.value - again.value;
    if (again.value < best.value) best = again;
    if (gain < nothing && again.evaluations < limits.evaluations) return { minimum: best, settled: true };
  }
  return { minimum: best, settled: false };
}

/** Puts at 0 what the likelihood does not tell from 0. */
function toBoundaries(
  { point, value }: Minimum,
  loss: (point: readonly number[]) => number,
): { point: number[]; value: number; flags: KalmanFitFlag[] } {
  const flags: KalmanFitFlag[] = [];
  let at = point;
  let least = value;
  const edges: [number, KalmanFitFlag][] = [
    [0, 'BetaDoesNotDrift'],
    [1, 'LevelDoesNotDrift'],
  ];
  for (const [index, flag] of edges) {
    const edge = at.map((u, i) => (i === index ? -Infinity : u));
    const there = loss(edge);
    if (there > least + nothing) continue;
    flags.push(flag);
    at = edge;
    least = there;
  }
  // r stays above 0, where the filter has a forecast variance whatever the drifts.
  const silent = at.map((u, i) => (i === 2 ? Math.min(u, -30) : u));
  if (loss(silent) <= least + nothing) flags.push('NoNoise');
  return { point: at, value: least, flags };
}
