import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../noise.fixture.ts';
import { median, medianAbsoluteDeviation, medianInPlace, SortedWindow, select } from './index.ts';

/** Prices with few distinct values, so that there are ties. */
const prices = fc.array(
  fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
  {
    minLength: 1,
    maxLength: 1500,
    size: 'max',
  },
);

describe('order statistics', () => {
  it('picks what sorting would, and parts the rest around it', () => {
    fc.assert(
      fc.property(prices, fc.nat(), (values, seed) => {
        const k = seed % values.length;
        const work = Float64Array.from(values);
        const picked = select(work, k);
        expect(picked + 0).toBe((Float64Array.from(values).sort()[k] as number) + 0); // -0 and 0 are one value
        expect(work.subarray(0, k).every((value) => value <= picked)).toBe(true);
        expect(work.subarray(k).every((value) => value >= picked)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('picks within a part of a buffer and leaves the rest alone', () => {
    const work = Float64Array.of(9, 5, 3, 4, 1, 0);
    expect(select(work, 1, 1, 4)).toBe(4);
    expect([work[0], work[4], work[5]]).toEqual([9, 1, 0]);
  });

  it('takes the middle value, or halfway between the middle two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([1e308, 1.7e308])).toBe(1.35e308);
    expect(medianInPlace(Float64Array.of(5, 7, 100), 2)).toBe(6);
  });

  it('measures the spread of five prices of which one is wild', () => {
    expect(medianAbsoluteDeviation([1, 2, 3, 4, 1000])).toBeCloseTo(1 / 0.6744897501960817, 14);
    expect(medianAbsoluteDeviation([1, 2, 3, 4, 1000], 0)).toBeCloseTo(3 / 0.6744897501960817, 14);
  });

  it('refuses what has no middle', () => {
    expect(codeOf(() => median([]))).toBe('TooFewObservations');
    expect(codeOf(() => median([1, Number.NaN]))).toBe('NonFinite');
    expect(codeOf(() => medianAbsoluteDeviation([]))).toBe('TooFewObservations');
    expect(codeOf(() => medianAbsoluteDeviation([1, Infinity]))).toBe('NonFinite');
  });
});

describe('SortedWindow', () => {
  it('knows the median while prices come and go', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 40 }), (values, size) => {
        const window = new SortedWindow(size);
        for (const [i, value] of values.entries()) {
          if (i >= size) window.remove(values[i - size] as number);
          window.add(value);
          expect(window.median + 0).toBe(median(values.slice(Math.max(0, i + 1 - size), i + 1)) + 0);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('has no median when empty, and does not part with what it does not have', () => {
    const window = new SortedWindow(2);
    expect(window.median).toBeNaN();
    window.add(1);
    expect(() => window.remove(2)).toThrow('not in the window');
  });
});
