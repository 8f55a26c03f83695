import type { Tick } from '@tandem/common';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addTick, emptyAccumulator } from './accumulator.ts';
import { baseBar } from './base-bar.ts';

const identity = { dataset: 'live', venue: 'sim', symbol: 'AAA' } as const;

function bar(ticks: Tick[]) {
  const accumulator = emptyAccumulator(0);
  for (const tick of ticks) addTick(accumulator, tick, Number(tick.id));
  return baseBar(identity, 0, accumulator, null, true, false);
}

const market = fc.array(
  fc.record({
    cents: fc.integer({ min: 1, max: 10_000_000 }),
    thousandths: fc.integer({ min: 1, max: 10_000 }),
  }),
  { minLength: 1, maxLength: 200, size: 'max' },
);

function ticksOf(trades: { cents: number; thousandths: number }[]): Tick[] {
  return trades.map(({ cents, thousandths }, index) => ({
    id: String(index),
    time: 0,
    price: cents / 100,
    quantity: thousandths / 1_000,
    side: index % 3 === 0 ? 'buy' : 'sell',
    count: 1,
    received: 0,
  }));
}

test('sums are the exact decimals, as if they had been added by hand', () => {
  fc.assert(
    fc.property(market, (trades) => {
      const volume = trades.reduce((sum, each) => sum + BigInt(each.thousandths), 0n);
      const quote = trades.reduce((sum, each) => sum + BigInt(each.thousandths) * BigInt(each.cents), 0n);
      const { volume: gotVolume, quoteVolume } = bar(ticksOf(trades));
      expect(gotVolume).toBe(Number(volume) / 1e3);
      expect(quoteVolume).toBe(Number(`${quote}e-5`));
    }),
  );
});

test('the order in which trades arrive makes no difference', () => {
  const shuffled = market.chain((trades) => {
    const ticks = ticksOf(trades);
    return fc.tuple(
      fc.constant(ticks),
      fc.shuffledSubarray(ticks, { minLength: ticks.length, maxLength: ticks.length }),
    );
  });
  fc.assert(
    fc.property(shuffled, ([ticks, other]) => {
      expect(bar(other)).toEqual(bar(ticks));
    }),
  );
});
