import type { Venue as VenueName } from '@tandem/common';
import {
  question,
  readAggregates,
  readFrame,
  readInstruments,
  readKlines,
  readServerTime,
  readTrades,
  type TradeStream,
} from './binance.ts';
import type { Dialect } from './venue.ts';

export interface BinanceOptions {
  stream: TradeStream;
  /** Needed to repair `trade` further back than the newest 1,000 fills. */
  apiKey?: string | undefined;
  /** The simulated exchange speaks this dialect under its own name. */
  venue?: VenueName;
}

/** Aggregates flow on one path, single fills on another; on the wrong one a subscription is acknowledged and silent. */
const tiers = { aggTrade: 'market', trade: 'public' } as const;

/** Binance USD-M futures, as documented in November 2026. */
export function binanceUsdm({ stream, apiKey, venue = 'binance-usdm' }: BinanceOptions): Dialect {
  const aggregates = stream === 'aggTrade';
  return {
    venue,
    streamUrl: (base, symbols) =>
      `${base}/${tiers[stream]}/stream?streams=${symbols.map((symbol) => `${symbol.toLowerCase()}@${stream}`).join('/')}`,
    read: (frame) => readFrame(frame, stream),
    weightPerMinute: 2_400,
    weightHeader: 'x-mbx-used-weight-1m',
    headers: apiKey === undefined ? {} : { 'X-MBX-APIKEY': apiKey },
    dense: aggregates,
    pagesFromId: aggregates || apiKey !== undefined,
    page(symbol, fromId) {
      if (aggregates) {
        return question('/fapi/v1/aggTrades', { symbol, fromId, limit: 1_000 }, 20, readAggregates(symbol));
      }
      if (apiKey !== undefined) {
        return question('/fapi/v1/historicalTrades', { symbol, fromId, limit: 500 }, 20, readTrades(symbol));
      }
      return question('/fapi/v1/trades', { symbol, limit: 1_000 }, 5, readTrades(symbol));
    },
    head: (symbol) =>
      aggregates
        ? question('/fapi/v1/aggTrades', { symbol, limit: 1 }, 20, (body) =>
            readAggregates(symbol)(body).at(-1),
          )
        : question('/fapi/v1/trades', { symbol, limit: 1 }, 5, (body) => readTrades(symbol)(body).at(-1)),
    since: (symbol, time) =>
      aggregates
        ? question('/fapi/v1/aggTrades', { symbol, startTime: time, limit: 1 }, 20, (body) =>
            readAggregates(symbol)(body).at(0),
          )
        : question('/fapi/v1/trades', { symbol, limit: 1_000 }, 5, (body) =>
            readTrades(symbol)(body).find((print) => print.time >= time),
          ),
    time: () => question('/fapi/v1/time', {}, 1, readServerTime),
    // USD-M has no klines below a minute.
    klines: (symbol, interval, from, to) =>
      interval.endsWith('s')
        ? undefined
        : question(
            '/fapi/v1/klines',
            { symbol, interval, startTime: from, endTime: to - 1, limit: 1_000 },
            5,
            readKlines(symbol, interval, to),
          ),
    instruments: () => question('/fapi/v1/exchangeInfo', {}, 1, readInstruments),
  };
}
