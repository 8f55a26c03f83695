import type { Bar } from '@tandem/common';
import { createLog, memoryBus } from '@tandem/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newInstrument } from './core/instrument.ts';
import { receive } from './core/receive.ts';
import { formingBars } from './forming.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a busy bar is shown at once and then four times a second, the newest state each time', () => {
  const bus = memoryBus();
  const shown: [number, number | null][] = [];
  const begin = Date.now();
  bus.subscribe('forming.1m.>', (_, bar) => void shown.push([Date.now() - begin, (bar as Bar).close]));
  const forming = formingBars(bus, createLog({ level: 'silent' }), Date.now);
  const state = newInstrument({ dataset: 'live', venue: 'sim', symbol: 'AAA' }, ['1s', '1m']);
  for (let id = 1; id <= 100; id += 1) {
    const tick = {
      id: String(id),
      time: 60_000 + id,
      price: id,
      quantity: 1,
      side: 'buy',
      count: 1,
      received: 0,
    } as const;
    receive(state, {
      venue: 'sim',
      symbol: 'AAA',
      fromId: tick.id,
      toId: tick.id,
      watermark: tick.time,
      ticks: [tick],
      filtered: 0,
    });
    forming.changed(state);
    vi.advanceTimersByTime(10);
  }
  expect(shown).toEqual([
    [0, 1],
    [250, 25],
    [500, 50],
    [750, 75],
    [1_000, 100],
  ]);
  forming.changed(state);
  forming.stop();
  vi.advanceTimersByTime(1_000);
  expect(shown).toHaveLength(5);
});
