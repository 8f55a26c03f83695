import {
  type Bar,
  barTime,
  type Gap,
  type Interval,
  intervalMs,
  type Tick,
  type TickMessage,
} from '@tandem/common';
import { type Change, tables } from '@tandem/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesOf, takeBatch } from './batch.ts';
import type { InstrumentState } from './core/instrument.ts';
import { recover } from './core/recover.ts';
import { readStoredRows, type StoredInstrument } from './stored-rows.ts';

const identity = { dataset: 'live', venue: 'binance-usdm', symbol: 'BTCUSDT' } as const;
const intervals: Interval[] = ['1s', '5s', '15s', '1m'];
const origin = 1_700_000_000_000;

/** Rows by identity, as any store keeps them. */
class Memory implements StoredInstrument {
  readonly rows = {
    ticks: new Map<string, Tick>(),
    gaps: new Map<string, Gap>(),
    bars: new Map<string, Bar>(),
  };

  apply(change: Change): void {
    if (change.table !== 'ticks' && change.table !== 'gaps' && change.table !== 'bars')
      throw new Error('table');
    const table = this.rows[change.table] as Map<string, unknown>;
    for (const row of change.rows) {
      const key = tables[change.table].key.map(
        (column) => (row as unknown as Record<string, unknown>)[column],
      );
      table.set(key.join(), { ...row });
    }
  }
  private allBars(interval: Interval): Bar[] {
    return [...this.rows.bars.values()]
      .filter((bar) => bar.interval === interval)
      .sort((left, right) => left.time - right.time);
  }
  private allTicks(): Tick[] {
    return [...this.rows.ticks.values()].sort((left, right) => left.time - right.time);
  }
  async bars(interval: Interval, from: number, to: number) {
    return this.allBars(interval).filter((bar) => bar.time >= from && bar.time < to);
  }
  async ticks(from: number, to = Number.POSITIVE_INFINITY) {
    return this.allTicks().filter((tick) => tick.time >= from && tick.time < to);
  }
  async firstBar(interval: Interval) {
    return this.allBars(interval)[0];
  }
  async lastBar(interval: Interval) {
    return this.allBars(interval).at(-1);
  }
  async newestTicks(limit: number) {
    return this.allTicks().reverse().slice(0, limit);
  }
  async gaps() {
    return [...this.rows.gaps.values()];
  }
}

interface Trade {
  tick: Tick;
  cents: bigint;
  thousandths: bigint;
}

/** A second, independent way to the same bars: whole numbers only, all trades at once, nothing incremental. */
function referenceBars(trades: Trade[], gaps: Gap[], watermark: number, interval: Interval): Bar[] {
  const length = intervalMs[interval];
  const times = trades.map((trade) => trade.tick.time);
  const firstSecond = barTime(Math.min(...times), '1s');
  const start = barTime(trades[0]?.tick.time ?? 0, '1s');
  const bars: Bar[] = [];
  let previous: number | null = null;
  for (let time = barTime(firstSecond, interval); time + length <= watermark; time += length) {
    // By second, then by id: a larger bar opens with its first second and closes with its last.
    const inside = trades
      .filter(({ tick }) => tick.time >= time && tick.time < time + length)
      .sort((left, right) => barTime(left.tick.time, '1s') - barTime(right.tick.time, '1s'));
    const touches = (from: number, to: number) =>
      gaps.some((gap) => barTime(gap.time, '1s') < to && barTime(gap.toTime, '1s') >= from);
    const touched = touches(time, time + length);
    let flat: number | null = null;
    // The close of each quiet second: the last price before it, unless that lies behind a touched second.
    let known: number | null = previous;
    for (let second = time; second < time + length; second += 1_000) {
      const traded: Trade[] = inside.filter(({ tick }) => barTime(tick.time, '1s') === second);
      known =
        traded.length > 0
          ? (traded.at(-1)?.tick.price ?? null)
          : touches(second, second + 1_000)
            ? null
            : known;
      flat ??= known;
    }
    const sum = (amounts: bigint[], digits: number) =>
      Number(amounts.reduce((a, b) => a + b, 0n)) / 10 ** digits;
    const volume = sum(
      inside.map((trade) => trade.thousandths),
      3,
    );
    const quoteVolume = sum(
      inside.map((trade) => trade.cents * trade.thousandths),
      5,
    );
    const buys = inside.filter((trade) => trade.tick.side === 'buy');
    const sided = inside.every((trade) => trade.tick.side !== null);
    const prices = inside.map((trade) => trade.tick.price);
    bars.push({
      ...identity,
      interval,
      time,
      open: prices[0] ?? flat,
      high: prices.length > 0 ? Math.max(...prices) : flat,
      low: prices.length > 0 ? Math.min(...prices) : flat,
      close: prices.at(-1) ?? flat,
      volume,
      quoteVolume,
      vwap: prices.length > 0 ? quoteVolume / volume : null,
      trades: inside.reduce((count, trade) => count + trade.tick.count, 0),
      buyVolume: !sided
        ? null
        : sum(
            buys.map((trade) => trade.thousandths),
            3,
          ),
      buyQuoteVolume: !sided
        ? null
        : sum(
            buys.map((trade) => trade.cents * trade.thousandths),
            5,
          ),
      complete: time > start,
      gap: touched,
      revision: inside.length,
      source: 'trades',
    });
    previous = known;
  }
  return bars;
}

