import { InputError, type Series } from '../input-error.ts';
import { requireSameLength } from '../series.ts';
import { KalmanHedge } from './kalman-hedge.ts';
import type { KalmanStart, KalmanState } from './kalman-model.ts';
import { centredKalman } from './kalman-prior.ts';

/** Remarks on a filtered series. */
export type KalmanFlag =
  /** Mean z^2 lies outside 1 +- 3 sqrt(2 / scored), more than chance: R or Q does not fit the rows. */
  'InconsistentNoise';

/** A filtered hedge: element t of each array is what was known after row t, NaN in the arrays of a missing row. */
export interface KalmanSeries {
  /** Rows. */
  n: number;
  /** Rows of which a leg is missing. */
  dropped: number;
  flags: KalmanFlag[];
  beta: Float64Array;
  /** The line's value at x = 0. */
  alpha: Float64Array;
  /** Standard error of beta. */
  betaError: Float64Array;
  /** Forecast error y - alpha - beta x, of the alpha and beta of the row before. */
  error: Float64Array;
  /** Its standard deviation. */
  deviation: Float64Array;
  /** Their quotient: the signal, without look-ahead. */
  z: Float64Array;
  /** Rows at the start whose z is no signal, because the prior was made from them. */
  inSample: number;
  /** Known rows after those. */
  scored: number;
  /** Sum of the log densities of the scored rows. */
  logLikelihood: number;
  /** Mean of z^2 over the scored rows: 1 if the model holds; null without such rows. */
  nis: number | null;
  /** The filter after the last row, to go on from. */
  state: KalmanState;
}

/**
 * The hedge ratio of y on x as it drifts, by `KalmanHedge` over two series; from `centredKalman`'s start unless
 * another is given. Rows with a missing (NaN) leg widen the uncertainty by Q. O(n).
 *
 * Raises `LengthMismatch`, `TooFewObservations` (fewer than 2 rows), `NonFinite`, `InvalidParameter`, and what
 * `centredKalman` raises.
 */
export function kalmanHedge(y: Series, x: Series, start?: KalmanStart): KalmanSeries {
  requireSameLength('kalmanHedge', y, x);
  const rows = y.length;
  if (rows < 2) throw new InputError('TooFewObservations', `kalmanHedge: needs at least 2 rows, got ${rows}`);
  const filter = new KalmanHedge(start ?? centredKalman(y, x));
  const column = () => new Float64Array(rows);
  const arrays = {
    beta: column(),
    alpha: column(),
    betaError: column(),
    error: column(),
    deviation: column(),
    z: column(),
  };
  let dropped = 0;
  for (let t = 0; t < rows; t++) {
    filter.push(y[t] as number, x[t] as number);
    arrays.beta[t] = filter.beta;
    arrays.alpha[t] = filter.alpha;
    arrays.betaError[t] = Math.sqrt(filter.pBeta);
    arrays.error[t] = filter.error;
    arrays.deviation[t] = Math.sqrt(filter.variance);
    arrays.z[t] = filter.z;
    if (Number.isNaN(filter.z)) dropped++;
  }
  const { scored, logLikelihood, nis, state } = filter;
  const flags: KalmanFlag[] = Math.abs(nis - 1) > 3 * Math.sqrt(2 / scored) ? ['InconsistentNoise'] : [];
  const { inSample } = filter.model;
  return {
    n: rows,
    dropped,
    flags,
    ...arrays,
    inSample,
    scored,
    logLikelihood,
    nis: scored > 0 ? nis : null,
    state,
  };
}
