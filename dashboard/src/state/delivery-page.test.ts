import type { Delivery } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivery } from '../webhooks.fixture.ts';
import {
  type DeliveryAnswer,
  deliveriesPath,
  deliveryKey,
  deliveryPage,
  touchedAt,
} from './delivery-page.ts';

/** The api: the newest rows before `to`, ascending, those of one bar not parted. */
function answer(rows: readonly Delivery[], to: number | undefined, limit: number): DeliveryAnswer {
  const before = rows
    .filter(({ time }) => to === undefined || time < to)
    .sort((one, other) => one.time - other.time);
  const cut = before.at(-limit - 1)?.time;
  const whole = before.slice(-limit).filter(({ time }) => time !== cut);
  const given = whole.length > 0 ? whole : before.filter(({ time }) => time === cut);
  return { rows: given, more: given.length < before.length };
}

/** Every page that can be gone to, from the newest to the oldest. */
function walk(rows: readonly Delivery[], limit: number): Delivery[] {
  const seen: Delivery[] = [];
  let before: number | undefined;
  do {
    const page = deliveryPage(answer(rows, before, limit));
    seen.push(...page.rows);
    before = page.older;
  } while (before !== undefined);
  return seen;
}

describe('pages of deliveries', () => {
  it('hold every delivery once, newest bar first, however many there are of a bar', () => {
    const bars = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 80 });
    fc.assert(
      fc.property(bars, fc.integer({ min: 1, max: 9 }), (indices, limit) => {
        const rows = indices.map((index, n) => delivery(index, { endpoint: `e${n}` }));
        const seen = walk(rows, limit);
        expect(seen.map(deliveryKey).sort()).toEqual(rows.map(deliveryKey).sort());
        expect(seen.map(({ time }) => time)).toEqual(rows.map(({ time }) => time).sort((a, b) => b - a));
      }),
    );
  });

  it('are asked for with the filters that are set', () => {
    const all = { endpoint: undefined, state: undefined };
    expect(deliveriesPath(all, undefined, 50)).toBe('/deliveries?limit=50');
    expect(deliveriesPath({ endpoint: 'desk', state: 'failed' }, 9, 50)).toBe(
      '/deliveries?limit=50&endpoint=desk&state=failed&to=9',
    );
  });
});

it('a delivery was last touched by its newest attempt, or when it was queued again', () => {
  const { time } = delivery(0);
  expect(touchedAt(delivery(0, { queued: time + 1, history: null }))).toBe(time + 1);
  expect(touchedAt(delivery(0, { queued: null, history: [] }))).toBe(time);
  expect(touchedAt(delivery(0, { queued: time + 900_000 }))).toBe(time + 900_000);
});
