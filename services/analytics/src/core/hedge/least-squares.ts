import { type InputCode, RollingOls } from '@tandem/stats';
import type { Hedge } from './hedge.ts';

/** Ordinary least squares over the window. The spread's mean over the window is 0 by construction. */
export class LeastSquaresHedge implements Hedge {
  readonly spreadMean = 0;
  readonly #ols: RollingOls;

  constructor(window: number, first: number, least: number) {
    this.#ols = new RollingOls(window, first, { minPeriods: least });
  }

  push(y: number, x: number): void {
    this.#ols.push(y, x);
  }

  get alpha(): number {
    return this.#ols.alpha;
  }
  get beta(): number {
    return this.#ols.beta;
  }
  get alphaError(): number {
    return this.#ols.alphaError;
  }
  get betaError(): number {
    return this.#ols.betaError;
  }
  get rSquared(): number {
    return this.#ols.rSquared;
  }
  get spread(): number {
    return this.#ols.lastResidual;
  }
  get spreadDeviation(): number {
    return this.#ols.residualDeviation;
  }
  get z(): number {
    return this.#ols.z;
  }
  get fault(): InputCode | null {
    return this.#ols.fault;
  }
}
