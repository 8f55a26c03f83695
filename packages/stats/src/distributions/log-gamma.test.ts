import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logGamma } from './index.ts';

describe('logGamma', () => {
  it('is the logarithm of the factorial before', () => {
    let factorial = 1;
    for (let n = 1; n <= 100; n++) {
      expect(Math.abs(logGamma(n) - Math.log(factorial))).toBeLessThan(
        1e-15 * Math.max(1, Math.log(factorial)) * 2,
      );
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 15);
  });

  it('grows by ln z from z to z + 1, and obeys the duplication formula', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e5, noNaN: true }), (z) => {
        const size = Math.max(1, Math.abs(logGamma(2 * z)));
        expect(Math.abs(logGamma(z + 1) - logGamma(z) - Math.log(z)) / size).toBeLessThan(1e-14);
        const doubled = (2 * z - 1) * Math.LN2 - Math.log(Math.PI) / 2 + logGamma(z) + logGamma(z + 0.5);
        expect(Math.abs(logGamma(2 * z) - doubled) / size).toBeLessThan(1e-14);
      }),
    );
  });

  it('is not defined at and below 0', () => {
    expect(logGamma(0)).toBeNaN();
    expect(logGamma(-1.5)).toBeNaN();
  });
});
