import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationOf } from '../dependence/pearson.ts';
import { priceLike, windowAt } from './price-like.fixture.ts';
import { RollingCorrelation } from './rolling-correlation.ts';

describe('RollingCorrelation', () => {
  it('finds the correlation of the newest five pairs, which can be checked by hand', () => {
    const rolling = new RollingCorrelation(5);
    rolling.push(1e9, -1e9);
    for (const [i, b] of [2, 1, 4, 3, 5].entries()) rolling.push(i + 1, b);
    expect(rolling.r).toBeCloseTo(0.8, 14);
  });

  it("is Pearson's on each window, and nothing where a leg stands still", () => {
    fc.assert(
      fc.property(priceLike, fc.integer({ min: 3, max: 40 }), fc.boolean(), (rows, window, gaps) => {
        const minPeriods = gaps ? 2 : window;
        const rolling = new RollingCorrelation(window, 0, { minPeriods });
        for (let t = 0; t < rows.y.length; t++) {
          rolling.push(rows.y[t] as number, rows.x[t] as number);
          const { y, x, n } = windowAt(rows, window, t);
          const r = n < minPeriods ? Number.NaN : correlationOf(y, x, n);
          if (Number.isNaN(r)) expect(rolling.r).toBeNaN();
          else expect(Math.abs(rolling.r - r)).toBeLessThanOrEqual(1e-12);
          expect(rolling.n).toBe(n);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not mind the units or the order of the legs, and stays in [-1, 1]', () => {
    const legs = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), {
      minLength: 10,
      maxLength: 40,
    });
    fc.assert(
      fc.property(legs, (pairs) => {
        const plain = new RollingCorrelation(6);
        const moved = new RollingCorrelation(6);
        for (const [a, b] of pairs) {
          plain.push(a, b);
          moved.push(1e5 - 0.25 * b, 7 + 64 * a);
          if (Number.isNaN(plain.r)) expect(moved.r).toBeNaN();
          else {
            expect(Math.abs(plain.r)).toBeLessThanOrEqual(1);
            expect(moved.r).toBeCloseTo(-plain.r, 11);
          }
        }
      }),
    );
  });
});
