import type { Tick } from '@tandem/common';

/**
 * Everything that a bar needs of the trades folded so far.
 *
 * Each sum is an unevaluated pair, value and what rounding lost of it (Knuth's two-sum): about 30 digits, so
 * the result does not depend on the order of the trades, on how they were batched, or on restarts.
 */
export interface Accumulator {
  /** Open time of the bar. */
  readonly time: number;
  /** Number of trade ids. */
  ids: number;
  /** Number of fills. */
  trades: number;
  /** Ids whose aggressor is unknown: one is enough to make the bought volume unknown. */
  sideless: number;
  firstOrder: number;
  lastOrder: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  volumeRest: number;
  quote: number;
  quoteRest: number;
  buy: number;
  buyRest: number;
  buyQuote: number;
  buyQuoteRest: number;
}

/** A bar without trades yet. */
export function emptyAccumulator(time: number): Accumulator {
  return {
    time,
    ids: 0,
    trades: 0,
    sideless: 0,
    firstOrder: Number.POSITIVE_INFINITY,
    lastOrder: Number.NEGATIVE_INFINITY,
    open: 0,
    high: 0,
    low: 0,
    close: 0,
    volume: 0,
    volumeRest: 0,
    quote: 0,
    quoteRest: 0,
    buy: 0,
    buyRest: 0,
    buyQuote: 0,
    buyQuoteRest: 0,
  };
}

/**
 * Folds one trade into its bar. `order` is its place among the instrument's trades (the id, where ids are
 * numbers): the lowest opens the bar, the highest closes it.
 */
export function addTick(bar: Accumulator, tick: Tick, order: number): void {
  const price = tick.price;
  if (bar.ids === 0) {
    bar.high = price;
    bar.low = price;
  } else if (price > bar.high) bar.high = price;
  else if (price < bar.low) bar.low = price;
  if (order < bar.firstOrder) {
    bar.firstOrder = order;
    bar.open = price;
  }
  if (order > bar.lastOrder) {
    bar.lastOrder = order;
    bar.close = price;
  }
  bar.ids += 1;
  bar.trades += tick.count;
  if (tick.side === null) bar.sideless += 1;
  addAmounts(bar, tick.quantity, price * tick.quantity, tick.side === 'buy');
}

// Two-sum is written out four times: a call per sum that returns two numbers would allocate in the hot loop.
function addAmounts(bar: Accumulator, quantity: number, quote: number, buy: boolean): void {
  const volume = bar.volume + quantity;
  const volumeShare = volume - bar.volume;
  bar.volumeRest += bar.volume - (volume - volumeShare) + (quantity - volumeShare);
  bar.volume = volume;
  const total = bar.quote + quote;
  const totalShare = total - bar.quote;
  bar.quoteRest += bar.quote - (total - totalShare) + (quote - totalShare);
  bar.quote = total;
  if (!buy) return;
  const bought = bar.buy + quantity;
  const boughtShare = bought - bar.buy;
  bar.buyRest += bar.buy - (bought - boughtShare) + (quantity - boughtShare);
  bar.buy = bought;
  const buyQuote = bar.buyQuote + quote;
  const buyQuoteShare = buyQuote - bar.buyQuote;
  bar.buyQuoteRest += bar.buyQuote - (buyQuote - buyQuoteShare) + (quote - buyQuoteShare);
  bar.buyQuote = buyQuote;
}