const tradeShape = fc.record({
  step: fc.oneof({ weight: 8, arbitrary: fc.nat(400) }, { weight: 1, arbitrary: fc.nat(9_000) }),
  back: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2_500) }),
  cents: fc.integer({ min: 5_900_000, max: 6_100_000 }),
  thousandths: fc.integer({ min: 1, max: 5_000 }),
  side: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('buy' as const, 'sell' as const) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  count: fc.integer({ min: 1, max: 3 }),
  filtered: fc.nat(9).map((value) => value === 0),
});

const chunkShape = fc.record({
  size: fc.integer({ min: 1, max: 6 }),
  fate: fc.constantFrom('send', 'send', 'send', 'withhold'),
  declared: fc.boolean(),
  heartbeat: fc.oneof(fc.constant(0), fc.nat(4_000)),
  repair: fc.nat(2),
  restart: fc.nat(4).map((value) => value === 0),
  /** How many of a write's changes reach a store that is not atomic before the process is killed. */
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(4) }),
  order: fc.nat(),
});

type TradeShape = typeof tradeShape extends fc.Arbitrary<infer Shape> ? Shape : never;

interface Chunk {
  message: TickMessage;
  trades: Trade[];
}

/** Cuts a random market into messages with ids, filtered prints included. */
function messagesOf(shapes: TradeShape[], sizes: number[]): Chunk[] {
  let time = origin;
  const market = shapes.map((shape, index) => {
    time += shape.step;
    const tick: Tick = {
      id: String(1_000 + index),
      time: index === 0 ? time : time - shape.back,
      price: shape.cents / 100,
      quantity: shape.thousandths / 1_000,
      side: shape.side,
      count: shape.count,
      received: time + 5,
    };
    const trade = { tick, cents: BigInt(shape.cents), thousandths: BigInt(shape.thousandths) };
    return { trade, filtered: shape.filtered && index > 0 };
  });
  const chunks: Chunk[] = [];
  let at = 0;
  let watermark = 0;
  for (let index = 0; at < market.length; index += 1) {
    const part = market.slice(at, at + (sizes[index % sizes.length] ?? 1));
    const trades = part.filter((each) => !each.filtered).map((each) => each.trade);
    watermark = Math.max(watermark, ...trades.map((trade) => trade.tick.time));
    chunks.push({
      trades,
      message: {
        venue: identity.venue,
        symbol: identity.symbol,
        fromId: String(1_000 + at),
        toId: String(1_000 + at + part.length - 1),
        watermark,
        ticks: trades.map((trade) => trade.tick),
        filtered: part.length - trades.length,
      },
    });
    at += part.length;
  }
  return chunks;
}

/** A resampler that can be killed: all that survives is what was written. */
class Machine {
  readonly memory = new Memory();
  /** Id after the newest one sent, which a non-durable bus would ask the store for. */
  head: number | null = null;
  private state: InstrumentState | undefined;

  async send(messages: TickMessage[], cut?: number): Promise<void> {
    this.state ??= recover(identity, intervals, await readStoredRows(this.memory, intervals, this.head));
    for await (const step of takeBatch(this.state, messages, this.memory)) {
      for (const [index, change] of changesOf([step]).entries()) {
        if (index === cut) {
          this.restart();
          await this.send(messages);
          return;
        }
        this.memory.apply(change);
      }
    }
    if (this.state.headUnstored) this.head = this.state.nextId;
    const { received, inBars, stored } = this.state.counts;
    if (this.state.recoveredId === 0)
      expect({ inBars, stored }).toEqual({ inBars: received, stored: received });
  }
  restart(): void {
    this.state = undefined;
  }
}

