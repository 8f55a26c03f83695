import { type Interval, intervalMs } from '@tandem/common';
import { correlationMatrix, InputError, johansen, logReturn, moments } from '@tandem/stats';
import {
  max,
  mean,
  median,
  min,
  sampleKurtosis,
  sampleSkewness,
  sampleStandardDeviation,
} from 'simple-statistics';
import { align, type LegBars, newestStretch } from './leg-bars.ts';
import { spanOf } from './tests-of-series.ts';

interface MarketOrder {
  readonly legs: readonly LegBars[];
  readonly interval: Interval;
}

/** Johansen's test on log closes. */
export function johansenTest(input: unknown): object {
  const { legs, interval, lags } = input as MarketOrder & { lags: number };
  const { times, closes, dropped } = newestStretch(align(legs, intervalMs[interval]));
  const logs = closes.map((column) => column.map(Math.log));
  return {
    instruments: legs.map(({ instrument }) => instrument),
    ...spanOf(times, times.length),
    holeBefore: dropped,
    ...johansen(logs, { lags }),
  };
}

/** Correlations of log returns of all instruments. */
export function matrix(input: unknown): object {
  const { legs, interval, shrinkage } = input as MarketOrder & { shrinkage: 'none' | 'ledoit-wolf' };
  const { times, closes } = align(legs, intervalMs[interval]);
  if (times.length < 3) {
    throw new InputError('TooFewObservations', 'the instruments have fewer than 3 bars in common');
  }
  const returns = closes.map((column) =>
    Float64Array.from({ length: column.length - 1 }, (_, i) => {
      const value = logReturn(column[i] as number, column[i + 1] as number);
      return Number.isFinite(value) ? value : Number.NaN;
    }),
  );
  return {
    instruments: legs.map(({ instrument }) => instrument),
    ...spanOf(times, times.length),
    ...correlationMatrix(returns, { shrinkage }),
  };
}

/** What a trader asks of one price: last, change, mean, deviation, shape, range, z. */
export function statistics(input: unknown): object {
  const { legs } = input as MarketOrder;
  return { instruments: legs.map(statisticsOf) };
}

function statisticsOf({ instrument, times, closes, highs, lows }: LegBars): object {
  const known = [...closes].filter((close) => !Number.isNaN(close));
  const last = known.at(-1);
  const base = {
    instrument,
    ...spanOf(times, times.length),
    n: known.length,
    dropped: times.length - known.length,
  };
  if (last === undefined) return { ...base, flags: ['NoBars'] };
  const first = known[0] as number;
  const { deviation } = known.length > 1 ? moments(known) : { deviation: 0 };
  const varies = deviation > 0;
  const average = mean(known);
  return {
    ...base,
    flags: varies ? [] : ['ConstantSeries'],
    last,
    change: last - first,
    changePercent: (100 * (last - first)) / first,
    mean: average,
    deviation: known.length > 1 ? sampleStandardDeviation(known) : null,
    median: median(known),
    skewness: varies && known.length > 2 ? sampleSkewness(known) : null,
    kurtosis: varies && known.length > 3 ? sampleKurtosis(known) : null,
    high: max([...highs].filter((high) => !Number.isNaN(high))),
    low: min([...lows].filter((low) => !Number.isNaN(low))),
    z: varies ? (last - average) / deviation : null,
  };
}

interface LiquidityOrder extends MarketOrder {
  readonly leastTrades: number;
  readonly leastVolume: number;
  readonly mostEmpty: number;
}

/** Trade and volume minute by minute, and whether a market is liquid enough, with the reasons why not. */
export function liquidity(input: unknown): object {
  const { legs, ...limits } = input as LiquidityOrder;
  return { instruments: legs.map((leg) => liquidityOf(leg, limits)) };
}

function liquidityOf(
  { instrument, times, volumes, quoteVolumes, trades }: LegBars,
  { leastTrades, leastVolume, mostEmpty }: Omit<LiquidityOrder, 'legs' | 'interval'>,
): object {
  const n = times.length;
  if (n === 0) return { instrument, n, liquid: false, reasons: ['no bars'], minutes: [] };
  const medianTrades = median([...trades]);
  const medianVolume = median([...quoteVolumes]);
  const emptyShare = trades.filter((count) => count === 0).length / n;
  const reasons = [
    ...(medianTrades < leastTrades
      ? [`median of ${medianTrades} trades a minute, below ${leastTrades}`]
      : []),
    ...(medianVolume < leastVolume
      ? [`median quote volume of ${medianVolume} a minute, below ${leastVolume}`]
      : []),
    ...(emptyShare > mostEmpty
      ? [`${Math.round(100 * emptyShare)} % of the minutes are empty, above ${Math.round(100 * mostEmpty)} %`]
      : []),
  ];
  return {
    instrument,
    ...spanOf(times, n),
    n,
    liquid: reasons.length === 0,
    reasons,
    medianTrades,
    medianQuoteVolume: medianVolume,
    emptyShare,
    minutes: Array.from(times, (time, i) => {
      const count = trades[i] as number;
      const volume = volumes[i] as number;
      const quoteVolume = quoteVolumes[i] as number;
      return {
        time,
        volume,
        quoteVolume,
        trades: count,
        meanSize: count > 0 ? volume / count : null,
        shareOfMedian: medianVolume > 0 ? quoteVolume / medianVolume : null,
      };
    }),
  };
}
