import { type Interval, intervalMs, SymbolName, symbolPattern } from '@tandem/common';
import { type TradeFields, walkTrade } from './binance-frame.ts';
import { decimal } from './decimal.ts';
import {
  type Instrument,
  type Kline,
  MalformedAnswer,
  type Print,
  type Question,
  type Reading,
} from './venue.ts';

export type TradeStream = 'aggTrade' | 'trade';

/** Frames of streams that we did not ask for, but that recordings hold: they tell the exchange's time. */
const otherEvents = new Set([
  'depthUpdate',
  'bookTicker',
  'kline',
  'markPriceUpdate',
  '24hrTicker',
  '24hrMiniTicker',
  'forceOrder',
  'avgPrice',
  'continuous_kline',
  'contractInfo',
  'blockTrade',
]);

/** A frame of Binance's market streams, raw or combined, as what it means for `stream`. */
export function readFrame(frame: Buffer, stream: TradeStream): Reading {
  const walked = walkTrade(frame);
  if (walked !== undefined) return readTrade(walked, stream);
  let parsed: unknown;
  try {
    parsed = JSON.parse(frame.toString('utf8'));
  } catch {
    return { kind: 'malformed', what: 'no JSON' };
  }
  if (!isObject(parsed)) return { kind: 'malformed', what: 'no JSON object' };
  return readObject(
    isObject(parsed.data) && typeof parsed.stream === 'string' ? parsed.data : parsed,
    stream,
  );
}

function readObject(data: Record<string, unknown>, stream: TradeStream): Reading {
  if (isObject(data.error)) return { kind: 'refusal', message: `${data.error.code} ${data.error.msg}` };
  if ('result' in data) return { kind: 'control' };
  const event = data.e;
  if (event === 'serverShutdown') return { kind: 'closing' };
  if (event === 'trade' || event === 'aggTrade') {
    const trade = tradeOf(data, event);
    return trade === undefined ? { kind: 'malformed', what: `${event} frame` } : readTrade(trade, stream);
  }
  // Spot's book ticker and partial depth carry no event name; neither do REST snapshots in recordings.
  if (event === undefined && ('u' in data || 'lastUpdateId' in data)) return clockOf(data);
  if (typeof event === 'string' && otherEvents.has(event)) return clockOf(data);
  return {
    kind: 'unknown',
    what: typeof event === 'string' ? event.slice(0, 40) : 'frame without event name',
  };
}

function clockOf(data: Record<string, unknown>): Reading {
  const clock = milliseconds(data.E);
  return Number.isNaN(clock) ? { kind: 'control' } : { kind: 'clock', clock };
}

function readTrade(trade: TradeFields, stream: TradeStream): Reading {
  const clock = milliseconds(trade.eventTime);
  // COIN-M frames share the host after Binance's migration; they are another instrument.
  if (trade.market === 2) return { kind: 'control' };
  if (trade.event !== stream) return { kind: 'clock', clock };
  const time = milliseconds(trade.time);
  if (!symbolPattern.test(trade.symbol) || trade.count < 1 || Number.isNaN(time + clock)) {
    return { kind: 'malformed', what: `${trade.event} frame` };
  }
  return {
    kind: 'print',
    clock,
    print: {
      symbol: trade.symbol,
      id: trade.id,
      time,
      price: trade.price,
      quantity: trade.quantity,
      side: trade.buyerIsMaker ? 'sell' : 'buy',
      count: trade.count,
      market: isMarket(trade),
    },
  };
}

/** `NA` prints have price 0, insurance-fund and liquidation-by-counterparty fills may be far off the market. */
function isMarket(trade: TradeFields): boolean {
  return (
    (trade.execution === undefined || trade.execution === 'MARKET') && trade.price > 0 && trade.quantity > 0
  );
}

function tradeOf(data: Record<string, unknown>, event: TradeStream): TradeFields | undefined {
  const id = event === 'trade' ? data.t : data.a;
  const price = decimal(data.p);
  const quantity = decimal(data.q);
  const count = event === 'trade' ? 1 : isWhole(data.f) && isWhole(data.l) ? data.l - data.f + 1 : Number.NaN;
  if (!isWhole(id) || !isWhole(data.T) || !isWhole(data.E) || typeof data.s !== 'string') return undefined;
  if (typeof data.m !== 'boolean' || Number.isNaN(price + quantity + count)) return undefined;
  return {
    event,
    eventTime: data.E,
    symbol: data.s,
    id,
    price,
    quantity,
    time: data.T,
    buyerIsMaker: data.m,
    count,
    execution: typeof data.X === 'string' ? data.X : undefined,
    market: isWhole(data.st) ? data.st : undefined,
  };
}

