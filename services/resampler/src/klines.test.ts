import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Bar, Tick, TickMessage } from '@tandem/common';
import { expect, test } from 'vitest';
import { closeBars, openBars } from './core/close.ts';
import { newInstrument } from './core/instrument.ts';
import { receive } from './core/receive.ts';

// Real trades and the exchange's own bars of them; not shipped with the product.
const folder = new URL('../../../../shared/data/binance-usdm-2024-08-08/', import.meta.url);
const available = existsSync(folder);
if (!available) console.log('not run: bars against the exchange’s klines (no shared data)');

interface Frame {
  stream?: string;
  data: { T: number; t: number; p: string; q: string; m: boolean };
}

function recorded(file: string, stream: string): Tick[] {
  const ticks: Tick[] = [];
  for (const line of gunzipSync(readFileSync(new URL(file, folder)))
    .toString()
    .split('\n')) {
    if (!line.includes('@trade"')) continue;
    const space = line.indexOf(' ');
    const frame = JSON.parse(line.slice(space + 1)) as Frame;
    if (frame.stream !== stream) continue;
    const { T, t, p, q, m } = frame.data;
    ticks.push({
      id: String(t),
      time: T,
      price: Number(p),
      quantity: Number(q),
      side: m ? 'sell' : 'buy',
      count: 1,
      received: Math.floor(Number(line.slice(0, space)) / 1e6),
    });
  }
  return ticks;
}

function heartbeat(symbol: string): TickMessage {
  const watermark = Date.parse('2024-08-09T00:00:00Z');
  return { venue: 'binance-usdm', symbol, fromId: null, toId: null, watermark, ticks: [], filtered: 0 };
}

function barsOf(symbol: string, ticks: Tick[]): Bar[] {
  const state = newInstrument({ dataset: 'replay', venue: 'binance-usdm', symbol }, ['1s', '1m', '5m']);
  const bars: Bar[] = [];
  for (let index = 0; index < ticks.length; index += 50) {
    const part = ticks.slice(index, index + 50);
    const message: TickMessage = {
      venue: 'binance-usdm',
      symbol,
      fromId: part[0]?.id ?? null,
      toId: part.at(-1)?.id ?? null,
      watermark: Math.max(...part.map((tick) => tick.time)),
      ticks: part,
      filtered: 0,
    };
    receive(state, message);
    bars.push(...closeBars(state, 1_000).bars);
    expect(state.pending.dirty).toEqual([]);
  }
  // Quotes in the same recording are of the next day: the exchange's clock had passed midnight.
  receive(state, heartbeat(symbol));
  bars.push(...closeBars(state, 1_000).bars);
  expect(state.counts).toMatchObject({
    gaps: 0,
    duplicates: 0,
    received: ticks.length,
    inBars: ticks.length,
  });
  return [...bars, ...openBars(state)];
}

test.skipIf(!available && process.env.CI !== 'true').each([
  ['BTCUSDT', 21_313],
  ['ETHUSDT', 14_076],
])('every whole minute of %s equals the exchange’s own bar in all nine fields', (symbol, count) => {
  const name = symbol.toLowerCase();
  const ticks = recorded(`${name}_20240808.gz`, `${name}@trade`);
  expect(ticks).toHaveLength(count);
  const minutes = barsOf(symbol, ticks).filter((bar) => bar.interval === '1m');
  const [, ...lines] = readFileSync(new URL(`${symbol}-klines-1m.csv`, folder), 'utf8')
    .trim()
    .split('\n');
  const klines = new Map(lines.map((line) => [Number(line.split(',')[0]), line.split(',').map(Number)]));
  const whole = minutes.filter((bar) => bar.complete);
  expect(whole.map((bar) => new Date(bar.time).toISOString().slice(11, 16))).toEqual([
    '23:55',
    '23:56',
    '23:57',
    '23:58',
    '23:59',
  ]);
  for (const bar of whole) {
    const { open, high, low, close, volume, quoteVolume, trades, buyVolume, buyQuoteVolume } = bar;
    const [, o, h, l, c, v, , q, n, bv, bq] = klines.get(bar.time) ?? [];
    expect([open, high, low, close, volume, quoteVolume, trades, buyVolume, buyQuoteVolume]).toEqual([
      ...[o, h, l, c, v, q, n, bv, bq],
    ]);
  }
  expect(minutes[0]?.complete).toBe(false);
  expect(minutes.filter((bar) => !bar.complete)).toHaveLength(minutes.length - 5);
});
