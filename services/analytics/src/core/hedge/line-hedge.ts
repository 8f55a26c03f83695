import { faultOf, type InputCode, SlidingPairSums } from '@tandem/stats';
import type { Hedge } from './hedge.ts';

/** A line through the window, or why there is none. */
export interface Line {
  readonly alpha: number;
  readonly beta: number;
  readonly alphaError: number;
  readonly betaError: number;
  readonly fault: InputCode | null;
}

/**
 * Any line, with the spread's mean and deviation about it over the window.
 *
 * From the sums of least squares: its residuals are uncorrelated with x, so about another line of slope beta the
 * squares are SSR + (slope - beta)^2 Sxx, which does not cancel.
 */
export class LineHedge implements Hedge {
  alpha = Number.NaN;
  beta = Number.NaN;
  alphaError = Number.NaN;
  betaError = Number.NaN;
  readonly rSquared = Number.NaN;
  spread = Number.NaN;
  spreadMean = Number.NaN;
  spreadDeviation = Number.NaN;
  z = Number.NaN;
  fault: InputCode | null = 'TooFewObservations';
  readonly #sums: SlidingPairSums;
  readonly #least: number;
  readonly #line: (y: number, x: number, sums: SlidingPairSums) => Line;

  /** `line` is told of each bar in order, and answers with the line after it. */
  constructor(
    window: number,
    first: number,
    least: number,
    line: (y: number, x: number, sums: SlidingPairSums) => Line,
  ) {
    this.#sums = new SlidingPairSums('LineHedge', window, first, least);
    this.#least = least;
    this.#line = line;
  }

  push(y: number, x: number): void {
    const sums = this.#sums;
    sums.push(y, x);
    const { alpha, beta, alphaError, betaError, fault } = this.#line(y, x, sums);
    const tilt = sums.slope - beta;
    const squares = sums.ssr + tilt * tilt * sums.sxx;
    // Where squares overflow a deviation has no size, and a z would be 0 for want of one.
    this.fault = faultOf(sums, this.#least) ?? fault ?? (squares < Infinity ? null : 'NonFinite');
    if (this.fault !== null) {
      this.alpha = this.beta = this.alphaError = this.betaError = Number.NaN;
      this.spread = this.spreadMean = this.spreadDeviation = this.z = Number.NaN;
      return;
    }
    this.alpha = alpha;
    this.beta = beta;
    this.alphaError = alphaError;
    this.betaError = betaError;
    const deviationFromMean = sums.lastResidual + tilt * sums.lastDeviationX;
    this.spreadMean = sums.meanY - beta * sums.meanX - alpha;
    this.spread = deviationFromMean + this.spreadMean;
    this.spreadDeviation = Math.sqrt(squares / (sums.n - 1));
    this.z = this.spreadDeviation <= sums.noise ? Number.NaN : deviationFromMean / this.spreadDeviation;
  }
}
