import { blockMs, MarketIds } from './market-ids.ts';
import type { MarketPaths } from './market-path.ts';
import type { MarketSymbol } from './market-symbols.ts';
import { generator, hash } from './random.ts';

/** Ten seconds of one instrument's prints, by columns; prices in ticks, quantities in lots. */
export interface Block {
  readonly index: number;
  readonly firstOrder: number;
  readonly firstPrint: number;
  /** Per order: its time (ms), and the index of its first print; one more entry marks the end. */
  readonly orderTimes: Float64Array;
  readonly orderStarts: Int32Array;
  /** Per print. */
  readonly times: Float64Array;
  readonly prices: Float64Array;
  readonly lots: Float64Array;
  readonly sells: Uint8Array;
  readonly kinds: Uint8Array;
}

/** The columns' codes for kinds of prints. */
export const kindNames = ['MARKET', 'NA', 'INSURANCE_FUND', 'ADL'] as const;

/** What a block is made from. */
export interface BlockSource {
  readonly seed: number;
  readonly lane: number;
  readonly symbol: MarketSymbol;
  readonly ids: MarketIds;
  readonly paths: MarketPaths;
  /** Equal consecutive orders within this window would be one aggregate: they are kept apart. */
  readonly window: number;
  /** Without bursts. */
  readonly steady: boolean;
  /** Futures have prints that are no fills. */
  readonly specials: boolean;
}

/** Makes a block from nothing but the source and its number. */
export function makeBlock(source: BlockSource, index: number): Block {
  const { ids } = source;
  const firstOrder = ids.firstOrder(index);
  const count = ids.firstOrder(index + 1) - firstOrder;
  const next = generator(hash(source.seed, 5000 + source.lane, index));
  const orderTimes = timesOf(count, index * blockMs, next, source.steady);
  const orderStarts = startsOf(ids, firstOrder, count);
  const prints = orderStarts[count]!;
  const block: Block = {
    index,
    firstOrder,
    firstPrint: ids.firstPrint(firstOrder),
    orderTimes,
    orderStarts,
    times: new Float64Array(prints),
    prices: new Float64Array(prints),
    lots: new Float64Array(prints),
    sells: new Uint8Array(prints),
    kinds: new Uint8Array(prints),
  };
  fill(block, source, next);
  return block;
}

/** Order times in a block, rising: some spread evenly, some crowded into bursts. */
function timesOf(count: number, start: number, next: () => number, steady: boolean): Float64Array {
  const bursts = [next(), next(), next()];
  const times = new Float64Array(count);
  for (let order = 0; order < count; order++) {
    const draw = next();
    const place = next();
    const within =
      steady || draw < 0.55
        ? place
        : Math.min(0.9999, bursts[Math.floor(draw * 97) % 3]! - Math.log(1 - place) * 0.006);
    times[order] = start + Math.floor(within * blockMs);
  }
  return times.sort();
}

function startsOf(ids: MarketIds, firstOrder: number, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  let group = -1;
  let sizes: readonly number[] = [];
  for (let order = 0; order < count; order++) {
    const number = firstOrder + order;
    const wanted = Math.floor(number / MarketIds.groupSize);
    if (wanted !== group) {
      group = wanted;
      sizes = ids.sizes(group);
    }
    starts[order + 1] = starts[order]! + sizes[number - group * MarketIds.groupSize]!;
  }
  return starts;
}

function fill(block: Block, source: BlockSource, next: () => number): void {
  const { symbol, window } = source;
  const perTick = symbol.tick / 10 ** symbol.priceDecimals;
  const second = (block.index * blockMs) / 1000;
  const fair: number[] = [];
  for (let step = 0; step <= blockMs / 1000; step++) fair.push(source.paths.at(symbol.symbol, second + step));
  let sell = next() < 0.5;
  let lastPrice = 0;
  let lastSell = false;
  let lastWindow = -1;
  for (let order = 0; order < block.orderTimes.length; order++) {
    const time = block.orderTimes[order]!;
    const at = (time - block.index * blockMs) / 1000;
    const step = Math.floor(at);
    const log = fair[step]! + (fair[step + 1]! - fair[step]!) * (at - step);
    const bid = Math.max(1, Math.floor(Math.exp(log) / perTick));
    // Takers come in runs of one side.
    if (next() < 0.3) sell = !sell;
    const frame = Math.floor(time / window);
    const price = (side: boolean): number => (side ? bid : bid + 1);
    if (frame === lastWindow && sell === lastSell && price(sell) === lastPrice) sell = !sell;
    lastPrice = price(sell);
    lastSell = sell;
    lastWindow = frame;
    fillOrder(block, order, time, lastPrice, sell, source, next);
  }
}

function fillOrder(
  block: Block,
  order: number,
  time: number,
  price: number,
  sell: boolean,
  { symbol, specials }: BlockSource,
  next: () => number,
): void {
  const from = block.orderStarts[order]!;
  const to = block.orderStarts[order + 1]!;
  const special = specials && to - from > 1 && next() < 0.1 ? from + Math.floor(next() * (to - from)) : -1;
  for (let print = from; print < to; print++) {
    block.times[print] = time;
    block.sells[print] = sell ? 1 : 0;
    block.prices[print] = price;
    // Sizes have a long tail, as real ones do.
    block.lots[print] = Math.max(1, Math.floor(symbol.lots * 0.4 * Math.min(400, (1 - next()) ** -0.8)));
    if (print !== special) continue;
    const draw = next();
    block.kinds[print] = draw < 0.94 ? 1 : draw < 0.97 ? 2 : 3;
    if (block.kinds[print] === 1) {
      block.prices[print] = 0;
      block.lots[print] = 0;
    } else block.prices[print] = Math.floor(price * (sell ? 0.97 : 1.03));
  }
}
