import { InputError } from '../input-error.ts';
import { productDifference } from './product-difference.ts';

/**
 * A hedge that drifts: y = level + beta (x - centre) + noise, in which beta and the level walk at random.
 *
 * With centre = 0 the level is the line's alpha. At about the mean of x the errors of the two are nearly uncorrelated.
 */
export interface KalmanModel {
  /** Variance of the change of beta from row to row. */
  qBeta: number;
  /** Covariance of the changes of beta and of the level. */
  qBetaLevel: number;
  /** Variance of the change of the level. */
  qLevel: number;
  /** Variance of the noise. */
  r: number;
  /** The x at which the level is measured. */
  centre: number;
  /**
   * Whether the state has already walked a step before the first row: false as in statsmodels and pykalman (the prior
   * is for the first row), true as in filterpy.
   */
  predictBeforeFirstUpdate: boolean;
  /** Rows at the start that the prior was made from: no signals, and left out of the likelihood. */
  inSample: number;
}

/** What is known of beta and the level before the first row: their values, and the covariance of their errors. */
export interface KalmanPrior {
  beta: number;
  level: number;
  pBeta: number;
  pBetaLevel: number;
  pLevel: number;
}

/**
 * What the filter knows between two rows: plain numbers, which JSON restores to the last bit.
 *
 * The covariance P of the errors of beta and level is held by its factors: P = [[v, u v], [u v, w + u^2 v]].
 */
export interface KalmanState {
  beta: number;
  level: number;
  /** v, the variance of beta. */
  pBeta: number;
  /** u, the level's error per error of beta. */
  levelPerBeta: number;
  /** w, the variance that the level would have if beta were known. */
  pLevelGivenBeta: number;
  /** Rows taken, known or not. */
  rows: number;
  /** Known rows taken after the in-sample ones. */
  scored: number;
  /** Sum over them of the logarithm of each row's density, given the rows before it. */
  logLikelihood: number;
  /** Sum over them of z^2. */
  squaredZ: number;
}

/** Where a filter starts: a model, and the state before its first row. */
export interface KalmanStart {
  model: KalmanModel;
  state: KalmanState;
}

/** The noise of a model; what is left out is 0, or false. */
export type KalmanNoise = Partial<KalmanModel> & Pick<KalmanModel, 'qBeta' | 'qLevel' | 'r'>;

/** The start from a prior and variances of one's own ({Q, R} in numbers). Raises `InvalidParameter`. */
export function kalmanStart(prior: KalmanPrior, noise: KalmanNoise): KalmanStart {
  const model: KalmanModel = {
    qBeta: noise.qBeta,
    qBetaLevel: noise.qBetaLevel ?? 0,
    qLevel: noise.qLevel,
    r: noise.r,
    centre: noise.centre ?? 0,
    predictBeforeFirstUpdate: noise.predictBeforeFirstUpdate ?? false,
    inSample: noise.inSample ?? 0,
  };
  if (!(model.r >= 0 && model.r < Infinity)) refuse(`R is ${model.r}; a variance is a number of at least 0`);
  for (const [name, value] of Object.entries({
    beta: prior.beta,
    level: prior.level,
    centre: model.centre,
  })) {
    if (!Number.isFinite(value)) refuse(`${name} is ${value}; it must be a number`);
  }
  if (!Number.isSafeInteger(model.inSample) || model.inSample < 0) {
    refuse(`inSample is ${model.inSample}; it must be a whole number of rows`);
  }
  factorsOf('Q', model.qBeta, model.qBetaLevel, model.qLevel);
  const { perFirst, rest } = factorsOf('P', prior.pBeta, prior.pBetaLevel, prior.pLevel);
  const state = {
    beta: prior.beta,
    level: prior.level,
    pBeta: prior.pBeta,
    levelPerBeta: perFirst,
    pLevelGivenBeta: rest,
    rows: 0,
    scored: 0,
    logLikelihood: 0,
    squaredZ: 0,
  };
  return { model, state };
}

/**
 * Chan's form: Q = delta / (1 - delta) I, R given, beta and alpha held to be exactly 0 at the start.
 *
 * Its numbers depend on the units of the prices: made for prices of about 1 to 100, and meaningless at 100,000.
 * Raises `InvalidParameter` for a delta outside (0, 1). Reference: Chan (2013), Algorithmic Trading, chapter 3.
 */
export function chanKalman(delta = 1e-4, r = 1e-3): KalmanStart {
  const q = driftOf(delta);
  return kalmanStart({ beta: 0, level: 0, pBeta: 0, pBetaLevel: 0, pLevel: 0 }, { qBeta: q, qLevel: q, r });
}

/** delta / (1 - delta): the drift's variance per row, in variances of the noise. Raises `InvalidParameter`. */
export function driftOf(delta: number): number {
  if (!(delta > 0 && delta < 1)) refuse(`delta is ${delta}; it must lie between 0 and 1`);
  return delta / (1 - delta);
}

/**
 * The covariance matrix [[a, c], [c, b]] as the second variable's slope on the first, c / a, and the variance that
 * this leaves it, b - c^2 / a. Raises `InvalidParameter` if it is none.
 */
export function factorsOf(name: string, a: number, c: number, b: number): { perFirst: number; rest: number } {
  const perFirst = a > 0 ? c / a : 0;
  const rest = a > 0 ? productDifference(b, a, c, c) / a : b;
  // A covariance that was rounded up a little too far for its variances is let pass.
  const sound = a >= 0 && b >= 0 && rest >= -1e-9 * b && (a > 0 || c === 0) && a + b < Infinity;
  if (!sound) refuse(`${name} is [[${a}, ${c}], [${c}, ${b}]], which is no covariance matrix`);
  return { perFirst, rest: Math.max(0, rest) };
}

function refuse(what: string): never {
  throw new InputError('InvalidParameter', `kalman: ${what}`);
}
