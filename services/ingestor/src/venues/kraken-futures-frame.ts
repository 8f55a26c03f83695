import type { RecordedPrint, RecordedReading } from '../recording/recorded-event.ts';
import { recordedSymbol } from '../recording/recorded-symbol.ts';
import { isObject, isWhole } from './json-value.ts';

const otherFeeds = new Set(['book', 'book_snapshot', 'ticker', 'ticker_lite', 'heartbeat']);
const otherEvents = new Set(['info', 'subscribed', 'unsubscribed', 'challenge']);

/** Frames of Kraken futures' WebSocket v1. `seq` numbers the trades of a product; `qty` of inverse contracts is in USD. */
export function readKrakenFuturesFrame(frame: unknown): RecordedReading {
  if (!isObject(frame)) return { kind: 'malformed', what: 'no JSON object' };
  const { event, feed } = frame;
  if (event === 'error' || event === 'alert') return { kind: 'refusal', message: String(frame.message) };
  if (typeof event === 'string' && otherEvents.has(event)) return { kind: 'control' };
  if (feed === 'trade') return readTrades([frame]);
  if (feed === 'trade_snapshot') return readTrades(frame.trades);
  if (typeof feed !== 'string' || !otherFeeds.has(feed)) {
    return { kind: 'unknown', what: String(feed ?? event ?? 'frame without feed').slice(0, 40) };
  }
  const clock = frame.timestamp ?? frame.time;
  return isWhole(clock) && clock > 0 ? { kind: 'clock', clock } : { kind: 'control' };
}

function readTrades(rows: unknown): RecordedReading {
  if (!Array.isArray(rows)) return { kind: 'malformed', what: 'trade frame' };
  const prints: RecordedPrint[] = [];
  let clock = 0;
  for (const row of rows) {
    const print = isObject(row) ? printOf(row) : undefined;
    if (print === undefined) return { kind: 'malformed', what: 'trade frame' };
    prints.push(print);
    clock = Math.max(clock, print.time);
  }
  if (prints.length === 0) return { kind: 'control' };
  // A snapshot lists the newest first.
  prints.sort((a, b) => (a.id as number) - (b.id as number));
  return { kind: 'prints', prints, clock };
}

function printOf(row: Record<string, unknown>): RecordedPrint | undefined {
  const { seq, time, price, qty, side, type } = row;
  const symbol = recordedSymbol(row.product_id);
  if (symbol === undefined || !isWhole(seq) || !isWhole(time)) return undefined;
  if (typeof price !== 'number' || typeof qty !== 'number' || !(price >= 0) || !(qty >= 0)) return undefined;
  if (side !== 'buy' && side !== 'sell') return undefined;
  // Assignments, terminations and blocks are settled off the market; a liquidation is traded on it.
  const market = (type === 'fill' || type === 'liquidation') && price > 0 && qty > 0;
  return { symbol, id: seq, name: null, time, price, quantity: qty, side, count: 1, market };
}
