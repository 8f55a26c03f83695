import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TickMessage } from '@tandem/common';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { fileBytes } from './file-bytes.ts';
import { recorded, recordedTest } from './recorded-data.fixture.ts';
import { replayWhole } from './replay-whole.fixture.ts';

const usdm = ['btcusdt', 'ethusdt'].map((name) => recorded(`binance-usdm-2024-08-08/${name}_20240808.gz`));
const sessions = ['btcusdt_20240808', 'btcusdt_20240809', 'ethusdt_20240808', 'ethusdt_20240809'];
const spot = sessions.map((name) => recorded(`binance-spot-2024-08-08/${name}.gz`));
const nothingStrange = { unknown: 0, malformed: 0, refused: 0, complaints: [], truncated: [] };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-recordings-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a recording of Binance USD-M', () => {
  recordedTest('gives every trade once, in the order of ids, and no gap', async () => {
    const { ticks, messages, summary } = await replayWhole(usdm);
    for (const [symbol, first, count] of [
      ['BTCUSDT', 5266583935, 21_313],
      ['ETHUSDT', 4308068523, 14_076],
    ] as const) {
      expect(ticks.get(symbol)?.map(({ id }) => Number(id))).toEqual(
        Array.from({ length: count }, (_, index) => first + index),
      );
      expect(summary.instruments[`binance-usdm:${symbol}`]).toMatchObject({
        ticks: count,
        gaps: 0,
        duplicates: 0,
      });
    }
    expect(messages.filter(({ gap }) => gap !== undefined)).toEqual([]);
    expect(summary).toMatchObject(nothingStrange);
    for (const message of messages) TickMessage.parse(message);
  });

  recordedTest(
    'ends with a watermark beyond midnight, so that the last minute of the day can close',
    async () => {
      const { messages, ticks } = await replayWhole(usdm);
      const midnight = Date.parse('2024-08-09T00:00:00Z');
      expect(ticks.get('BTCUSDT')?.at(-1)?.time).toBeLessThan(midnight);
      const last = messages.findLast(({ symbol }) => symbol === 'BTCUSDT');
      expect(last?.watermark).toBeGreaterThanOrEqual(midnight);
      expect(last?.fromId).toBeNull();
    },
  );

  recordedTest(
    'has watermarks that no later trade contradicts, and at most one heartbeat a second before the end',
    async () => {
      const { messages } = await replayWhole(usdm);
      for (const name of ['BTCUSDT', 'ETHUSDT']) {
        let watermark = 0;
        const beats = new Set<number>();
        const own = messages.filter(({ symbol }) => symbol === name);
        for (const message of own) {
          for (const { time } of message.ticks) expect(time).toBeGreaterThanOrEqual(watermark);
          expect(message.watermark).toBeGreaterThanOrEqual(watermark);
          watermark = message.watermark;
          if (message.fromId !== null || message === own.at(-1)) continue;
          expect(beats).not.toContain(Math.floor(watermark / 1_000));
          beats.add(Math.floor(watermark / 1_000));
        }
      }
    },
  );
});

describe('a recording of Binance spot in two sessions', () => {
  recordedTest(
    'is the same as one file, in whatever order the files are named',
    async () => {
      const whole = [join(folder, 'btc-whole'), join(folder, 'eth-whole')] as const;
      for (const [index, file] of whole.entries()) {
        const parts = spot.slice(2 * index, 2 * index + 2);
        await pipeline(Readable.from(joined(parts)), createWriteStream(file));
      }
      const expected = await replayWhole(whole);
      expect(expected.ticks.get('BTCUSDT')).toHaveLength(19_904);
      expect(expected.ticks.get('ETHUSDT')).toHaveLength(14_515);
      expect(expected.messages.some(({ gap }) => gap !== undefined)).toBe(false);
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray(spot, { minLength: spot.length }), async (files) => {
          const { messages, times } = await replayWhole(files);
          expect(messages).toEqual(expected.messages);
          expect(times).toEqual(expected.times);
        }),
        { numRuns: 4 },
      );
    },
    120_000,
  );
});

describe('recordings of other venues', () => {
  recordedTest.each([
    ['BINANCE.ws.1.0', 'binance-spot', 2],
    ['BINANCE_FUTURES.ws.1.0', 'binance-usdm', 91],
    ['BYBIT.ws.26.0', 'bybit-linear', 150],
    ['COINBASE.ws.28.0', 'coinbase', 107],
    ['KRAKEN.ws.48.0', 'kraken', 10],
    ['KRAKEN_FUTURES.ws.1.0', 'kraken', 1_003],
    ['OKX.ws.1.0', 'okx-swap', 74],
  ])('%s holds no frame that is not understood, and its trades become ticks', async (name, venue, count) => {
    const { messages, ticks, summary } = await replayWhole([recorded(`venue-recordings/${name}.gz`)]);
    expect(summary).toMatchObject(nothingStrange);
    expect([...ticks.values()].flat()).toHaveLength(count);
    for (const message of messages) expect(TickMessage.parse(message)).toMatchObject({ venue });
    expect(messages.some(({ gap }) => gap !== undefined)).toBe(false);
  });

  recordedTest('Coinbase states the side of the maker: the aggressor of its first trade bought', async () => {
    const { ticks } = await replayWhole([recorded('venue-recordings/COINBASE.ws.28.0.gz')]);
    expect(ticks.get('BAND-GBP')?.[0]).toMatchObject({
      id: '881613',
      price: 14.7775,
      quantity: 0.04,
      side: 'buy',
    });
  });

  recordedTest('what is counted in contracts is said to be', async () => {
    const { summary } = await replayWhole([recorded('venue-recordings/OKX.ws.1.0.gz')]);
    expect(summary.notices).toEqual([expect.stringContaining('contracts')]);
  });
});

describe('rows of ticks', () => {
  recordedTest('a browser collector gives 2,491 rows, of which four without price are no ticks', async () => {
    const { ticks, summary, messages } = await replayWhole([recorded('ndjson/futures-2025-10-31.ndjson')]);
    const all = [...ticks.values()].flat();
    expect(all).toHaveLength(2_487);
    expect(all.every(({ side, price }) => side === null && price > 0)).toBe(true);
    const counts = Object.values(summary.instruments);
    expect(counts.reduce((sum, { prints }) => sum + prints, 0)).toBe(2_491);
    expect(counts.reduce((sum, { filtered }) => sum + filtered, 0)).toBe(4);
    expect(messages[0]?.venue).toBe('custom');
    expect(summary).toMatchObject(nothingStrange);
  });

  recordedTest('2,001 trades of a CSV, with sides', async () => {
    const { ticks, summary } = await replayWhole([recorded('trades/btcusdt-spot-trades-2021-01-08.csv')]);
    const trades = ticks.get('BTCUSDT') ?? [];
    expect(trades).toHaveLength(2_001);
    expect(trades[0]).toMatchObject({ id: '553287559', time: 1610064000278, price: 39432.48, side: 'sell' });
    expect(trades[1]?.side).toBe('buy');
    expect(summary).toMatchObject(nothingStrange);
  });
});

async function* joined(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* fileBytes(file, () => undefined);
}
