import type { Tick } from '@tandem/common';
import { emptyBuckets, foldTicks } from '@tandem/resampler';
import { compare, type Effort } from './compare.ts';
import { marketFrames, printsOf } from './market-frames.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { spread, table } from './table.ts';

const count = 100_000;
/** Ticks of a message under load. */
const batch = 25;

/** Ticks to base bars: how fast trades are folded, beside a loop that only sums their notional. */
export async function fold({ seed, quick }: Options): Promise<Report> {
  const effort: Effort = quick
    ? { rounds: 3, roundMs: 200, time: 'processor' }
    : { rounds: 9, roundMs: 500, time: 'processor' };
  const ticks = ticksOf(seed);
  const messages = Array.from({ length: Math.ceil(ticks.length / batch) }, (_, index) =>
    ticks.slice(index * batch, (index + 1) * batch),
  );
  const rates = await compare(
    [
      {
        name: 'sum of price · quantity (floor)',
        pass: () => {
          let sum = 0;
          for (const message of messages) for (const tick of message) sum += tick.price * tick.quantity;
          return sum;
        },
      },
      {
        name: 'foldTicks',
        pass: () => {
          const buckets = emptyBuckets();
          for (const message of messages) foldTicks(buckets, message);
          let sum = 0;
          for (const bar of buckets.byTime.values()) sum += bar.quote;
          return sum;
        },
      },
    ],
    ticks.length,
    effort,
  );
  const rows = rates.map(({ name, perSecond, ratio }) => [name, spread(perSecond), spread(ratio, '×')]);
  return {
    text: table([`ticks → bars (${ticks.length} ticks)`, 'ticks per CPU second', 'ratio to the floor'], rows),
    data: { ticks: ticks.length, batch, ...effort, results: rates },
  };
}

/** The ticks of one instrument, as the ingestor makes them of prints. */
export function ticksOf(seed: number): Tick[] {
  const prints = printsOf(marketFrames(seed, 'trade', count), 'trade');
  return prints
    .filter(({ symbol, market }) => symbol === 'BTCUSDT' && market)
    .map(({ id, time, price, quantity, side, count }) => ({
      id: String(id),
      time,
      price,
      quantity,
      side,
      count,
      received: time + 20,
    }));
}
