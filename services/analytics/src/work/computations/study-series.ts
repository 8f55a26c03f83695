import { intervalMs, type Study } from '@tandem/common';
import { huber, type InputCode, InputError, moments, ols, theilSen, totalLeastSquares } from '@tandem/stats';
import { KalmanFilterHedge } from '../../core/hedge/kalman.ts';
import { type AlignedBars, align, type LegBars, newestStretch } from './leg-bars.ts';

/** A study with the bars of its legs. */
export interface StudyBars {
  readonly study: Study;
  readonly y: LegBars;
  readonly x: LegBars;
}

/** The levels of both legs on the study's scale, and the spread about the line of the whole stretch. */
export interface StudySeries {
  readonly times: Float64Array;
  readonly y: Float64Array;
  readonly x: Float64Array;
  readonly spread: Float64Array;
  readonly line: FittedLine;
  /** Bars before the newest hole, which are not used. */
  readonly dropped: number;
}

/** The legs' levels of the newest stretch without a hole. */
export function levelsOf({ study, y, x }: StudyBars): AlignedBars & { readonly dropped: number } {
  const stretch = newestStretch(align([y, x], intervalMs[study.interval]));
  if (study.scale === 'price') return stretch;
  return { ...stretch, closes: stretch.closes.map((column) => column.map(Math.log)) };
}

/** The spread of a study over its bars: about one line, or, for a hedge that drifts, the forecast errors. */
export function seriesOf(bars: StudyBars): StudySeries {
  const { times, closes, dropped } = levelsOf(bars);
  const [y, x] = closes as [Float64Array, Float64Array];
  const n = times.length;
  if (n < 30) {
    throw new InputError(
      'TooFewObservations',
      `${bars.study.id} has ${n} bars since the newest hole, and 30 are needed; wait, or ask for an earlier time`,
    );
  }
  const line = lineThrough(bars.study, y, x);
  if (line.fault !== null) {
    throw new InputError(line.fault, `${bars.study.id} has no hedge ratio over these bars (${line.fault})`);
  }
  const first = line.spread.findIndex((value) => !Number.isNaN(value));
  return { times, y, x, spread: line.spread.subarray(Math.max(0, first)), line, dropped };
}

/** A line through bars, and the spread of each of them about it. */
export interface FittedLine {
  readonly fault: InputCode | null;
  readonly alpha: number;
  readonly beta: number;
  /** NaN where the method has none. */
  readonly alphaError: number;
  readonly betaError: number;
  readonly rSquared: number;
  /** NaN for the bars that a filter learned from. */
  readonly spread: Float64Array;
}

const none = { alphaError: Number.NaN, betaError: Number.NaN, rSquared: Number.NaN };

/** One line through all rows, by a study's method; for the Kalman filter the newest, with its forecast errors. */
export function lineThrough(
  study: Pick<Study, 'method' | 'scale' | 'beta'>,
  y: Float64Array,
  x: Float64Array,
): FittedLine {
  if (study.method === 'kalman') return filtered(y, x);
  try {
    const line = { ...none, ...fitted(study, y, x) };
    const spread = y.map((level, i) => level - line.alpha - line.beta * (x[i] as number));
    return { fault: null, ...line, spread };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      fault: error.code,
      alpha: Number.NaN,
      beta: Number.NaN,
      ...none,
      spread: y.map(() => Number.NaN),
    };
  }
}

function fitted(
  study: Pick<Study, 'method' | 'scale' | 'beta'>,
  y: Float64Array,
  x: Float64Array,
): Partial<typeof none> & { alpha: number; beta: number } {
  switch (study.method) {
    case 'tls': {
      const { alpha, beta, alphaError, betaError } = totalLeastSquares(y, x, errorRatio(study.scale, y, x));
      return { alpha, beta, alphaError: alphaError ?? Number.NaN, betaError: betaError ?? Number.NaN };
    }
    case 'huber': {
      const { alpha, beta, alphaError, betaError } = huber(y, x, { until: 'fixedPoint' });
      return { alpha, beta, alphaError: alphaError ?? Number.NaN, betaError: betaError ?? Number.NaN };
    }
    case 'theil-sen': {
      const { alpha, beta } = theilSen(y, x);
      return { alpha, beta };
    }
    case 'fixed':
      return { alpha: 0, beta: study.beta ?? 1 };
    default: {
      const { alpha, beta, alphaError, betaError, rSquared } = ols(y, x);
      return { alpha, beta, alphaError, betaError, rSquared: rSquared ?? Number.NaN };
    }
  }
}

/** How the errors of the legs compare: prices of different size have errors of different size, as their changes have. */
function errorRatio(scale: Study['scale'], y: Float64Array, x: Float64Array): number {
  if (scale === 'log') return 1;
  const changes = (levels: Float64Array) =>
    levels.subarray(1).map((level, i) => level - (levels[i] as number));
  return (moments(changes(y)).deviation / moments(changes(x)).deviation) ** 2;
}

function filtered(y: Float64Array, x: Float64Array): FittedLine {
  const filter = new KalmanFilterHedge(y.length, undefined, 0);
  const spread = y.map((level, i) => {
    filter.push(level, x[i] as number);
    return filter.spread;
  });
  const { fault, alpha, beta, alphaError, betaError, rSquared } = filter;
  return { fault, alpha, beta, alphaError, betaError, rSquared, spread };
}
