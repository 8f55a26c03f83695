import { InputError, type Series } from '../input-error.ts';
import { type Ols, ols } from '../regression/ols.ts';
import { requireSameLength } from '../series.ts';
import { driftOf, type KalmanStart, kalmanStart } from './kalman-model.ts';

export interface KalmanPriorOptions {
  /** Rows at the start to learn from, whether known or not; 50 unless said otherwise. */
  inSample?: number | undefined;
  /** The drift's variance per row, as a share of all variance of a row; 1e-5 unless said otherwise. */
  delta?: number | undefined;
}

/**
 * The recommended start: least squares on the first m rows, with the level measured at their mean of x.
 *
 * There the errors of beta and of the level are uncorrelated: P = diag(s2 / Sxx, s2 / m), R = s2,
 * q_beta = delta / (1 - delta) R / (Sxx / m), q_level = delta / (1 - delta) R. The units of the prices do not matter.
 * The filter then runs over all rows, and the first m are in-sample. Raises `LengthMismatch`, `TooFewObservations`,
 * `NonFinite`, `ConstantSeries`, `Collinear`, `PerfectFit` (no noise to weigh the drift by) and `InvalidParameter`.
 */
export function centredKalman(y: Series, x: Series, options: KalmanPriorOptions = {}): KalmanStart {
  const { fit, drift, inSample } = learn('centredKalman', y, x, options);
  const { n, beta, betaError, meanX, meanY } = fit;
  const r = fit.sigma ** 2;
  return kalmanStart(
    { beta, level: meanY, pBeta: betaError ** 2, pBetaLevel: 0, pLevel: r / n },
    { qBeta: drift * n * betaError ** 2, qLevel: drift * r, r, centre: meanX, inSample },
  );
}

/**
 * The same with the level measured at x = 0, where it is alpha: P = the covariance of the least squares coefficients,
 * R = s2, q_beta = delta / (1 - delta) R / mean(x^2), q_alpha = delta / (1 - delta) R.
 *
 * For comparison only: beta and alpha are then nearly collinear, and the filter loses digits. Raises as
 * `centredKalman` does.
 */
export function scaledKalman(y: Series, x: Series, options: KalmanPriorOptions = {}): KalmanStart {
  const { fit, drift, inSample } = learn('scaledKalman', y, x, options);
  const { n, alpha, beta, betaError, alphaError, meanX } = fit;
  const r = fit.sigma ** 2;
  const pBeta = betaError ** 2;
  const meanSquareX = r / (n * pBeta) + meanX ** 2;
  return kalmanStart(
    { beta, level: alpha, pBeta, pBetaLevel: -meanX * pBeta, pLevel: alphaError ** 2 },
    { qBeta: (drift * r) / meanSquareX, qLevel: drift * r, r, inSample },
  );
}

function learn(
  method: string,
  y: Series,
  x: Series,
  { inSample = 50, delta = 1e-5 }: KalmanPriorOptions,
): { fit: Ols; drift: number; inSample: number } {
  requireSameLength(method, y, x);
  const drift = driftOf(delta);
  if (!Number.isSafeInteger(inSample) || inSample < 3) {
    throw new InputError('InvalidParameter', `${method}: inSample is ${inSample}; use at least 3 rows`);
  }
  if (y.length < inSample) {
    throw new InputError(
      'TooFewObservations',
      `${method}: learns from the first ${inSample} rows, got ${y.length}; wait, or lower inSample`,
    );
  }
  const first = (series: Series) => Float64Array.from({ length: inSample }, (_, i) => series[i] as number);
  const fit = ols(first(y), first(x));
  if (fit.flags.includes('PerfectFit')) {
    throw new InputError(
      'PerfectFit',
      `${method}: the first ${inSample} rows lie on a line, so there is no noise to weigh the drift by`,
    );
  }
  return { fit, drift, inSample };
}
