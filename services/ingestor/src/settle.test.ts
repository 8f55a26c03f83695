import { describe, expect, it } from 'vitest';
import { settle } from './settle.ts';
import type { Print } from './venues/venue.ts';

const page = (...ids: number[]): Print[] =>
  ids.map((id) => ({
    symbol: 'X',
    id,
    time: id,
    price: 1,
    quantity: 1,
    side: 'buy',
    count: 1,
    market: true,
  }));

const aggregates = { dense: true, pagesFromId: true };
const fills = { dense: false, pagesFromId: true };
const newestFills = { dense: false, pagesFromId: false };

describe('what a page of history says about missing ids', () => {
  it('accounts for all ids up to the last one listed', () => {
    expect(settle(page(5, 6, 7), { from: 5, to: 9 }, aggregates)).toMatchObject({
      to: 7,
      prints: { length: 3 },
    });
  });

  it('does not reach beyond what is missing', () => {
    expect(settle(page(5, 6, 7), { from: 5, to: 6 }, aggregates)).toMatchObject({
      to: 6,
      prints: { length: 2 },
    });
  });

  it('says nothing when history lags behind the stream', () => {
    expect(settle([], { from: 5, to: 6 }, aggregates)).toEqual({ to: 4, prints: [] });
  });

  it('takes single unlisted fills for prints that are no executions', () => {
    expect(settle(page(6, 8), { from: 5, to: 8 }, fills)).toMatchObject({ to: 8, prints: { length: 2 } });
  });

  it('takes an unlisted aggregate for a loss, because aggregates have no holes', () => {
    expect(settle(page(6, 7), { from: 5, to: 8 }, aggregates)).toEqual({
      to: 4,
      prints: [],
      lost: { to: 5, toTime: 6 },
    });
  });

  it('settles what comes before a loss first', () => {
    expect(settle(page(5, 7), { from: 5, to: 8 }, aggregates)).toMatchObject({
      to: 5,
      prints: { length: 1 },
    });
  });

  it('takes a long run of unlisted fills for history that is no longer served', () => {
    expect(settle(page(500), { from: 5, to: 900 }, fills).lost).toEqual({ to: 499, toTime: 500 });
    expect(settle(page(1_000), { from: 5, to: 900 }, fills).lost).toEqual({ to: 900, toTime: 1_000 });
  });

  it('takes fills that are older than the newest ones served for a loss, not for prints that are no executions', () => {
    expect(settle(page(20, 21), { from: 5, to: 9 }, newestFills)).toEqual({
      to: 4,
      prints: [],
      lost: { to: 9, toTime: 20 },
    });
    expect(settle(page(7, 8, 9), { from: 5, to: 9 }, newestFills).lost).toEqual({ to: 6, toTime: 7 });
    expect(settle(page(3, 4, 6, 9), { from: 5, to: 9 }, newestFills)).toMatchObject({
      to: 9,
      prints: { length: 2 },
    });
  });
});
