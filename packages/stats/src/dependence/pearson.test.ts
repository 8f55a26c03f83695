import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationOf, logReturn, logReturns, moments, pearson } from '../index.ts';

describe('pearson', () => {
  it('finds the correlation of five pairs that can be checked by hand', () => {
    expect(pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toEqual({
      r: expect.closeTo(0.8, 15),
      n: 5,
      dropped: 0,
      flags: ['FewPairs'],
    });
  });

  it('refuses a series that does not vary, too few pairs, unequal lengths and infinities', () => {
    expect(() => pearson([1, 2, 3], [7, 7, 7])).toThrow('does not vary');
    expect(() => pearson([1, Number.NaN], [1, 2])).toThrow('at least 2 pairs, got 1');
    expect(() => pearson([1, 2], [1])).toThrow('differ in length');
    expect(() => pearson([1, Infinity], [1, 2])).toThrow('row 1 is infinite');
  });

  it('knows no unit, from the tiniest numbers to the largest', () => {
    const a = [1, 2, 3, 4, 5];
    const b = [2, 1, 4, 3, 5];
    for (const unit of [1e-320, 1e-300, 1e-160, 1e160, 3e307]) {
      const { r } = pearson(
        a.map((v) => v * unit),
        b,
      );
      expect(r).toBeCloseTo(0.8, unit < 1e-310 ? 3 : 14);
      expect(
        pearson(
          b,
          a.map((v) => v * unit),
        ).r,
      ).toBe(r);
    }
  });

  it('never leaves [-1, 1], however the sums round, and does not mind the order of the legs', () => {
    const series = fc.array(
      fc.tuple(fc.double({ min: 1e-3, max: 1e6 }), fc.double({ min: 1e-3, max: 1e6 })),
      {
        minLength: 2,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(series, (pairs) => {
        const a = pairs.map(([v]) => (Number.isNaN(v) ? 1 : v));
        const b = pairs.map(([, v]) => (Number.isNaN(v) ? 1 : v));
        const r = correlationOf(a, b, a.length);
        fc.pre(!Number.isNaN(r));
        expect(Math.abs(r)).toBeLessThanOrEqual(1);
        expect(correlationOf(b, a, a.length)).toBe(r);
        expect(correlationOf(a, a, a.length)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('logReturns', () => {
  it('a price that doubles returns ln 2; a missing price makes both returns that touch it missing', () => {
    expect([...logReturns([1, 2, Number.NaN, 4, 8])]).toEqual([Math.LN2, Number.NaN, Number.NaN, Math.LN2]);
    expect(logReturn(3, 3)).toBe(0);
  });

  it('refuses a price that has no logarithm', () => {
    expect(() => logReturns([1, 0])).toThrow('price 1 is 0');
    expect(() => logReturns([-1])).toThrow('price 0 is -1');
    expect(() => logReturns([Infinity, 1])).toThrow('infinite');
  });
});

describe('moments', () => {
  it('keeps the digits of small moves on a high price', () => {
    const { mean, deviation } = moments([100_000.01, 100_000.02, 100_000.03]);
    expect(mean).toBe(100_000.02);
    expect(deviation).toBeCloseTo(0.01, 11);
  });

  it('refuses fewer values than it needs, and values that are no numbers', () => {
    expect(() => moments([1])).toThrow('more than 1 values, got 1');
    expect(() => moments([1, Number.NaN])).toThrow('NaN or infinite');
  });
});
