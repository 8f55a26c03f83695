import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { aggregate } from './aggregate.ts';
import { decimalsOf } from './decimal.ts';
import { fold } from './fold.ts';
import type { Aggregate, Bar, Frame, History, Instrument, Sequence, Trade } from './history.ts';
import { aggregateMessage } from './messages.ts';
import type { VenueName } from './venue.ts';
import { venueOf } from './venue.ts';

/** What of a recording is served besides its trades. */
export interface RecordingOptions {
  /** Serve the recorded book streams too; they are most of a recording's bytes. */
  readonly others?: boolean;
}

/** A recording says itself which venue it is of. */
export interface Recording extends History {
  readonly venue: VenueName;
  readonly span: { readonly first: number; readonly last: number };
}

interface RecordedFrame extends Frame {
  readonly trade: Trade | null;
}

const line = /^\d+ \{"stream":"([^"]+)","data":(\{.*\})\}\s*$/;

/** Recorded frames as a history: a receive time and a combined-stream frame a line, plain or gzipped. */
export function recording(files: readonly string[], options: RecordingOptions = {}): Recording {
  const frames = files
    .map((file) => readFrames(file, options.others ?? false))
    .filter((found) => found.length > 0)
    .sort((one, other) => one[0]!.event - other[0]!.event)
    .flat();
  const bySymbol = tradesBySymbol(frames);
  if (bySymbol.size === 0)
    throw new Error(`no @trade frames in ${files.join(', ') || 'an empty list of files'}`);
  const venue: VenueName = frames.some(({ data }) => data.includes('"X":"'))
    ? 'binance-usdm'
    : 'binance-spot';
  return new RecordedHistory(venue, frames, bySymbol);
}

class RecordedHistory implements Recording {
  readonly venue: VenueName;
  readonly instruments: readonly Instrument[];
  readonly span: { readonly first: number; readonly last: number };
  readonly #frames: readonly Frame[];
  readonly #trades = new Map<string, Trade[]>();
  readonly #aggregates = new Map<string, Aggregate[]>();

