import { HedgeMethod, intervalMs, type Study } from '@tandem/common';
import {
  bertramThresholds,
  crossCorrelation,
  type EngleGrangerOptions,
  engleGrangerBoth,
  halfLife,
  hayashiYoshida,
  InputError,
  logReturns,
  moments,
  ornsteinUhlenbeck,
  ornsteinUhlenbeckExact,
} from '@tandem/stats';
import { align, newestStretch } from './leg-bars.ts';
import { levelsOf, lineThrough, type StudyBars, seriesOf } from './study-series.ts';
import { spanOf } from './tests-of-series.ts';

/** Trades of a leg: times in ms, and the logarithm of the price. */
export interface LegTicks {
  readonly times: Float64Array;
  readonly logs: Float64Array;
}

/** Engle-Granger both ways, on the study's scale. */
export function cointegration(input: unknown): object {
  const { bars, options } = input as { bars: StudyBars; options: EngleGrangerOptions };
  const { times, closes, dropped } = levelsOf(bars);
  const [y, x] = closes as [Float64Array, Float64Array];
  const both = engleGrangerBoth(y, x, options);
  const verdict = ({ stat, critical }: { stat: number; critical: { '5%': number } | null }) =>
    critical === null ? null : stat < critical['5%'];
  return {
    study: bars.study.id,
    ...spanOf(times, y.length),
    holeBefore: dropped,
    ...both,
    cointegrated: { yOnX: verdict(both.yOnX), xOnY: verdict(both.xOnY) },
  };
}

/** How the spread comes back: half-life, Ornstein-Uhlenbeck, and Bertram's thresholds at the study's costs. */
export function reversion(input: unknown): object {
  const { bars } = input as { bars: StudyBars };
  const series = seriesOf(bars);
  const { spread, line, times, y, x } = series;
  const process = ornsteinUhlenbeck(spread);
  const { feeBps, slippageBps } = bars.study.costs;
  const notional =
    bars.study.scale === 'log'
      ? 1 + Math.abs(line.beta)
      : (y.at(-1) as number) + Math.abs(line.beta) * (x.at(-1) as number);
  const cost = (2 * (feeBps + slippageBps) * notional) / 1e4;
  return {
    study: bars.study.id,
    ...spanOf(times, spread.length),
    /** Times are in bars of so many ms. */
    bar: intervalMs[bars.study.interval],
    alpha: line.alpha,
    beta: line.beta,
    halfLife: halfLife(spread),
    ornsteinUhlenbeck: process,
    exactLikelihood: attempt(() => ornsteinUhlenbeckExact(spread)),
    roundTripCost: cost,
    thresholds:
      process.kappa === null || process.sigma === null || cost === 0
        ? null
        : attempt(() =>
            bertramThresholds({
              kappa: process.kappa as number,
              sigma: process.sigma as number,
              theta: process.theta ?? 0,
              cost,
            }),
          ),
  };
}

/** Every hedge method on the same bars. */
export function hedgeRatios(input: unknown, progress: (share: number) => void): object {
  const { bars } = input as { bars: StudyBars };
  const { times, closes, dropped } = levelsOf(bars);
  const [y, x] = closes as [Float64Array, Float64Array];
  const methods: Record<string, object> = {};
  for (const [done, method] of HedgeMethod.options.entries()) {
    progress(done / HedgeMethod.options.length);
    methods[method] = hedgeBy({ ...bars.study, method }, y, x);
  }
  return { study: bars.study.id, ...spanOf(times, y.length), n: y.length, holeBefore: dropped, methods };
}

function hedgeBy(study: Study, y: Float64Array, x: Float64Array): object {
  const { fault, spread, alpha, beta, alphaError, betaError, rSquared } = lineThrough(study, y, x);
  if (fault !== null) return { fault };
  const known = spread.filter((value) => !Number.isNaN(value));
  const { mean, deviation } = moments(known);
  const last = known.at(-1) as number;
  return {
    fault,
    alpha: finite(alpha),
    beta: finite(beta),
    alphaError: finite(alphaError),
    betaError: finite(betaError),
    rSquared: finite(rSquared),
    spread: last,
    spreadMean: mean,
    spreadDeviation: deviation,
    z: finite((last - mean) / deviation),
  };
}

/** Who leads: by bars, and by trades without bars. */
export function leadLag(input: unknown): object {
  const { bars, maxLag, ticks } = input as {
    bars: StudyBars;
    maxLag: number;
    ticks: { y: LegTicks; x: LegTicks };
  };
  const step = intervalMs[bars.study.interval];
  const { times, closes } = newestStretch(align([bars.y, bars.x], step));
  const [y, x] = closes as [Float64Array, Float64Array];
  const lags = [-2_000, -1_000, -500, -200, -100, -50, -20, 0, 20, 50, 100, 200, 500, 1_000, 2_000];
  return {
    study: bars.study.id,
    ...spanOf(times, y.length),
    bar: step,
    /** Positive lags: x leads y. */
    bars: crossCorrelation(logReturns(y), logReturns(x), maxLag),
    /** Positive lags, in ms: y leads x. */
    trades:
      attempt(() => hayashiYoshida(ticks.y.times, ticks.y.logs, ticks.x.times, ticks.x.logs, { lags })) ??
      null,
  };
}

/** The answer, or null where the input has none. */
function attempt<Answer>(run: () => Answer): Answer | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
