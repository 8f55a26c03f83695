import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { productDifference } from './product-difference.ts';

describe('productDifference', () => {
  it('keeps what is left of two products that agree in their first sixteen digits', () => {
    const whole = fc.maxSafeInteger().filter((n) => n !== 0);
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: -3, max: 3 }), (a, b, step) => {
        const c = a - step;
        const d = b + step;
        fc.pre(Number.isSafeInteger(c) && Number.isSafeInteger(d));
        const exact = Number(BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d));
        expect(Math.abs(productDifference(a, b, c, d) - exact)).toBeLessThanOrEqual(1e-15 * Math.abs(exact));
      }),
    );
  });

  it('is the plain difference where splitting the factors would overflow', () => {
    expect(productDifference(1e305, 2, 1e305, 1)).toBe(1e305);
  });
});
