import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fUpperTail, regularisedBeta, studentTwoSidedP } from './index.ts';

const off = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

describe('the F distribution', () => {
  it('with one degree above is the square of t', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 12, noNaN: true }),
        fc.integer({ min: 1, max: 4000 }),
        (t, v) => {
          expect(off(fUpperTail(t * t, 1, v), studentTwoSidedP(t, v))).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it('with two degrees above is algebraic', () => {
    for (const f of [0.1, 1, 4, 30, 1000]) {
      for (const v of [1, 3, 20, 400]) {
        expect(off(fUpperTail(f, 2, v), Math.exp((-v / 2) * Math.log1p((2 * f) / v)))).toBeLessThan(1e-13);
      }
    }
  });

  it('is turned upside down with its argument', () => {
    expect(fUpperTail(2.5, 7, 11) + fUpperTail(1 / 2.5, 11, 7)).toBeCloseTo(1, 14);
    expect([fUpperTail(0, 2, 3), fUpperTail(-1, 2, 3), fUpperTail(Infinity, 2, 3)]).toEqual([1, 1, 0]);
  });
});

describe('the regularised incomplete beta function', () => {
  it('has closed forms for small whole shapes and for the arcsine law', () => {
    for (const x of [1e-9, 0.01, 0.3, 0.5, 0.77, 0.999]) {
      expect(off(regularisedBeta(2, 3, x), x * x * (6 - 8 * x + 3 * x * x))).toBeLessThan(1e-14);
      const arcsine = (2 / Math.PI) * Math.asin(Math.sqrt(x));
      expect(off(regularisedBeta(0.5, 0.5, x), arcsine)).toBeLessThan(1e-14);
    }
  });

  it('is mirrored when the shapes change places', () => {
    const shape = fc.double({ min: 0.05, max: 3000, noNaN: true });
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (a, b, x) => {
        expect(regularisedBeta(a, b, x) + regularisedBeta(b, a, 1 - x, x)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('climbs one shape at a time: I(a+1, b) = I(a, b) - x^a (1-x)^b / (a B(a, b))', () => {
    // With B(2, 3) = 1/12.
    const x = 0.37;
    const step = (x ** 2 * (1 - x) ** 3 * 12) / 2;
    expect(regularisedBeta(3, 3, x)).toBeCloseTo(regularisedBeta(2, 3, x) - step, 14);
  });

  it('is 0 and 1 at its ends, and nothing outside', () => {
    expect([regularisedBeta(2, 3, 0), regularisedBeta(2, 3, 1)]).toEqual([0, 1]);
    expect(regularisedBeta(2, 3, 1.1)).toBeNaN();
    expect(regularisedBeta(0, 3, 0.5)).toBeNaN();
  });
});
