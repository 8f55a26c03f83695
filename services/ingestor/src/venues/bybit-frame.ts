import type { RecordedPrint, RecordedReading } from '../recording/recorded-event.ts';
import { recordedSymbol } from '../recording/recorded-symbol.ts';
import { isObject, isWhole } from './json-value.ts';

/**
 * Frames of Bybit's `/realtime` (2021). Trades carry a UUID, which has no order; `size` of inverse contracts is in USD and is
 * kept as the venue states it.
 */
export function readBybitFrame(frame: unknown): RecordedReading {
  if (!isObject(frame)) return { kind: 'malformed', what: 'no JSON object' };
  if (typeof frame.success === 'boolean') {
    return frame.success ? { kind: 'control' } : { kind: 'refusal', message: String(frame.ret_msg) };
  }
  const { topic } = frame;
  if (typeof topic !== 'string') return { kind: 'unknown', what: 'frame without topic' };
  if (topic.startsWith('trade.')) return readTrades(frame.data);
  const clock = Math.floor(Number(frame.timestamp_e6) / 1e3);
  return clock > 0 ? { kind: 'clock', clock } : { kind: 'control' };
}

function readTrades(rows: unknown): RecordedReading {
  if (!Array.isArray(rows) || rows.length === 0) return { kind: 'malformed', what: 'trade frame' };
  const prints: RecordedPrint[] = [];
  let clock = 0;
  for (const row of rows) {
    const print = isObject(row) ? printOf(row) : undefined;
    if (print === undefined) return { kind: 'malformed', what: 'trade frame' };
    prints.push(print);
    clock = Math.max(clock, print.time);
  }
  return { kind: 'prints', prints, clock };
}

function printOf(row: Record<string, unknown>): RecordedPrint | undefined {
  const { trade_time_ms: time, price, size, side, trade_id: name } = row;
  const symbol = recordedSymbol(row.symbol);
  if (symbol === undefined || !isWhole(time) || typeof name !== 'string' || name.length > 64)
    return undefined;
  if (typeof price !== 'number' || typeof size !== 'number' || !(price >= 0) || !(size >= 0))
    return undefined;
  if (side !== 'Buy' && side !== 'Sell') return undefined;
  return {
    symbol,
    id: null,
    name,
    time,
    price,
    quantity: size,
    side: side === 'Buy' ? 'buy' : 'sell',
    count: 1,
    market: price > 0 && size > 0,
  };
}
