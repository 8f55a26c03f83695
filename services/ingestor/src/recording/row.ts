import type { Side } from '@tandem/common';
import type { RecordedPrint } from './recorded-event.ts';
import { recordedSymbol } from './recorded-symbol.ts';
import { recordedTime } from './recorded-time.ts';

/** What a row of ticks can say, and the names that it may say it by. */
export const fieldNames = {
  symbol: ['symbol', 's'],
  time: ['ts', 'timestamp', 'time', 'T'],
  price: ['price', 'p'],
  quantity: ['size', 'qty', 'quantity', 'q'],
  id: ['id', 'trade_id', 'tradeId'],
  side: ['side'],
  buyerMaker: ['buyer_maker', 'is_buyer_maker', 'isBuyerMaker'],
} as const;

export type RowField = keyof typeof fieldNames;
export type Row = Partial<Record<RowField, unknown>>;

/** The print that a row states, or what is wrong with the row. Price or quantity 0 is a print that is no market execution. */
export function printOfRow(row: Row, fallbackSymbol?: string): RecordedPrint | string {
  const symbol = recordedSymbol(row.symbol ?? fallbackSymbol);
  if (symbol === undefined)
    return `${shown(row.symbol)} is no symbol (1 to 40 of A-Z, 0-9, _ and -, for example BTCUSDT)`;
  const time = recordedTime(row.time);
  if (Number.isNaN(time))
    return `${shown(row.time)} is no time (ISO, or a number of s, ms, µs or ns since 1970)`;
  const price = amount(row.price);
  if (Number.isNaN(price)) return `${shown(row.price)} is no price`;
  const quantity = amount(row.quantity);
  if (Number.isNaN(quantity)) return `${shown(row.quantity)} is no quantity`;
  const side = sideOf(row);
  if (side === undefined) return `${shown(row.side ?? row.buyerMaker)} is no side (buy or sell)`;
  const identity = identityOf(row.id);
  if (identity === undefined) return `${shown(row.id)} is no id (a number or up to 64 characters)`;
  const { id, name } = identity;
  return { symbol, id, name, time, price, quantity, side, count: 1, market: price > 0 && quantity > 0 };
}

function amount(value: unknown): number {
  const plain = typeof value === 'string' && /^\d+(\.\d+)?([eE][+-]?\d{1,3})?$/.test(value);
  const number = plain ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : Number.NaN;
}

/** Ids beyond 2^53 cannot be told apart as numbers: they keep their text, and lose their order. */
function identityOf(id: unknown): Pick<RecordedPrint, 'id' | 'name'> | undefined {
  if (id === undefined || id === null || id === '') return { id: null, name: null };
  const text = typeof id === 'number' || typeof id === 'string' ? String(id) : '';
  if (text === '' || text.length > 64) return undefined;
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return { id: Number(text), name: null };
  return typeof id === 'string' ? { id: null, name: text } : undefined;
}

function sideOf(row: Row): Side | null | undefined {
  if (row.side !== undefined && row.side !== null && row.side !== '') {
    const side = String(row.side).toLowerCase();
    return side === 'buy' || side === 'sell' ? side : undefined;
  }
  if (row.buyerMaker === undefined || row.buyerMaker === null || row.buyerMaker === '') return null;
  const maker = String(row.buyerMaker).toLowerCase();
  return maker === 'true' ? 'sell' : maker === 'false' ? 'buy' : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'it').slice(0, 60);
}
