import {
  question,
  readAggregates,
  readFrame,
  readInstruments,
  readKlines,
  readServerTime,
  readTrades,
} from './binance.ts';
import type { BinanceOptions } from './binance-usdm.ts';
import type { Dialect } from './venue.ts';

const spotIntervals = new Set([
  '1s',
  '1m',
  '3m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
]);

/** Binance spot, as documented in November 2026. Everything that it needs is served without an API key. */
export function binanceSpot({ stream, venue = 'binance-spot' }: BinanceOptions): Dialect {
  const aggregates = stream === 'aggTrade';
  return {
    venue,
    streamUrl: (base, symbols) =>
      `${base}/stream?streams=${symbols.map((symbol) => `${symbol.toLowerCase()}@${stream}`).join('/')}`,
    read: (frame) => readFrame(frame, stream),
    weightPerMinute: 6_000,
    weightHeader: 'x-mbx-used-weight-1m',
    headers: {},
    dense: true,
    pagesFromId: true,
    page: (symbol, fromId) =>
      aggregates
        ? question('/api/v3/aggTrades', { symbol, fromId, limit: 1_000 }, 4, readAggregates(symbol))
        : question('/api/v3/historicalTrades', { symbol, fromId, limit: 1_000 }, 25, readTrades(symbol)),
    head: (symbol) =>
      aggregates
        ? question('/api/v3/aggTrades', { symbol, limit: 1 }, 4, (body) =>
            readAggregates(symbol)(body).at(-1),
          )
        : question('/api/v3/trades', { symbol, limit: 1 }, 25, (body) => readTrades(symbol)(body).at(-1)),
    since: (symbol, time) =>
      aggregates
        ? question('/api/v3/aggTrades', { symbol, startTime: time, limit: 1 }, 4, (body) =>
            readAggregates(symbol)(body).at(0),
          )
        : question('/api/v3/trades', { symbol, limit: 1_000 }, 25, (body) =>
            readTrades(symbol)(body).find((print) => print.time >= time),
          ),
    time: () => question('/api/v3/time', {}, 1, readServerTime),
    klines: (symbol, interval, from, to) =>
      spotIntervals.has(interval)
        ? question(
            '/api/v3/klines',
            { symbol, interval, startTime: from, endTime: to - 1, limit: 1_000 },
            2,
            readKlines(symbol, interval, to),
          )
        : undefined,
    instruments: () => question('/api/v3/exchangeInfo', {}, 20, readInstruments),
  };
}
