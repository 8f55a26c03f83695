import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from './backoff.ts';

const almost = 1 - 2 ** -53;

describe('backoff', () => {
  it('doubles its bound with each failure, up to the most', () => {
    const bounds = [1, 2, 3, 4, 5, 6].map((attempt) => backoff(attempt, almost, { first: 100, most: 1_000 }));
    expect(bounds).toEqual([99, 199, 399, 799, 999, 999]);
  });

  it('waits anything from nothing to the bound, whatever the attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0 }),
        fc.double({ min: 0, max: almost, noNaN: true }),
        (attempt, random) => {
          const wait = backoff(attempt, random);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThan(30_000);
        },
      ),
    );
    expect(backoff(10, 0)).toBe(0);
    expect(backoff(1, 0.5)).toBe(125);
  });
});
