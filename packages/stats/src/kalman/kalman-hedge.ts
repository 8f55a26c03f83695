import { InputError } from '../input-error.ts';
import { factorsOf, type KalmanModel, type KalmanStart, type KalmanState } from './kalman-model.ts';

const logTwoPi = Math.log(2 * Math.PI);

/**
 * The Kalman filter of a hedge ratio that drifts, one row at a time, without allocation.
 *
 * With h = [x - centre, 1] and a = [beta, level]: P += Q; e = y - h a; S = h P h' + R; K = P h' / S; a += K e;
 * P -= K h P. e and z = e / sqrt(S) are forecast errors: they know only the rows before, and z is standard normal if
 * the model holds. (The residual after the update is look-ahead, and too small.) A row of which a leg is missing (NaN)
 * only adds Q. A filter made from the `state` of another goes on with the same numbers to the last bit.
 *
 * P is held and updated as its factors (Bierman and Thornton's U D U'), in sums of positive terms: it cannot lose its
 * symmetry or its sign, and the factor u = cov / var(beta) follows the centre of x by itself. So unlike with P (also
 * in Joseph's form, P = (I - K h) P (I - K h)' + R K K') no digits are lost where beta and alpha are nearly collinear.
 *
 * Raises `NonFinite` for an infinite row, and `InvalidParameter` where S is not above 0, or a square overflows. The
 * filter has then not taken the row. Reference: Bierman (1977), Factorization Methods for Discrete Sequential Estimation.
 */
export class KalmanHedge {
  readonly model: KalmanModel;
  beta = Number.NaN;
  /** The line's value at x = centre. */
  level = Number.NaN;
  /** Variance of the error of beta. */
  pBeta = Number.NaN;
  /** e, S and z of the newest row; NaN if it is missing. */
  error = Number.NaN;
  variance = Number.NaN;
  z = Number.NaN;
  /** -(ln(2 pi S) + e^2 / S) / 2 of the newest row; NaN if it is missing. */
  rowLogLikelihood = Number.NaN;
  /** Rows taken, known or not. */
  rows = 0;
  /** Known rows taken after the in-sample ones; `logLikelihood` and `nis` are over them. */
  scored = 0;
  logLikelihood = Number.NaN;
  #levelPerBeta = Number.NaN;
  #pLevelGivenBeta = Number.NaN;
  #squaredZ = Number.NaN;
  /** Q by its factors. */
  #qLevelPerBeta = Number.NaN;
  #qLevelGivenBeta = Number.NaN;

  constructor({ model, state }: KalmanStart) {
    const { perFirst, rest } = factorsOf('Q', model.qBeta, model.qBetaLevel, model.qLevel);
    this.model = { ...model };
    this.#qLevelPerBeta = perFirst;
    this.#qLevelGivenBeta = rest;
    this.beta = state.beta;
    this.level = state.level;
    this.pBeta = state.pBeta;
    this.#levelPerBeta = state.levelPerBeta;
    this.#pLevelGivenBeta = state.pLevelGivenBeta;
    this.rows = state.rows;
    this.scored = state.scored;
    this.logLikelihood = state.logLikelihood;
    this.#squaredZ = state.squaredZ;
  }

  /** The line's value at x = 0. */
  get alpha(): number {
    return this.level - this.beta * this.model.centre;
  }

  /** Covariance of the errors of beta and level. */
  get pBetaLevel(): number {
    return this.#levelPerBeta * this.pBeta;
  }

  /** Variance of the error of the level. */
  get pLevel(): number {
    return this.#pLevelGivenBeta + this.#levelPerBeta * this.#levelPerBeta * this.pBeta;
  }

  /** Variance of the error of alpha: without cancellation, however far the centre lies from 0. */
  get pAlpha(): number {
    const arm = this.#levelPerBeta - this.model.centre;
    return this.#pLevelGivenBeta + arm * arm * this.pBeta;
  }

  /** Whether the newest row was one that the prior was made from: its z is no signal. */
  get inSample(): boolean {
    return this.rows <= this.model.inSample;
  }

  /** Mean of z^2 (normalised innovation squared): 1 if the model holds, above 1 if R and Q are too small. */
  get nis(): number {
    return this.scored > 0 ? this.#squaredZ / this.scored : Number.NaN;
  }

  get state(): KalmanState {
    return {
      beta: this.beta,
      level: this.level,
      pBeta: this.pBeta,
      levelPerBeta: this.#levelPerBeta,
      pLevelGivenBeta: this.#pLevelGivenBeta,
      rows: this.rows,
      scored: this.scored,
      logLikelihood: this.logLikelihood,
      squaredZ: this.#squaredZ,
    };
  }

  /** Takes the next row; NaN for a leg that is missing. */
  push(y: number, x: number): void {
    const { model } = this;
    if (Math.abs(y) === Infinity || Math.abs(x) === Infinity) {
      throw new InputError('NonFinite', `kalman: row ${this.rows} is infinite; push NaN for a missing leg`);
    }
    let v = this.pBeta;
    let u = this.#levelPerBeta;
    let w = this.#pLevelGivenBeta;
    if (this.rows > 0 || model.predictBeforeFirstUpdate) {
      const total = v + model.qBeta;
      const share = total > 0 ? model.qBeta / total : 0;
      const apart = this.#qLevelPerBeta - u;
      w += this.#qLevelGivenBeta + share * v * apart * apart;
      u += share * apart;
      v = total;
    }
    const h = x - model.centre;
    const e = y - h * this.beta - this.level;
    if (Number.isNaN(e)) {
      this.pBeta = v;
      this.#levelPerBeta = u;
      this.#pLevelGivenBeta = w;
      this.rows++;
      this.error = this.variance = this.z = this.rowLogLikelihood = Number.NaN;
      return;
    }
    // The row's distance from the x at which an error of beta does not matter.
    const arm = h + u;
    const known = model.r + w;
    const s = known + v * arm * arm;
    const z = e / Math.sqrt(s);
    if (!(s > 0 && s < Infinity && z * z < Infinity)) refuse(this.rows, e, s);
    const learnt = known > 0 ? w / known : 0;
    this.beta += ((v * arm) / s) * e;
    this.level += ((w + v * arm * u) / s) * e;
    this.pBeta = v * (known / s);
    this.#levelPerBeta = u - learnt * arm;
    this.#pLevelGivenBeta = learnt * model.r;
    this.error = e;
    this.variance = s;
    this.z = z;
    this.rowLogLikelihood = -0.5 * (logTwoPi + Math.log(s) + z * z);
    this.rows++;
    if (this.rows <= model.inSample) return;
    this.scored++;
    this.logLikelihood += this.rowLogLikelihood;
    this.#squaredZ += z * z;
  }
}

function refuse(row: number, e: number, s: number): never {
  throw new InputError(
    'InvalidParameter',
    `kalman: row ${row} missed its forecast by ${e} where a variance of ${s} was expected; give R or the prior a ` +
      'variance above 0, and rows in range',
  );
}
