import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erf, erfc, erfi } from './index.ts';

/** |found / wanted - 1| */
const off = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

describe('error functions', () => {
  it('agree with published values on both sides of every change of method', () => {
    expect(off(erf(0.5), 0.5204998778130465)).toBeLessThan(1e-15);
    expect(off(erf(0.1), 0.1124629160182849)).toBeLessThan(1e-15);
    expect(off(erf(1), 0.8427007929497149)).toBeLessThan(1e-15);
    expect(off(erfc(0.5), 0.4795001221869535)).toBeLessThan(1e-15);
    expect(off(erfc(2), 0.004677734981047266)).toBeLessThan(1e-15);
    expect(off(erfc(6.2), 1.816675617238127e-18)).toBeLessThan(1e-15);
    expect(off(erfc(6.3), 5.124221687395715e-19)).toBeLessThan(1e-15);
    expect(off(erfc(10), 2.088487583762545e-45)).toBeLessThan(1e-15);
    expect(off(erfc(25), 8.300172571196522e-274)).toBeLessThan(1e-15);
  });

  it('erfc meets its asymptotic series far out, where only the tail is left', () => {
    for (const x of [15, 20, 24]) {
      const s = 1 / (2 * x * x);
      const series = 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))));
      const leading = Math.exp(-x * x) / (x * Math.sqrt(Math.PI));
      expect(off(erfc(x), leading * series)).toBeLessThan(1e-10);
    }
    expect(erfc(30)).toBe(0);
    expect(erfc(-30)).toBe(2);
  });

  it('erf is odd, erfc is what it leaves of 1, and erfi is odd too', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
        expect(erf(-x)).toBe(-erf(x));
        expect(erfi(-x)).toBe(-erfi(x));
        expect(erf(x) + erfc(x)).toBeCloseTo(1, 14);
      }),
    );
  });

  it('their slopes are the two Gaussians that they integrate', () => {
    const h = 1e-4;
    for (const x of [0.3, 0.7, 1.5, 3]) {
      const factor = 2 / Math.sqrt(Math.PI);
      expect(off((erfi(x + h) - erfi(x - h)) / (2 * h), factor * Math.exp(x * x))).toBeLessThan(1e-6);
      expect(off((erfc(x - h) - erfc(x + h)) / (2 * h), factor * Math.exp(-x * x))).toBeLessThan(1e-6);
    }
  });

  it('erfi leaves the range of doubles instead of failing', () => {
    expect(erfi(28)).toBe(Infinity);
    expect(erfi(-28)).toBe(-Infinity);
    expect(Number.isFinite(erfi(26))).toBe(true);
  });
});
