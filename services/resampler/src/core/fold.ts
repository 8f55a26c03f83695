import { type Bar, barTime, type Interval, intervalMs } from '@tandem/common';
import { type Identity, vwapOf } from './base-bar.ts';
import { baseLength } from './buckets.ts';
import { addTo, exact, type Sum } from './exact.ts';

/**
 * A larger bar while it is folded from base bars.
 *
 * It is always folded from the base bars as they were emitted, in order of time, and never from trades: so
 * it is a function of stored rows, the same before and after a restart.
 */
export interface Fold {
  readonly interval: Interval;
  time: number;
  bars: number;
  open: number | null;
  high: number | null;
  low: number | null;
  close: number | null;
  /** The price of a bar without trades. */
  flat: number | null;
  volume: Sum;
  quote: Sum;
  buy: Sum;
  buyQuote: Sum;
  trades: number;
  /** Whether the aggressor of every trade is known. */
  sided: boolean;
  revision: number;
  complete: boolean;
  gap: boolean;
}

export function emptyFold(interval: Interval, time: number): Fold {
  return {
    interval,
    time,
    bars: 0,
    open: null,
    high: null,
    low: null,
    close: null,
    flat: null,
    volume: { value: 0, rest: 0 },
    quote: { value: 0, rest: 0 },
    buy: { value: 0, rest: 0 },
    buyQuote: { value: 0, rest: 0 },
    trades: 0,
    sided: true,
    revision: 0,
    complete: true,
    gap: false,
  };
}

/** Adds the next base bar. Flat seconds lend no price to a bar that has trades. */
export function addBar(fold: Fold, bar: Bar): void {
  fold.bars += 1;
  fold.complete &&= bar.complete;
  fold.gap ||= bar.gap;
  fold.flat ??= bar.close;
  const { high, low } = bar;
  if (bar.revision === 0 || high === null || low === null) return;
  fold.open ??= bar.open;
  fold.high = Math.max(fold.high ?? high, high);
  fold.low = Math.min(fold.low ?? low, low);
  fold.close = bar.close;
  fold.trades += bar.trades;
  fold.revision += bar.revision;
  addTo(fold.volume, bar.volume);
  addTo(fold.quote, bar.quoteVolume);
  fold.sided &&= bar.buyVolume !== null;
  addTo(fold.buy, bar.buyVolume ?? 0);
  addTo(fold.buyQuote, bar.buyQuoteVolume ?? 0);
}

/** The larger bar as far as it has been folded; whole only with every one of its base bars. */
export function foldedBar(fold: Fold, identity: Identity): Bar {
  const volume = exact(fold.volume.value + fold.volume.rest);
  const quoteVolume = exact(fold.quote.value + fold.quote.rest);
  return {
    dataset: identity.dataset,
    venue: identity.venue,
    symbol: identity.symbol,
    interval: fold.interval,
    time: fold.time,
    open: fold.open ?? fold.flat,
    high: fold.high ?? fold.flat,
    low: fold.low ?? fold.flat,
    close: fold.close ?? fold.flat,
    volume,
    quoteVolume,
    vwap: vwapOf(volume, quoteVolume),
    trades: fold.trades,
    buyVolume: fold.sided ? exact(fold.buy.value + fold.buy.rest) : null,
    buyQuoteVolume: fold.sided ? exact(fold.buyQuote.value + fold.buyQuote.rest) : null,
    complete: fold.complete && fold.bars === intervalMs[fold.interval] / baseLength,
    gap: fold.gap,
    revision: fold.revision,
    source: 'trades',
  };
}

/** Folds the base bars of one larger bar, given in order of time. */
export function foldBars(interval: Interval, time: number, bars: Iterable<Bar>): Fold {
  const fold = emptyFold(interval, time);
  for (const bar of bars) addBar(fold, bar);
  return fold;
}

/** Adds the next base bar to the larger bar in progress; returns the larger bars that ended by it. */
export function advanceFold(fold: Fold, bar: Bar, identity: Identity): { fold: Fold; ended: Bar[] } {
  const time = barTime(bar.time, fold.interval);
  const ended: Bar[] = [];
  let current = fold;
  if (current.time !== time) {
    // Only after a hole longer than bars are kept: what was begun ends as a partial bar.
    if (current.bars > 0) ended.push(foldedBar(current, identity));
    current = emptyFold(fold.interval, time);
  }
  addBar(current, bar);
  if (bar.time + baseLength === time + intervalMs[fold.interval]) {
    ended.push(foldedBar(current, identity));
    current = emptyFold(fold.interval, time + intervalMs[fold.interval]);
  }
  return { fold: current, ended };
}

/** The larger bar in progress with one more base bar, which itself is not yet closed. */
export function provisional(fold: Fold, bar: Bar | undefined, identity: Identity): Bar | undefined {
  if (bar === undefined) {
    return fold.bars === 0 ? undefined : { ...foldedBar(fold, identity), complete: false };
  }
  const time = barTime(bar.time, fold.interval);
  const copy: Fold =
    fold.time === time
      ? {
          ...fold,
          volume: { ...fold.volume },
          quote: { ...fold.quote },
          buy: { ...fold.buy },
          buyQuote: { ...fold.buyQuote },
        }
      : emptyFold(fold.interval, time);
  addBar(copy, bar);
  return { ...foldedBar(copy, identity), complete: false };
}
