import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { mackinnonCritical, mackinnonP } from './index.ts';

describe('MacKinnon surfaces', () => {
  it('has the published asymptotic critical values', () => {
    expect(mackinnonCritical('c', Infinity)).toEqual({ '1%': -3.43035, '5%': -2.86154, '10%': -2.56677 });
    expect(mackinnonCritical('c', Infinity, 2)).toEqual({ '1%': -3.89644, '5%': -3.33613, '10%': -3.04445 });
    // -2.86154 - 2.8903/100 - 4.234/100^2 - 40.04/100^3.
    expect(mackinnonCritical('c', 100)?.['5%']).toBeCloseTo(-2.89090644, 12);
  });

  it('has no critical values for a pair without a trend, and none for more than 6 series', () => {
    expect(mackinnonCritical('n', 100, 2)).toBeNull();
    expect(() => mackinnonCritical('c', 100, 7)).toThrow(InputError);
    expect(() => mackinnonP(-3, 'c', 7)).toThrow(InputError);
    expect(() => mackinnonP(-3, 'c', 0)).toThrow(InputError);
  });

  it('gives a p-value of about the level at each critical value', () => {
    for (const trend of ['c', 'ct', 'ctt'] as const) {
      for (const series of [1, 2, 3]) {
        const critical = mackinnonCritical(trend, Infinity, series);
        expect(mackinnonP(critical?.['1%'] as number, trend, series)).toBeCloseTo(0.01, 2);
        expect(mackinnonP(critical?.['5%'] as number, trend, series)).toBeCloseTo(0.05, 2);
        expect(mackinnonP(critical?.['10%'] as number, trend, series)).toBeCloseTo(0.1, 2);
      }
    }
  });

  it('is certain beyond the ends of the surface', () => {
    expect(mackinnonP(-18.84, 'c')).toBe(0);
    expect(mackinnonP(2.75, 'c')).toBe(1);
    expect(mackinnonP(50, 'n')).toBe(1);
    expect(mackinnonP(-Infinity, 'c', 2)).toBe(0);
  });

  it('is the stronger evidence the lower the statistic', () => {
    const trends = fc.constantFrom<'c' | 'ct' | 'ctt'>('c', 'ct', 'ctt');
    const tau = fc.double({ min: -9, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(trends, fc.integer({ min: 1, max: 3 }), tau, tau, (trend, series, a, b) => {
        fc.pre(a < b);
        // The two polynomials of a surface meet within 1e-3 at its border.
        expect(mackinnonP(a, trend, series)).toBeLessThanOrEqual(mackinnonP(b, trend, series) + 1e-3);
      }),
    );
  });
});
