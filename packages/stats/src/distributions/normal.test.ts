import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { normalCdf, normalDensity, normalQuantile, normalTwoSidedP } from './index.ts';

const off = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

describe('the normal distribution', () => {
  it('leaves 2.5 % beyond 1.96 on each side', () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(off(normalCdf(-1.959963984540054), 0.025)).toBeLessThan(1e-15);
    expect(off(normalCdf(1.959963984540054), 0.975)).toBeLessThan(1e-15);
    expect(off(normalTwoSidedP(-1.959963984540054), 0.05)).toBeLessThan(1e-15);
    expect(off(normalQuantile(0.975), 1.959963984540054)).toBeLessThan(1e-15);
  });

  it('keeps all digits in the lower tail, down to the least double', () => {
    expect(off(normalCdf(-10), 7.61985302416052e-24)).toBeLessThan(1e-14);
    expect(off(normalCdf(-37), 5.725571222524577e-300)).toBeLessThan(1e-14);
    expect(normalCdf(-38)).toBe(2.88542835e-316);
    expect(normalCdf(-40)).toBe(0);
    expect(normalCdf(40)).toBe(1);
  });

  it('has a quantile that its distribution function undoes, in both tails', () => {
    fc.assert(
      fc.property(fc.double({ min: -690, max: -0.7, noNaN: true }), (logP) => {
        const p = Math.exp(logP);
        const x = normalQuantile(p);
        // The relative error of p is |x| times that of x, times |x|.
        expect(off(normalCdf(x), p)).toBeLessThan(1e-15 * (4 + x * x));
      }),
    );
  });

  it('has symmetric tails', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 8, noNaN: true }), (x) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
        expect(normalDensity(-x)).toBe(normalDensity(x));
      }),
    );
    expect(normalQuantile(0.25)).toBe(-normalQuantile(0.75));
  });

  it('has infinite quantiles at 0 and 1, and none beyond', () => {
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(InputError);
    expect(normalQuantile(5e-324)).toBeCloseTo(-38.46740561714434, 10);
  });
});
