import type { RecordedReading } from '../recording/recorded-event.ts';
import { recordedSymbol } from '../recording/recorded-symbol.ts';
import { recordedTime } from '../recording/recorded-time.ts';
import { decimal } from './decimal.ts';
import { isObject, isWhole } from './json-value.ts';

/** Frames of other channels: they tell the exchange's time, if anything. */
const otherTypes = new Set([
  'l2update',
  'snapshot',
  'ticker',
  'heartbeat',
  'subscriptions',
  'status',
  'received',
  'open',
  'done',
  'change',
  'activate',
]);

/** Frames of Coinbase Exchange. The first trade of a product after a subscription comes as `last_match`. */
export function readCoinbaseFrame(frame: unknown): RecordedReading {
  if (!isObject(frame)) return { kind: 'malformed', what: 'no JSON object' };
  const { type } = frame;
  if (type === 'match' || type === 'last_match') return readMatch(frame);
  if (type === 'error') return { kind: 'refusal', message: String(frame.message) };
  if (typeof type !== 'string' || !otherTypes.has(type)) {
    return { kind: 'unknown', what: typeof type === 'string' ? type.slice(0, 40) : 'frame without type' };
  }
  const clock = recordedTime(frame.time);
  return Number.isNaN(clock) ? { kind: 'control' } : { kind: 'clock', clock };
}

function readMatch(frame: Record<string, unknown>): RecordedReading {
  const symbol = recordedSymbol(frame.product_id);
  const time = recordedTime(frame.time);
  const price = decimal(frame.price);
  const quantity = decimal(frame.size);
  const { trade_id: id, side } = frame;
  if (symbol === undefined || !isWhole(id) || Number.isNaN(time + price + quantity)) {
    return { kind: 'malformed', what: 'match frame' };
  }
  if (side !== 'buy' && side !== 'sell') return { kind: 'malformed', what: 'match frame' };
  return {
    kind: 'prints',
    clock: time,
    prints: [
      {
        symbol,
        id,
        name: null,
        time,
        price,
        quantity,
        // The venue states the side of the maker: the aggressor took the other.
        side: side === 'sell' ? 'buy' : 'sell',
        count: 1,
        market: price > 0 && quantity > 0,
      },
    ],
  };
}
