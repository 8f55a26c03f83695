import { between, blockSequence } from './block-sequence.ts';
import { textOf } from './decimal.ts';
import type { Aggregate, Frame, Instrument, Sequence, Trade } from './history.ts';
import { MarketBars } from './market-bars.ts';
import type { Block, BlockSource } from './market-block.ts';
import { kindNames, makeBlock } from './market-block.ts';
import { blockMs, MarketIds } from './market-ids.ts';
import type { MarketPaths } from './market-path.ts';
import type { MarketSymbol } from './market-symbols.ts';
import { instrumentOf } from './market-symbols.ts';
import { aggregateMessage, tradeMessage } from './messages.ts';
import { pushTime } from './push-time.ts';
import type { VenueName } from './venue.ts';
import { venueOf } from './venue.ts';

/** The blocks kept per symbol: what is live, and what a repair pages through. */
const mostBlocks = 32;

/** One instrument of the market. */
export class MarketTape {
  readonly instrument: Instrument;
  readonly trades: Sequence<Trade>;
  readonly aggregates: Sequence<Aggregate>;
  readonly bars: MarketBars;
  readonly #venue: VenueName;
  readonly #source: BlockSource;
  readonly #priceUnit: number;
  readonly #lotUnit: number;
  readonly #blocks = new Map<number, Block>();

  constructor(
    seed: number,
    lane: number,
    symbol: MarketSymbol,
    paths: MarketPaths,
    venue: VenueName,
    { steady, klineDepth }: { readonly steady: boolean; readonly klineDepth: number },
  ) {
    const window = venueOf(venue).aggregateWindow;
    const ids = new MarketIds(seed, lane, symbol.rate, steady);
    this.#venue = venue;
    this.instrument = instrumentOf(symbol, venue);
    this.#source = { seed, lane, symbol, ids, paths, window, steady, specials: venue === 'binance-usdm' };
    this.#priceUnit = symbol.tick * 10 ** (this.instrument.priceDecimals - symbol.priceDecimals);
    this.#lotUnit = 10 ** (this.instrument.quantityDecimals - symbol.quantityDecimals);
    this.bars = new MarketBars((index) => this.#blocks.get(index) ?? makeBlock(this.#source, index), {
      price: this.#priceUnit,
      lot: this.#lotUnit,
      depth: klineDepth,
    });
    const block = (index: number): Block => this.#block(index);
    this.trades = blockSequence(block, {
      blockOf: (id) => ids.blockOfPrint(id),
      first: (one) => one.firstPrint,
      times: (one) => one.times,
      event: (time) => time + 1,
      item: (one, at) => this.#trade(one, at),
    });
    this.aggregates = blockSequence(block, {
      blockOf: (id) => ids.blockOfOrder(id),
      first: (one) => one.firstOrder,
      times: (one) => one.orderTimes,
      event: (time) => pushTime(time, window),
      item: (one, at) => this.#aggregate(one, at),
    });
  }

  /** Frames of this instrument's two streams that were pushed in (after, until]. */
  frames(after: number, until: number, wanted: (stream: string) => boolean): Frame[] {
    const { symbol } = this.instrument;
    const frames: Frame[] = [];
    const tradeStream = `${symbol.toLowerCase()}@trade`;
    const aggregateStream = `${symbol.toLowerCase()}@aggTrade`;
    if (wanted(tradeStream))
      for (const trade of between(this.trades, after, until))
        frames.push({
          stream: tradeStream,
          event: trade.event,
          data: tradeMessage(this.#venue, symbol, trade),
        });
    if (wanted(aggregateStream))
      for (const one of between(this.aggregates, after, until))
        frames.push({
          stream: aggregateStream,
          event: one.event,
          data: aggregateMessage(this.#venue, symbol, one),
        });
    if (wanted(tradeStream) || wanted(aggregateStream)) this.#prepare(until);
    return frames;
  }

  /** Makes the next block ahead of time, each symbol at its own moment, so that no push has to wait for it. */
  #prepare(now: number): void {
    const index = Math.floor(now / blockMs);
    if (now - index * blockMs > 2000 + (this.#source.lane % 16) * 400) this.#block(index + 1);
  }

  #block(index: number): Block {
    let block = this.#blocks.get(index);
    if (!block) {
      if (this.#blocks.size >= mostBlocks) this.#blocks.delete(this.#blocks.keys().next().value!);
      block = makeBlock(this.#source, index);
      this.#blocks.set(index, block);
    }
    return block;
  }

  #trade(block: Block, at: number): Trade {
    const { priceDecimals, quantityDecimals } = this.instrument;
    const kind = kindNames[block.kinds[at]!]!;
    const time = block.times[at]!;
    const price = kind === 'NA' ? '0' : textOf(block.prices[at]! * this.#priceUnit, priceDecimals);
    return {
      id: block.firstPrint + at,
      time,
      event: time + 1,
      // Insurance fund and liquidation prints are off the tick grid, as on the exchange.
      price: kind === 'INSURANCE_FUND' || kind === 'ADL' ? `${price}37` : price,
      quantity: kind === 'NA' ? '0' : textOf(block.lots[at]! * this.#lotUnit, quantityDecimals),
      buyerIsMaker: block.sells[at] === 1,
      kind,
    };
  }

  #aggregate(block: Block, order: number): Aggregate {
    const { priceDecimals, quantityDecimals } = this.instrument;
    let first = -1;
    let last = -1;
    let lots = 0;
    for (let at = block.orderStarts[order]!; at < block.orderStarts[order + 1]!; at++) {
      if (block.kinds[at] !== 0) continue;
      if (first < 0) first = at;
      last = at;
      lots += block.lots[at]!;
    }
    const time = block.orderTimes[order]!;
    return {
      id: block.firstOrder + order,
      time,
      event: pushTime(time, this.#source.window),
      price: textOf(block.prices[first]! * this.#priceUnit, priceDecimals),
      quantity: textOf(lots * this.#lotUnit, quantityDecimals),
      firstTrade: block.firstPrint + first,
      lastTrade: block.firstPrint + last,
      buyerIsMaker: block.sells[first] === 1,
    };
  }
}
