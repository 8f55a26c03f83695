import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { normalQuantile, normalTwoSidedP, studentCdf, studentQuantile, studentTwoSidedP } from './index.ts';

const off = (found: number, wanted: number): number => Math.abs(found / wanted - 1);

describe("Student's t", () => {
  it('has the quantiles of every printed table', () => {
    expect(off(studentQuantile(0.975, 1), 12.706204736174698)).toBeLessThan(1e-14);
    expect(off(studentQuantile(0.975, 10), 2.228138851986275)).toBeLessThan(1e-14);
    expect(off(studentQuantile(0.975, 498), 1.964738982967289)).toBeLessThan(1e-14);
    expect(off(studentQuantile(0.995, 30), 2.7499956535672254)).toBeLessThan(1e-14);
  });

  it('is the Cauchy distribution at one degree of freedom, and algebraic at two', () => {
    for (const t of [0.01, 0.5, 1, 3, 50, 1e5, 1e12]) {
      expect(off(studentTwoSidedP(t, 1), (2 / Math.PI) * Math.atan(1 / t))).toBeLessThan(1e-14);
      const root = Math.sqrt(2 + t * t);
      expect(off(studentTwoSidedP(t, 2), 2 / (root * (root + t)))).toBeLessThan(1e-14);
    }
  });

  it('has a quantile that its distribution function undoes', () => {
    const degrees = fc.oneof(
      fc.integer({ min: 1, max: 5000 }),
      fc.double({ min: 0.5, max: 20, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.double({ min: -200, max: -0.7, noNaN: true }), degrees, (logP, v) => {
        const p = Math.exp(logP);
        const t = studentQuantile(p, v);
        expect(off(studentCdf(t, v), p)).toBeLessThan(1e-12);
        expect(off(studentCdf(-t, v), 1 - p)).toBeLessThan(1e-14);
      }),
    );
  });

  it('keeps its digits close to the middle', () => {
    // P(T <= t) - 1/2 is t / pi for a small t of one degree of freedom.
    expect(off(studentQuantile(0.5 + 2 ** -20, 1), Math.PI * 2 ** -20)).toBeLessThan(1e-11);
    expect(studentQuantile(0.5, 7)).toBe(0);
    expect(studentTwoSidedP(0, 7)).toBe(1);
  });

  it('becomes the normal distribution as the degrees of freedom grow', () => {
    expect(off(studentTwoSidedP(2.5, 1e6), normalTwoSidedP(2.5))).toBeLessThan(2e-5);
    expect(studentQuantile(0.9, Infinity)).toBe(normalQuantile(0.9));
  });

  it('a larger t is always less probable', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 1e-6, max: 5, noNaN: true }),
        fc.integer({ min: 1, max: 3000 }),
        (t, more, v) => {
          expect(studentTwoSidedP(t + more, v)).toBeLessThan(studentTwoSidedP(-t, v));
        },
      ),
    );
  });

  it('refuses what is no probability and no number of degrees of freedom', () => {
    expect([studentQuantile(0, 3), studentQuantile(1, 3)]).toEqual([-Infinity, Infinity]);
    expect(() => studentQuantile(1.5, 3)).toThrow(InputError);
    expect(() => studentQuantile(0.5, 0)).toThrow('0 degrees of freedom');
    expect(studentTwoSidedP(Infinity, 3)).toBe(0);
    expect(studentTwoSidedP(Number.NaN, 3)).toBeNaN();
  });
});
