import type { RecordedPrint, RecordedReading } from '../recording/recorded-event.ts';
import { recordedSymbol } from '../recording/recorded-symbol.ts';
import { recordedTime } from '../recording/recorded-time.ts';
import { decimal } from './decimal.ts';
import { isObject } from './json-value.ts';

const otherEvents = new Set(['subscribe', 'unsubscribe', 'channel-conn-count', 'login']);
/** "The connection will soon be closed for a service upgrade." */
const closingNotice = '64008';
/** A taker's order does not sweep more fills at one price. */
const mostFills = 1_000;

/** Frames of OKX v5. `sz` of swaps and futures is in contracts and is kept as the venue states it. */
export function readOkxFrame(frame: unknown): RecordedReading {
  if (!isObject(frame)) return { kind: 'malformed', what: 'no JSON object' };
  const { event, arg, data } = frame;
  if (event === 'error') return { kind: 'refusal', message: `${frame.code} ${frame.msg}` };
  if (event === 'notice') return { kind: frame.code === closingNotice ? 'closing' : 'control' };
  if (typeof event === 'string' && otherEvents.has(event)) return { kind: 'control' };
  if (!isObject(arg) || typeof arg.channel !== 'string')
    return { kind: 'unknown', what: String(event ?? 'frame without channel').slice(0, 40) };
  if (!Array.isArray(data)) return { kind: 'malformed', what: `${arg.channel.slice(0, 40)} frame` };
  if (arg.channel === 'trades' || arg.channel === 'trades-all') return readTrades(data);
  const first = data[0];
  const clock = recordedTime(isObject(first) ? first.ts : undefined);
  return Number.isNaN(clock) ? { kind: 'control' } : { kind: 'clock', clock };
}

function readTrades(rows: unknown[]): RecordedReading {
  const prints: RecordedPrint[] = [];
  let clock = 0;
  for (const row of rows) {
    const print = isObject(row) ? printOf(row) : undefined;
    if (print?.id == null) return { kind: 'malformed', what: 'trades frame' };
    // A group of fills is numbered by its last one: the others' ids are accounted for, and are no prints of their own.
    for (let id = print.id - print.count + 1; id < print.id; id++)
      prints.push({ ...print, id, count: 1, market: false });
    prints.push(print);
    clock = Math.max(clock, print.time);
  }
  return prints.length === 0 ? { kind: 'control' } : { kind: 'prints', prints, clock };
}

function printOf(row: Record<string, unknown>): RecordedPrint | undefined {
  const symbol = recordedSymbol(row.instId);
  const id = decimal(row.tradeId);
  const price = decimal(row.px);
  const quantity = decimal(row.sz);
  const time = recordedTime(row.ts);
  const count = row.count === undefined ? 1 : decimal(row.count);
  const { side } = row;
  if (symbol === undefined || !Number.isSafeInteger(id) || Number.isNaN(price + quantity + time))
    return undefined;
  if (side !== 'buy' && side !== 'sell') return undefined;
  if (!Number.isSafeInteger(count) || count < 1 || count > mostFills) return undefined;
  if (id < count) return undefined;
  const market = price > 0 && quantity > 0;
  return { symbol, id, name: null, time, price, quantity, side, count, market };
}
