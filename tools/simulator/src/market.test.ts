import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate } from './aggregate.ts';
import { fold } from './fold.ts';
import type { Aggregate, Sequence, Trade, VenueName } from './index.ts';
import { market } from './index.ts';
import { MarketPaths } from './market-path.ts';
import { marketSymbols } from './market-symbols.ts';

const noon = Date.UTC(2026, 5, 1, 12);
const venues: readonly VenueName[] = ['binance-usdm', 'binance-spot'];

function take<Item>(sequence: Sequence<Item>, id: number, count: number): Item[] {
  const items: Item[] = [];
  for (const item of sequence.from(id)) if (items.push(item) === count) break;
  return items;
}

describe('the synthetic market', () => {
  it('gives the same trades at random as in sequence, by id and by time', () => {
    const sequential = market(7);
    const first = sequential.trades('BTCUSDT').idAt(noon)!;
    const tape = take(sequential.trades('BTCUSDT'), first, 3005);
    const merged = take(sequential.aggregates('BTCUSDT'), sequential.aggregates('BTCUSDT').idAt(noon)!, 1500);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2999 }), fc.integer({ min: 0, max: 1499 }), (at, aggregateAt) => {
        const fresh = market(7);
        const id = first + at;
        expect(take(fresh.trades('BTCUSDT'), id, 5)).toEqual(tape.slice(at, at + 5));
        expect(take(fresh.aggregates('BTCUSDT'), merged[aggregateAt]!.id, 1)).toEqual([merged[aggregateAt]]);
        expect(fresh.trades('BTCUSDT').idAt(tape[at]!.time)).toBeLessThanOrEqual(id);
      }),
      { numRuns: 40 },
    );
  });

  it('numbers prints and aggregates without holes, in the order of time, for any rate', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 2_000_000_000 }),
        fc.constantFrom(0.05, 0.5, 8, 300),
        (seed, second, rate) => {
          const one = market(seed, { rates: { ETHUSDT: rate } });
          for (const sequence of [one.trades('ETHUSDT'), one.aggregates('ETHUSDT')] as Sequence<
            Trade | Aggregate
          >[]) {
            const start = sequence.idAt(second * 1000)!;
            const items = take(sequence, start, 200);
            expect(items.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, at) => start + at));
            expect(items[0]!.time).toBeGreaterThanOrEqual(second * 1000);
            for (const [at, item] of items.slice(1).entries()) {
              expect(item.time).toBeGreaterThanOrEqual(items[at]!.time);
              expect(item.event).toBeGreaterThanOrEqual(items[at]!.event);
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(venues)('aggregates on %s exactly as merging its fills does', (venue) => {
    const one = market(3, { venue, rate: 400 });
    const instrument = one.instruments.find(({ symbol }) => symbol === 'BTCUSDT')!;
    const merged = take(one.aggregates('BTCUSDT'), one.aggregates('BTCUSDT').idAt(noon)!, 4000);
    const trades = take(one.trades('BTCUSDT'), merged[0]!.firstTrade, 12_000);
    const window = venue === 'binance-usdm' ? 100 : 1;
    const folded = aggregate(trades, instrument, window, merged[0]!.id);
    expect(merged).toEqual(folded.slice(0, 4000));
  });

  it('prints about one NA in a hundred on futures and none on spot, and no aggregate contains one', () => {
    const futures = take(market(1).trades('BTCUSDT'), market(1).trades('BTCUSDT').idAt(noon)!, 40_000);
    const share = futures.filter(({ kind }) => kind === 'NA').length / futures.length;
    expect(share).toBeGreaterThan(0.005);
    expect(share).toBeLessThan(0.02);
    for (const trade of futures)
      if (trade.kind === 'NA') expect([trade.price, trade.quantity]).toEqual(['0', '0']);
    expect(futures.some(({ kind }) => kind === 'ADL')).toBe(true);
    expect(futures.some(({ kind }) => kind === 'INSURANCE_FUND')).toBe(true);
    const spot = market(1, { venue: 'binance-spot' }).trades('BTCUSDT');
    expect(take(spot, spot.idAt(noon)!, 5000).every(({ kind }) => kind === 'MARKET')).toBe(true);
  });

  it('has both sides, bursts, many prints within one ms, and about the rate that was asked for', () => {
    const tape = market(5).trades('BTCUSDT');
    const from = tape.idAt(noon)!;
    const hour = take(tape, from, tape.idAt(noon + 3_600_000)! - from);
    expect(hour.length / 3600).toBeGreaterThan(7);
    expect(hour.length / 3600).toBeLessThan(9);
    const sells = hour.filter(({ buyerIsMaker }) => buyerIsMaker).length / hour.length;
    expect(sells).toBeGreaterThan(0.4);
    expect(sells).toBeLessThan(0.6);
    const perMs = new Map<number, number>();
    for (const { time } of hour) perMs.set(time, (perMs.get(time) ?? 0) + 1);
    expect(Math.max(...perMs.values())).toBeGreaterThan(5);
  });

  it('shows at its head exactly the prints that were pushed', () => {
    const one = market(9);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.constantFrom('trades', 'aggregates'),
        (offset, kind) => {
          const sequence = one[kind]('SOLUSDT') as Sequence<Trade | Aggregate>;
          const now = noon + offset;
          const head = sequence.head(now)!;
          const [newest, next] = take(sequence, head, 2);
          expect(newest!.event).toBeLessThanOrEqual(now);
          expect(next!.event).toBeGreaterThan(now);
          // At the very moment of its push an item is visible, and not a moment before.
          expect(sequence.head(next!.event)).toBeGreaterThanOrEqual(next!.id);
          expect(sequence.head(next!.event - 1)).toBeLessThan(next!.id);
        },
      ),
    );
  });

  it('pushes every print once, whatever steps the clock takes', () => {
    const one = market(11);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 20 }), (steps) => {
        let now = noon;
        const ids: number[] = [];
        for (const step of steps) {
          for (const { data } of one.frames(now, now + step, (stream) => stream === 'bnbusdt@aggTrade'))
            ids.push(JSON.parse(data).a);
          now += step;
        }
        const first = one.aggregates('BNBUSDT').head(noon)! + 1;
        const last = one.aggregates('BNBUSDT').head(now)!;
        expect(ids).toEqual(Array.from({ length: last - first + 1 }, (_, at) => first + at));
      }),
    );
  });

  it.each(venues)('folds klines on %s that equal its fills, quiet minutes too', async (venue) => {
    const one = market(2, { venue, rates: { XRPUSDT: 0.05 } });
    for (const { symbol } of one.instruments) {
      const tape = one.trades(symbol);
      const now = noon + 1_234_567;
      const before = tape.idAt(noon - 3_600_000)!;
      const trades = take(tape, before, tape.head(now)! - before + 1);
      const instrument = one.instruments.find((wanted) => wanted.symbol === symbol)!;
      for (const interval of [60_000, 300_000]) {
        const expected = fold(trades, instrument, interval).filter(({ time }) => time >= noon);
        const bars = await one.bars(symbol, interval, noon, now, now);
        expect(bars.slice(0, expected.length)).toEqual(expected);
        expect(bars.slice(expected.length).every(({ trades: count }) => count === 0)).toBe(true);
      }
    }
  });

  it('moves its pairs together as it says: the spread reverts with the stated half-life and deviation', () => {
    const paths = new MarketPaths(4, marketSymbols);
    for (const { y, x, alpha, beta, halfLifeSeconds, deviation } of market(4).pairs) {
      const start = Math.floor(noon / 1000);
      const spread: number[] = [];
      for (let second = 0; second < 150_000; second += 10)
        spread.push(paths.at(y, start + second) - alpha - beta * paths.at(x, start + second));
      const mean = spread.reduce((sum, value) => sum + value, 0) / spread.length;
      let [products, squares] = [0, 0];
      for (let at = 1; at < spread.length; at++) {
        products += (spread[at]! - mean) * (spread[at - 1]! - mean);
        squares += (spread[at - 1]! - mean) ** 2;
      }
      const halfLife = (-Math.LN2 / Math.log(products / squares)) * 10;
      expect(halfLife / halfLifeSeconds).toBeGreaterThan(0.7);
      expect(halfLife / halfLifeSeconds).toBeLessThan(1.4);
      expect(Math.sqrt(squares / spread.length) / deviation).toBeGreaterThan(0.8);
      expect(Math.sqrt(squares / spread.length) / deviation).toBeLessThan(1.25);
    }
  });

  it('holds its rate evenly when it is to be measured', () => {
    const tape = market(1, { rate: 5000, steady: true }).trades('BTCUSDT');
    const counts = Array.from(
      { length: 60 },
      (_, at) => tape.idAt(noon + at * 500 + 500)! - tape.idAt(noon + at * 500)!,
    );
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    for (const count of counts) expect(Math.abs(count / mean - 1)).toBeLessThan(0.25);
    expect((mean * 2) / ((5000 * 8) / 22)).toBeCloseTo(1, 1);
  });

  it('differs by seed, and refuses a rate or a tie that makes no sense', () => {
    const [one, other] = [market(1), market(2)].map((made) =>
      take(made.trades('ETHUSDT'), made.trades('ETHUSDT').idAt(noon)!, 5),
    );
    expect(one!.map(({ price }) => price)).not.toEqual(other!.map(({ price }) => price));
    expect(() => market(1, { rates: { BTCUSDT: 0 } })).toThrow('the rate of BTCUSDT');
    expect(() => market(1, { symbols: marketSymbols.slice(0, 1) })).toThrow('follows ETHUSDT');
  });
});
