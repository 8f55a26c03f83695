import { textOf, unitsOf } from './decimal.ts';
import type { Bar, Instrument, Sequence, Trade } from './history.ts';
import { aggregateRow, tradeRow } from './messages.ts';
import { RestError } from './rest-error.ts';
import type { RestView } from './rest-view.ts';
import { instrumentOf, integer, limitOf } from './rest-view.ts';

const intervals: Readonly<Record<string, number>> = {
  '1s': 1000,
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '8h': 28_800_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
};

/** `/aggTrades`: by id, by time, or the newest. */
export function aggTrades(view: RestView): object[] {
  const { venue, history, query } = view;
  const instrument = instrumentOf(view);
  const limit = limitOf(view, 'aggTrades');
  const sequence = history.aggregates(instrument.symbol);
  const fromId = integer(query, 'fromId');
  const start = integer(query, 'startTime');
  const end = integer(query, 'endTime') ?? Number.POSITIVE_INFINITY;
  if (
    venue.name === 'binance-usdm' &&
    start !== null &&
    end - start > 3_600_000 &&
    end !== Number.POSITIVE_INFINITY
  )
    throw new RestError(400, -4166, 'Search window is restricted to recent 1 hours only.');
  const cutoff = venue.name === 'binance-usdm' ? view.now - view.aggTradesWindow : Number.NEGATIVE_INFINITY;
  const head = headOf(view, sequence, instrument.symbol);
  if (head === null) return [];
  // What lies before the window is passed over: no list begins there.
  const earliest = cutoff > 0 ? sequence.idAt(cutoff) : null;
  const newest = Math.min(
    head,
    end === Number.POSITIVE_INFINITY ? head : (sequence.idAt(end + 1) ?? head + 1) - 1,
  );
  const from = Math.max(
    fromId ?? (start === null ? newest - limit + 1 : (sequence.idAt(start) ?? head + 1)),
    earliest ?? (cutoff > 0 ? head + 1 : 0),
  );
  const rows: object[] = [];
  if (from > newest) return rows;
  for (const aggregate of sequence.from(from)) {
    if (aggregate.id > newest || rows.length >= limit) break;
    rows.push(aggregateRow(venue.name, aggregate));
  }
  return rows;
}

/** `/trades` (the newest) and `/historicalTrades` (from an id): fills only. */
export function trades(view: RestView, endpoint: 'trades' | 'historicalTrades'): object[] {
  const { venue, history, query } = view;
  const instrument = instrumentOf(view);
  const limit = limitOf(view, endpoint);
  const sequence = history.trades(instrument.symbol);
  const fromId = endpoint === 'historicalTrades' ? integer(query, 'fromId') : null;
  const head = headOf(view, sequence, instrument.symbol);
  if (head === null) return [];
  const found = fills(sequence, fromId ?? head - 2 * limit, head, fromId === null ? 2 * limit + 1 : limit);
  const chosen = fromId === null ? found.slice(-limit) : found;
  return chosen.map((trade) => tradeRow(venue.name, trade, quoteOf(trade, instrument)));
}

/** `/klines`: bars of the visible fills, the open one last. */
export async function klines(view: RestView): Promise<unknown[][]> {
  const { history, query } = view;
  const instrument = instrumentOf(view);
  const name = query.get('interval');
  const interval = name === null ? undefined : intervals[name];
  if (interval === undefined || (name === '1s' && view.venue.name === 'binance-usdm'))
    throw new RestError(400, -1120, 'Invalid interval.');
  const limit = limitOf(view, 'klines');
  const start = integer(query, 'startTime');
  const end = Math.min(integer(query, 'endTime') ?? view.visible, view.visible);
  const from = start ?? (Math.floor(end / interval) - limit + 1) * interval;
  const to = start === null ? end : Math.min(end, start + limit * interval);
  const bars = await history.bars(instrument.symbol, interval, from, to, view.visible);
  const chosen = start === null ? bars.slice(-limit) : bars.slice(0, limit);
  return chosen.map((bar) => klineRow(bar, interval, instrument));
}

/** `/ticker/24hr`: what one bar over the last day says. */
export async function ticker(view: RestView): Promise<object | object[]> {
  const one = async (instrument: Instrument): Promise<object> => {
    const { symbol, priceDecimals, quantityDecimals } = instrument;
    const bars = await view.history.bars(
      symbol,
      300_000,
      view.visible - 86_400_000,
      view.visible,
      view.visible,
    );
    const price = (units: number | undefined): string => textOf(units ?? 0, priceDecimals);
    return {
      symbol,
      lastPrice: price(bars.at(-1)?.close),
      openPrice: price(bars[0]?.open),
      volume: textOf(
        bars.reduce((sum, bar) => sum + bar.volume, 0n),
        quantityDecimals,
      ),
      quoteVolume: textOf(
        bars.reduce((sum, bar) => sum + bar.quote, 0n),
        priceDecimals + quantityDecimals,
      ),
      openTime: view.visible - 86_400_000,
      closeTime: view.visible,
      lastId: view.history.trades(symbol).head(view.visible),
      count: bars.reduce((sum, bar) => sum + bar.trades, 0),
    };
  };
  if (view.query.has('symbol')) return one(instrumentOf(view));
  const all: object[] = [];
  for (const instrument of view.history.instruments) all.push(await one(instrument));
  return all;
}

function headOf(view: RestView, sequence: Sequence<unknown>, symbol: string): number | null {
  const head = sequence.head(view.visible);
  return head === null ? null : head - view.behind(symbol);
}

function fills(sequence: Sequence<Trade>, from: number, head: number, limit: number): Trade[] {
  const found: Trade[] = [];
  if (from > head) return found;
  for (const trade of sequence.from(from)) {
    if (trade.id > head || found.length >= limit) break;
    if (trade.kind === 'MARKET') found.push(trade);
  }
  return found;
}

function quoteOf(trade: Trade, { priceDecimals, quantityDecimals }: Instrument): string {
  const quote = unitsOf(trade.price, priceDecimals) * unitsOf(trade.quantity, quantityDecimals);
  return textOf(quote, priceDecimals + quantityDecimals);
}

function klineRow(bar: Bar, interval: number, { priceDecimals, quantityDecimals }: Instrument): unknown[] {
  const price = (units: number): string => textOf(units, priceDecimals);
  const volume = (units: bigint): string => textOf(units, quantityDecimals);
  const quote = (units: bigint): string => textOf(units, priceDecimals + quantityDecimals);
  return [
    bar.time,
    price(bar.open),
    price(bar.high),
    price(bar.low),
    price(bar.close),
    volume(bar.volume),
    bar.time + interval - 1,
    quote(bar.quote),
    bar.trades,
    volume(bar.buyVolume),
    quote(bar.buyQuote),
    '0',
  ];
}
