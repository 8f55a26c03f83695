import { centredKalman, type InputCode, InputError, KalmanHedge, type KalmanStart } from '@tandem/stats';
import type { Hedge } from './hedge.ts';

/** Bars that the filter learns its noise and its first line from; fewer where the window is shorter. */
const learned = 50;

/**
 * A hedge ratio that drifts, by the Kalman filter. Spread and z are one-step forecast errors: against the line that was
 * known before the bar. The filter is no function of the window, so its state is handed on from row to row.
 */
export class KalmanFilterHedge implements Hedge {
  alpha = Number.NaN;
  beta = Number.NaN;
  alphaError = Number.NaN;
  betaError = Number.NaN;
  readonly rSquared = Number.NaN;
  spread = Number.NaN;
  readonly spreadMean = 0;
  spreadDeviation = Number.NaN;
  z = Number.NaN;
  fault: InputCode | null = 'TooFewObservations';
  readonly #inSample: number;
  /** Bars still to come that the state already knows. */
  #skip: number;
  #filter: KalmanHedge | undefined;
  /** The newest known bars, while the filter has not begun. */
  readonly #y: number[] = [];
  readonly #x: number[] = [];

  /** `state`: as it was before the bar that comes after `skip` more. */
  constructor(window: number, state: KalmanStart | undefined, skip: number) {
    this.#inSample = Math.min(learned, window);
    this.#skip = state === undefined ? 0 : skip;
    this.#filter = state === undefined ? undefined : new KalmanHedge(state);
  }

  /** What goes on with the next bar; undefined before the filter has begun. */
  get state(): KalmanStart | undefined {
    return this.#filter === undefined ? undefined : { model: this.#filter.model, state: this.#filter.state };
  }

  push(y: number, x: number): void {
    if (this.#skip > 0) {
      this.#skip--;
      return;
    }
    this.spread = this.spreadDeviation = this.z = Number.NaN;
    if (this.#filter === undefined) {
      this.#learn(y, x);
      return;
    }
    try {
      this.#filter.push(y, x);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // Doubles can no longer hold the state: it is learned anew.
      this.#filter = undefined;
      this.alpha = this.beta = this.alphaError = this.betaError = Number.NaN;
      this.fault = error.code;
      return;
    }
    this.#read(this.#filter);
  }

  #learn(y: number, x: number): void {
    if (Number.isNaN(y) || Number.isNaN(x)) return;
    this.#y.push(y);
    this.#x.push(x);
    if (this.#y.length < this.#inSample) return;
    try {
      const filter = new KalmanHedge(centredKalman(this.#y, this.#x, { inSample: this.#inSample }));
      for (const [i, known] of this.#y.entries()) filter.push(known, this.#x[i] as number);
      this.#filter = filter;
      this.#y.length = this.#x.length = 0;
      this.#read(filter);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // Bars that do not vary teach nothing; the next may.
      this.fault = error.code;
      this.#y.shift();
      this.#x.shift();
    }
  }

  #read(filter: KalmanHedge): void {
    this.fault = null;
    this.alpha = filter.alpha;
    this.beta = filter.beta;
    this.betaError = Math.sqrt(filter.pBeta);
    this.alphaError = Math.sqrt(filter.pAlpha);
    this.spread = filter.error;
    this.spreadDeviation = Math.sqrt(filter.variance);
    this.z = filter.z;
  }
}