test('whatever is skipped, repaired, repeated, batched or killed, the bars are those of all trades at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(tradeShape, { minLength: 1, maxLength: 80, size: 'max' }),
      fc.array(chunkShape, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.boolean(),
      async (shapes, plan, repairAll) => {
        const chunks = messagesOf(
          shapes,
          plan.map((each) => each.size),
        );
        const machine = new Machine();
        const missing: Chunk[] = [];
        const sent: Chunk[] = [];
        let withheld: Chunk[] = [];
        let watermark = 0;
        const before = (index: number) => chunks[index - 1]?.message;
        for (const [index, chunk] of chunks.entries()) {
          const now = plan[index % plan.length] ?? plan[0];
          if (now === undefined) return;
          if (now.fate === 'withhold' && index > 0 && index < chunks.length - 1) {
            withheld.push(chunk);
            continue;
          }
          const first = withheld[0];
          const message: TickMessage = { ...chunk.message };
          if (first !== undefined && now.declared) {
            const lastBefore = sent.flatMap((each) => each.trades).at(-1)?.tick.time ?? 0;
            message.gap = {
              fromId: first.message.fromId ?? '',
              toId: before(index)?.toId ?? '',
              fromTime: lastBefore,
              toTime: chunk.trades[0]?.tick.time ?? message.watermark,
              reason: 'socket lost',
              repairable: now.order % 3 !== 0,
            };
          }
          missing.push(...withheld);
          withheld = [];
          sent.push(chunk);
          const batch = [message];
          watermark = Math.max(watermark, message.watermark);
          if (now.heartbeat > 0) {
            watermark += now.heartbeat;
            batch.push({ ...message, fromId: null, toId: null, ticks: [], filtered: 0, watermark });
            delete batch[1]?.gap;
          }
          await machine.send(batch, now.cut);
          for (let repairs = now.repair; repairs > 0 && missing.length > 0; repairs -= 1) {
            const [piece] = missing.splice(now.order % missing.length, 1);
            if (piece !== undefined) await machine.send([piece.message], now.cut);
          }
          if (now.restart) {
            machine.restart();
            await machine.send(sent.slice(-1 - (now.order % 4)).map((each) => each.message));
          }
        }
        while (repairAll && missing.length > 0) {
          const [piece] = missing.splice(shapes.length % missing.length, 1);
          if (piece !== undefined) await machine.send([piece.message]);
        }
        const end: TickMessage = {
          venue: identity.venue,
          symbol: identity.symbol,
          fromId: null,
          toId: null,
          watermark: watermark + 3_000,
          ticks: [],
          filtered: 0,
        };
        await machine.send([end]);

        const absent = new Set(missing.flatMap((each) => each.trades.map((trade) => trade.tick.id)));
        const trades = chunks.flatMap((each) => each.trades).filter((trade) => !absent.has(trade.tick.id));
        const gaps = (await machine.memory.gaps()).filter((gap) => gap.state !== 'repaired');
        const missingIds = gaps.flatMap((gap) =>
          Array.from({ length: gap.missing }, (_, offset) => Number(gap.fromId) + offset),
        );
        const wanted = missing.flatMap(({ message }) =>
          Array.from(
            { length: Number(message.toId) - Number(message.fromId) + 1 },
            (_, offset) => Number(message.fromId) + offset,
          ),
        );
        expect(missingIds.sort()).toEqual(wanted.sort());
        expect([...machine.memory.rows.ticks.values()].map((tick) => tick.id).sort()).toEqual(
          trades.map((trade) => trade.tick.id).sort(),
        );
        for (const interval of intervals) {
          const bars = await machine.memory.bars(interval, 0, Number.POSITIVE_INFINITY);
          const expected = referenceBars(trades, gaps, watermark + 3_000, interval);
          const firstSecond = barTime(Math.min(...trades.map((trade) => trade.tick.time)), '1s');
          const seen = expected.filter((bar) => bar.interval !== '1s' || bar.time >= firstSecond);
          expect(bars).toEqual(seen);
        }
      },
    ),
    { numRuns: 500 },
  );
});
