import type { RecordedPrint, RecordedReading } from '../recording/recorded-event.ts';
import { recordedSymbol } from '../recording/recorded-symbol.ts';
import { recordedTime } from '../recording/recorded-time.ts';
import { decimal } from './decimal.ts';
import { isObject } from './json-value.ts';

const otherEvents = new Set(['heartbeat', 'systemStatus', 'pong', 'ping']);
const otherChannels = /^(book|ohlc|spread|ticker)(-\d+)?$/;

/** Frames of Kraken spot's WebSocket v1: data are arrays that end in channel and pair. Its trades have no ids. */
export function readKrakenFrame(frame: unknown): RecordedReading {
  if (Array.isArray(frame)) return readArray(frame);
  if (!isObject(frame)) return { kind: 'malformed', what: 'neither object nor array' };
  const { event } = frame;
  if (event === 'subscriptionStatus') {
    return frame.status === 'error'
      ? { kind: 'refusal', message: String(frame.errorMessage) }
      : { kind: 'control' };
  }
  if (typeof event === 'string' && otherEvents.has(event)) return { kind: 'control' };
  return {
    kind: 'unknown',
    what: typeof event === 'string' ? event.slice(0, 40) : 'frame without event name',
  };
}

function readArray(frame: unknown[]): RecordedReading {
  const channel = frame.at(-2);
  const symbol = recordedSymbol(frame.at(-1));
  if (typeof channel !== 'string') return { kind: 'malformed', what: 'array without channel' };
  if (otherChannels.test(channel)) return { kind: 'control' };
  if (channel !== 'trade') return { kind: 'unknown', what: channel.slice(0, 40) };
  const rows = frame[1];
  if (symbol === undefined || !Array.isArray(rows) || rows.length === 0)
    return { kind: 'malformed', what: 'trade frame' };
  const prints: RecordedPrint[] = [];
  let clock = 0;
  for (const row of rows) {
    const print = Array.isArray(row) ? printOf(symbol, row) : undefined;
    if (print === undefined) return { kind: 'malformed', what: 'trade frame' };
    prints.push(print);
    clock = Math.max(clock, print.time);
  }
  return { kind: 'prints', prints, clock };
}

function printOf(symbol: string, row: unknown[]): RecordedPrint | undefined {
  const price = decimal(row[0]);
  const quantity = decimal(row[1]);
  const time = recordedTime(row[2]);
  if (Number.isNaN(price + quantity + time) || (row[3] !== 'b' && row[3] !== 's')) return undefined;
  const side = row[3] === 'b' ? 'buy' : 'sell';
  return {
    symbol,
    id: null,
    name: null,
    time,
    price,
    quantity,
    side,
    count: 1,
    market: price > 0 && quantity > 0,
  };
}