  constructor(venue: VenueName, recorded: readonly Frame[], bySymbol: Map<string, Trade[]>) {
    this.venue = venue;
    const frames = [...recorded];
    this.instruments = [...bySymbol].map(([symbol, trades]) => instrumentOf(symbol, trades));
    for (const instrument of this.instruments) {
      const { symbol } = instrument;
      const trades = bySymbol.get(symbol)!;
      // Any first id does, as long as it is the same every time: half the fill's id is a likely one.
      const firstId = Math.floor(trades[0]!.id / 2);
      const merged = aggregate(trades, instrument, venueOf(venue).aggregateWindow, firstId);
      this.#trades.set(symbol, trades);
      this.#aggregates.set(symbol, rising(merged));
      const stream = `${symbol.toLowerCase()}@aggTrade`;
      for (const one of this.#aggregates.get(symbol)!)
        frames.push({ stream, event: one.event, data: aggregateMessage(venue, symbol, one) });
    }
    // The sort is stable: frames of one stream keep the order in which they were recorded.
    this.#frames = frames.sort((one, other) => one.event - other.event);
    this.span = { first: this.#frames[0]!.event, last: this.#frames.at(-1)!.event };
  }

  frames(after: number, until: number, wanted: (stream: string) => boolean): Frame[] {
    const found: Frame[] = [];
    for (let index = firstIndex(this.#frames, (frame) => frame.event > after); ; index++) {
      const frame = this.#frames[index];
      if (!frame || frame.event > until) return found;
      if (wanted(frame.stream)) found.push(frame);
    }
  }

  trades(symbol: string): Sequence<Trade> {
    return sequence(this.#trades.get(symbol) ?? []);
  }

  aggregates(symbol: string): Sequence<Aggregate> {
    return sequence(this.#aggregates.get(symbol) ?? []);
  }

  async bars(symbol: string, interval: number, from: number, to: number, now: number): Promise<Bar[]> {
    const instrument = this.instruments.find((one) => one.symbol === symbol);
    if (!instrument) return [];
    const trades = this.#trades.get(symbol)!;
    const visible = trades.slice(
      0,
      firstIndex(trades, (trade) => trade.event > now),
    );
    return fold(visible, instrument, interval).filter((bar) => bar.time >= from && bar.time <= to);
  }
}

function readFrames(file: string, others: boolean): RecordedFrame[] {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const frames: RecordedFrame[] = [];
  let newest = 0;
  for (const row of text.split('\n')) {
    if (!others && !row.includes('@trade"')) continue;
    const [, stream, data] = line.exec(row) ?? [];
    if (!stream || !data) continue;
    const event = Number(/"E":(\d+)/.exec(data)?.[1] ?? newest);
    // The recorded order is what the sockets saw; a frame stamped earlier than its predecessor goes with it.
    newest = Math.max(newest, event);
    frames.push({
      stream,
      data,
      event: newest,
      trade: stream.endsWith('@trade') ? readTrade(data, newest) : null,
    });
  }
  return frames;
}

function readTrade(data: string, event: number): Trade | null {
  try {
    const { t, T, p, q, m, X } = JSON.parse(data) as Record<string, unknown>;
    if (typeof t !== 'number' || typeof T !== 'number' || typeof p !== 'string' || typeof q !== 'string')
      return null;
    const kind = X === 'NA' || X === 'INSURANCE_FUND' || X === 'ADL' ? X : 'MARKET';
    return { id: t, time: T, event, price: p, quantity: q, buyerIsMaker: m === true, kind };
  } catch {
    return null; // a line cut off while recording
  }
}

function tradesBySymbol(frames: readonly RecordedFrame[]): Map<string, Trade[]> {
  const bySymbol = new Map<string, Trade[]>();
  for (const { stream, trade } of frames) {
    if (!trade) continue;
    const symbol = stream.slice(0, stream.indexOf('@')).toUpperCase();
    const trades = bySymbol.get(symbol);
    if (!trades) bySymbol.set(symbol, [trade]);
    else trades.push(trade);
  }
  for (const [symbol, trades] of bySymbol) {
    const unique = new Map(trades.map((trade) => [trade.id, trade]));
    bySymbol.set(symbol, rising([...unique.values()].sort((one, other) => one.id - other.id)));
  }
  return bySymbol;
}

/** Push times that never fall along the ids. */
function rising<Item extends { readonly event: number }>(items: readonly Item[]): Item[] {
  let newest = 0;
  return items.map((item) => {
    newest = Math.max(newest, item.event);
    return item.event === newest ? item : { ...item, event: newest };
  });
}

function instrumentOf(symbol: string, trades: readonly Trade[]): Instrument {
  const fills = trades.filter((trade) => trade.kind === 'MARKET');
  const priceDecimals = Math.max(...fills.slice(0, 100).map((trade) => decimalsOf(trade.price)));
  const quantityDecimals = Math.max(...fills.slice(0, 100).map((trade) => decimalsOf(trade.quantity)));
  const quote = /(USDT|USDC|FDUSD|BUSD|BTC|ETH|BNB)$/.exec(symbol)?.[1] ?? 'USDT';
  const smallest = (decimals: number): string => (10 ** -decimals).toFixed(decimals);
  return {
    symbol,
    base: symbol.endsWith(quote) ? symbol.slice(0, -quote.length) : symbol,
    quote,
    priceDecimals,
    quantityDecimals,
    tickSize: smallest(priceDecimals),
    stepSize: smallest(quantityDecimals),
  };
}

function sequence<Item extends { id: number; time: number; event: number }>(
  items: readonly Item[],
): Sequence<Item> {
  return {
    head: (now) => items[firstIndex(items, (item) => item.event > now) - 1]?.id ?? null,
    from: (id) => items.slice(firstIndex(items, (item) => item.id >= id)),
    idAt: (time) => items[firstIndex(items, (item) => item.time >= time)]?.id ?? null,
  };
}

/** The first index at which a condition holds that holds from there on. */
function firstIndex<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