/** Rows of `/aggTrades`. */
export function readAggregates(symbol: string): (body: unknown) => Print[] {
  return (body) =>
    rows(body, 'aggTrades').map((row) => {
      if (!isObject(row)) throw new MalformedAnswer('a row of aggTrades is no object');
      const trade = tradeOf({ ...row, s: symbol, E: row.T }, 'aggTrade');
      if (trade === undefined || trade.count < 1)
        throw new MalformedAnswer('a row of aggTrades lacks a field');
      return printOf(trade);
    });
}

/** Rows of `/trades` and `/historicalTrades`. */
export function readTrades(symbol: string): (body: unknown) => Print[] {
  return (body) =>
    rows(body, 'trades').map((row) => {
      if (!isObject(row)) throw new MalformedAnswer('a row of trades is no object');
      const { id, price, qty, time, isBuyerMaker } = row;
      const trade = tradeOf(
        { t: id, p: price, q: qty, T: time, E: time, m: isBuyerMaker, s: symbol },
        'trade',
      );
      if (trade === undefined) throw new MalformedAnswer('a row of trades lacks a field');
      return printOf(trade);
    });
}

function printOf(trade: TradeFields): Print {
  return {
    symbol: trade.symbol,
    id: trade.id,
    time: milliseconds(trade.time),
    price: trade.price,
    quantity: trade.quantity,
    side: trade.buyerIsMaker ? 'sell' : 'buy',
    count: trade.count,
    market: isMarket(trade),
  };
}

/** Rows of `/klines` that closed at or before `to`. */
export function readKlines(symbol: string, interval: Interval, to: number): (body: unknown) => Kline[] {
  return (body) =>
    rows(body, 'klines').flatMap((row) => {
      if (!Array.isArray(row) || row.length < 11 || !isWhole(row[0]) || !isWhole(row[8])) {
        throw new MalformedAnswer('a row of klines lacks a field');
      }
      const [open, high, low, close, volume] = row.slice(1, 6).map(decimal) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const quoteVolume = decimal(row[7]);
      const buyVolume = decimal(row[9]);
      const buyQuoteVolume = decimal(row[10]);
      if (Number.isNaN(open + high + low + close + volume + quoteVolume + buyVolume + buyQuoteVolume)) {
        throw new MalformedAnswer('a row of klines holds something other than decimals');
      }
      const time = milliseconds(row[0]);
      if (time + intervalMs[interval] > to || !(low > 0)) return [];
      return {
        symbol,
        interval,
        time,
        open,
        high,
        low,
        close,
        volume,
        quoteVolume,
        vwap: volume > 0 ? quoteVolume / volume : null,
        trades: row[8],
        buyVolume,
        buyQuoteVolume,
        complete: true,
        gap: false,
        revision: row[8],
        source: 'klines' as const,
      };
    });
}

export function readServerTime(body: unknown): number {
  if (!isObject(body) || !isWhole(body.serverTime)) throw new MalformedAnswer('time holds no serverTime');
  return body.serverTime;
}

export function readInstruments(body: unknown): Instrument[] {
  if (!isObject(body) || !Array.isArray(body.symbols))
    throw new MalformedAnswer('exchangeInfo holds no symbols');
  return body.symbols.flatMap((row) =>
    isObject(row) && typeof row.symbol === 'string' && SymbolName.safeParse(row.symbol).success
      ? { symbol: row.symbol, trading: row.status === 'TRADING' }
      : [],
  );
}

export function question<Answer>(
  path: string,
  parameters: Record<string, string | number>,
  weight: number,
  read: (body: unknown) => Answer,
): Question<Answer> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
  return { path: query.size > 0 ? `${path}?${query}` : path, weight, read };
}

/** Spot tells microseconds on request; ten thousand years of milliseconds are fewer than this. */
function milliseconds(time: unknown): number {
  if (!isWhole(time)) return Number.NaN;
  return time > 1e14 ? Math.floor(time / 1000) : time;
}

function rows(body: unknown, what: string): unknown[] {
  if (!Array.isArray(body)) throw new MalformedAnswer(`${what} is no list`);
  return body;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
