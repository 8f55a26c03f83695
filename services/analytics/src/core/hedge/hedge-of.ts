import type { HedgeMethod, Study } from '@tandem/common';
import {
  demingFault,
  demingSlope,
  type InputCode,
  type KalmanStart,
  RollingHuber,
  RollingTheilSen,
  type SlidingPairSums,
} from '@tandem/stats';
import { leastOf } from '../reach.ts';
import type { Hedge, NotOffered } from './hedge.ts';
import { KalmanFilterHedge } from './kalman.ts';
import { LeastSquaresHedge } from './least-squares.ts';
import { type Line, LineHedge } from './line-hedge.ts';

/** What a method hands on from row to row. */
export type HedgeState = KalmanStart;

/** What a method does not offer. */
export const notOffered: Readonly<Record<HedgeMethod, readonly NotOffered[]>> = {
  ols: [],
  tls: ['alphaError', 'betaError', 'rSquared'],
  huber: ['rSquared'],
  'theil-sen': ['alphaError', 'betaError', 'rSquared'],
  kalman: ['rSquared'],
  fixed: ['alphaError', 'betaError', 'rSquared'],
};

/**
 * The hedge of a study, to be fed from slot `first` on. `state`: what its row before `slot` handed on. `changes`: the
 * sums of the levels' changes, which are fed first.
 */
export function hedgeOf(
  study: Pick<Study, 'method' | 'window' | 'scale' | 'beta'>,
  first: number,
  slot: number,
  state: HedgeState | undefined,
  changes: SlidingPairSums,
): Hedge {
  const { method, window, scale } = study;
  const least = leastOf(window);
  const line = (of: (y: number, x: number, sums: SlidingPairSums) => Line) =>
    new LineHedge(window, first, least, of);
  switch (method) {
    case 'ols':
      return new LeastSquaresHedge(window, first, least);
    case 'tls':
      return line((_y, _x, sums) => (scale === 'log' ? orthogonal(sums, 1) : orthogonalBy(changes, sums)));
    case 'huber':
      return line(robust(new RollingHuber(window, first, { minPeriods: least })));
    case 'theil-sen':
      return line(robust(new RollingTheilSen(window, first, { minPeriods: least })));
    case 'kalman':
      return new KalmanFilterHedge(window, state, slot - first);
    case 'fixed': {
      const fixed: Line = { alpha: 0, beta: study.beta ?? 1, ...noErrors, fault: null };
      return line(() => fixed);
    }
  }
}

/** Total least squares. */
function orthogonal(sums: SlidingPairSums, delta: number): Line {
  const { sxx, syy, sxy } = sums;
  const beta = demingSlope(sxx, syy, sxy, delta);
  const alpha = sums.meanY - beta * sums.meanX;
  const fault = sums.constantY ? 'ConstantSeries' : demingFault(sxx, syy, sxy, delta);
  return { alpha, beta, ...noErrors, fault };
}

/** The same on prices: those of different size have errors of different size, as their changes have. */
function orthogonalBy(changes: SlidingPairSums, sums: SlidingPairSums): Line {
  const { sxx, syy, constantX, constantY } = changes;
  const line = orthogonal(sums, syy / sxx);
  // With too few bars that follow on one another there are levels enough, and yet no size of the changes.
  if (Number.isNaN(sxx)) return { ...line, fault: 'TooFewObservations' };
  return constantX || constantY ? { ...line, fault: 'ConstantSeries' } : line;
}

interface RobustLine {
  readonly alpha: number;
  readonly beta: number;
  readonly alphaError?: number;
  readonly betaError?: number;
  readonly fault: InputCode | null;
  push(y: number, x: number): void;
}

const noErrors = { alphaError: Number.NaN, betaError: Number.NaN };
/** Beyond this size no price is one, and differences of differences overflow. */
const largest = 1e150;

function robust(rolling: RobustLine): (y: number, x: number) => Line {
  return (y, x) => {
    const sane = Math.abs(y) < largest && Math.abs(x) < largest;
    rolling.push(sane ? y : Number.NaN, sane ? x : Number.NaN);
    const { alpha, beta, alphaError = Number.NaN, betaError = Number.NaN, fault } = rolling;
    return { alpha, beta, alphaError, betaError, fault };
  };
}
