import { type Bar, baseInterval, type Venue } from '@tandem/common';
import type { Accumulator } from './accumulator.ts';
import { exact } from './exact.ts';

/** Whose bars these are. */
export interface Identity {
  readonly dataset: string;
  readonly venue: Venue;
  readonly symbol: string;
}

/** Volume-weighted mean price; null without trades. */
export function vwapOf(volume: number, quoteVolume: number): number | null {
  return volume > 0 && quoteVolume > 0 ? quoteVolume / volume : null;
}

/**
 * The base bar of one second. Without trades it is flat at the previous close - except inside a gap, where
 * trades happened that nobody here has seen: there its prices are null.
 */
export function baseBar(
  identity: Identity,
  time: number,
  trades: Accumulator | undefined,
  previousClose: number | null,
  complete: boolean,
  gap: boolean,
): Bar {
  const traded = trades !== undefined && trades.ids > 0 ? trades : undefined;
  const sided = traded === undefined || traded.sideless === 0;
  const flat = gap ? null : previousClose;
  const volume = traded ? exact(traded.volume + traded.volumeRest) : 0;
  const quoteVolume = traded ? exact(traded.quote + traded.quoteRest) : 0;
  return {
    dataset: identity.dataset,
    venue: identity.venue,
    symbol: identity.symbol,
    interval: baseInterval,
    time,
    open: traded ? traded.open : flat,
    high: traded ? traded.high : flat,
    low: traded ? traded.low : flat,
    close: traded ? traded.close : flat,
    volume,
    quoteVolume,
    vwap: vwapOf(volume, quoteVolume),
    trades: traded ? traded.trades : 0,
    buyVolume: !sided ? null : traded ? exact(traded.buy + traded.buyRest) : 0,
    buyQuoteVolume: !sided ? null : traded ? exact(traded.buyQuote + traded.buyQuoteRest) : 0,
    complete,
    gap,
    revision: traded ? traded.ids : 0,
    source: 'trades',
  };
}

const compared = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'quoteVolume',
  'vwap',
  'trades',
  'buyVolume',
  'buyQuoteVolume',
  'complete',
  'gap',
  'revision',
  'source',
] as const satisfies readonly (keyof Bar)[];

/** Whether two versions of one bar say the same. */
export function sameBar(left: Bar, right: Bar): boolean {
  return compared.every((field) => left[field] === right[field]);
}
