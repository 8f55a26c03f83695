import { SymbolName, type Tick, TickMessage, venues } from '@tandem/common';

const limit = 8_640_000_000_000_000;
const venueNames: ReadonlySet<unknown> = new Set(venues);

/** A trade id as a number; undefined if it is none, or too long to count with. */
export function idNumber(id: string): number | undefined {
  return /^(0|[1-9]\d{0,14})$/.test(id) ? Number(id) : undefined;
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= limit;
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && Number.isFinite(value);
}

function isTick(value: unknown): value is Tick {
  if (typeof value !== 'object' || value === null) return false;
  const tick = value as Record<string, unknown>;
  return (
    typeof tick.id === 'string' &&
    tick.id.length > 0 &&
    tick.id.length <= 64 &&
    isTime(tick.time) &&
    isAmount(tick.price) &&
    isAmount(tick.quantity) &&
    (tick.side === 'buy' || tick.side === 'sell' || tick.side === null) &&
    Number.isSafeInteger(tick.count) &&
    (tick.count as number) >= 1 &&
    isTime(tick.received) &&
    Object.keys(tick).length === 7
  );
}

/** Whether a value has the shape of a tick message: the schema by hand, for the path that every trade takes. */
export function isTickMessage(value: unknown): value is TickMessage {
  if (typeof value !== 'object' || value === null) return false;
  const message = value as Record<string, unknown>;
  // A gap is rare: such a message may take the slow way.
  if ('gap' in message) return TickMessage.safeParse(value).success;
  return (
    venueNames.has(message.venue) &&
    SymbolName.safeParse(message.symbol).success &&
    (message.fromId === null || typeof message.fromId === 'string') &&
    (message.toId === null || typeof message.toId === 'string') &&
    isTime(message.watermark) &&
    Number.isSafeInteger(message.filtered) &&
    (message.filtered as number) >= 0 &&
    Object.keys(message).length === 7 &&
    Array.isArray(message.ticks) &&
    message.ticks.every(isTick)
  );
}

/** The tick message in `data`, or one sentence that says why it is refused. */
export function readTickMessage(data: unknown): TickMessage | string {
  if (!isTickMessage(data)) {
    const found = TickMessage.safeParse(data).error?.issues[0];
    return `no tick message: ${found?.path.join('.') || 'message'}: ${found?.message ?? 'unknown field'}`;
  }
  if ((data.fromId === null) !== (data.toId === null))
    return 'fromId and toId must both be given, or neither';
  const worth = data.ticks.find((tick) => tick.price * tick.quantity > 1e18 || tick.count > 1e9);
  if (worth !== undefined) return `trade ${worth.id} is worth more than any trade can be`;
  return data.fromId === null ? data : checkRange(data, data.fromId, data.toId as string);
}

function checkRange(message: TickMessage, fromText: string, toText: string): TickMessage | string {
  const from = idNumber(fromText);
  const to = idNumber(toText);
  if (from === undefined || to === undefined || from > to) {
    return `ids ${fromText}..${toText} are no range of numbers; a venue without ordered ids leaves fromId and toId null`;
  }
  let before = from - 1;
  for (const tick of message.ticks) {
    const id = idNumber(tick.id);
    if (id === undefined || id <= before || id > to) {
      return `trade ${tick.id} is out of order in, or outside of, ids ${fromText}..${toText}`;
    }
    before = id;
  }
  return message;
}
