import type { Venue } from '@tandem/common';
import type { TradeStream } from '../venues/binance.ts';
import { readBybitFrame } from '../venues/bybit-frame.ts';
import { readCoinbaseFrame } from '../venues/coinbase-frame.ts';
import { readKrakenFrame } from '../venues/kraken-frame.ts';
import { readKrakenFuturesFrame } from '../venues/kraken-futures-frame.ts';
import { dialects } from '../venues/list.ts';
import { readOkxFrame } from '../venues/okx-frame.ts';
import type { RecordedReading } from './recorded-event.ts';

/** Whose frames a recording holds. Kraken's futures speak another language than its spot market. */
export type FrameSource =
  | 'binance-usdm'
  | 'binance-spot'
  | 'bybit-linear'
  | 'okx-swap'
  | 'coinbase'
  | 'kraken'
  | 'kraken-futures';

export type FrameReader = (frame: Buffer) => RecordedReading;

const parsedReaders: Partial<Record<FrameSource, (frame: unknown) => RecordedReading>> = {
  'bybit-linear': readBybitFrame,
  'okx-swap': readOkxFrame,
  coinbase: readCoinbaseFrame,
  kraken: readKrakenFrame,
  'kraken-futures': readKrakenFuturesFrame,
};

/** The venue under whose name the trades of a source are kept. */
export function venueOf(source: FrameSource): Venue {
  return source === 'kraken-futures' ? 'kraken' : source;
}

/** What units a source states that a reader of its numbers must know of; undefined where there is nothing to say. */
export function unitsOf(source: FrameSource): string | undefined {
  if (source === 'okx-swap') return 'quantities of swaps and futures are contracts, as OKX states them';
  if (source === 'bybit-linear' || source === 'kraken-futures')
    return 'quantities of inverse contracts are in USD, as the venue states them';
  return undefined;
}

/** How frames of a source are read; `stream` matters to Binance alone. */
export function frameReader(source: FrameSource, stream: TradeStream): FrameReader {
  const readParsed = parsedReaders[source];
  if (readParsed === undefined) return binanceReader(source, stream);
  return (frame) => {
    const parsed = parse(frame);
    if (parsed !== undefined) return readParsed(parsed);
    const text = frame.toString('latin1', 0, 8).trim();
    return text === 'ping' || text === 'pong' ? { kind: 'control' } : { kind: 'malformed', what: 'no JSON' };
  };
}

function binanceReader(source: FrameSource, stream: TradeStream): FrameReader {
  const dialect = dialects[venueOf(source)]?.({ stream });
  if (dialect === undefined) throw new Error(`no dialect reads frames of ${source}`);
  return (frame) => {
    const reading = dialect.read(frame);
    if (reading.kind !== 'print') return reading;
    return { kind: 'prints', prints: [{ ...reading.print, name: null }], clock: reading.clock };
  };
}

/** The JSON value that a frame is; undefined if it is none. */
export function parse(frame: Buffer): unknown {
  try {
    return JSON.parse(frame.toString('utf8'));
  } catch {
    return undefined;
  }
}
