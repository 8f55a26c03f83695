import type { Delivery } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivery } from '../webhooks.fixture.ts';
import {
  type DeliveryAnswer,
  deliveriesPath,
  deliveryKey,
  deliveryPage,
  nextLimit,
  pageSize,
  touchedAt,
} from './delivery-page.ts';

/** The api: the newest rows before `to`, ascending. */
function answer(rows: readonly Delivery[], to: number | undefined, limit: number): DeliveryAnswer {
  const before = rows
    .filter(({ time }) => to === undefined || time < to)
    .sort((one, other) => one.time - other.time);
  return { rows: before.slice(-limit), more: before.length > limit };
}

/** Every page that can be gone to, from the newest to the oldest. */
function walk(rows: readonly Delivery[], limit: number): Delivery[] {
  const seen: Delivery[] = [];
  let before: number | undefined;
  do {
    let asked: number | undefined = limit;
    let page: ReturnType<typeof deliveryPage>;
    do {
      page = deliveryPage(answer(rows, before, asked), asked);
      asked = nextLimit(asked);
    } while (page === undefined && asked !== undefined);
    seen.push(...(page?.rows ?? []));
    before = page?.older;
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

  it('leave the rows of a bar that the limit cut in two to the next page, which begins with the whole bar', () => {
    const rows = [0, 1, 1, 2, 3].map((index, n) => delivery(index, { endpoint: `e${n}` }));
    const page = deliveryPage(answer(rows, undefined, 3), 3);
    expect(page?.rows.map(({ endpoint }) => endpoint)).toEqual(['e4', 'e3']);
    const next = deliveryPage(answer(rows, page?.older, 3), 3);
    expect(next?.rows.map(({ endpoint }) => endpoint)).toEqual(['e1', 'e2', 'e0']);
    expect(next?.older).toBeUndefined();
  });

  it('say it where a bar has more deliveries than can be listed, and go on before it', () => {
    const rows = [
      delivery(0),
      ...Array.from({ length: 2_001 }, (_, n) => delivery(1, { endpoint: `e${n}` })),
    ];
    expect(deliveryPage(answer(rows, undefined, pageSize), pageSize)).toBeUndefined();
    const page = deliveryPage(answer(rows, undefined, 2_000), 2_000);
    expect(page).toMatchObject({ crowded: delivery(1).time, older: delivery(1).time });
    expect(deliveryPage(answer(rows, page?.older, pageSize), pageSize)?.rows).toEqual([delivery(0)]);
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
