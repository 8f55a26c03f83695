import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neweyWest, ols } from './index.ts';

const y = [1, 3, 2, 5, 4, 4, 7, 6];
const x = [0, 1, 2, 3, 5, 4, 6, 8];

describe('neweyWest', () => {
  it('without lags is White: the squared residuals in place of their mean', () => {
    const fit = neweyWest([1, 3, 2, 5], [0, 1, 2, 3], 0);
    // Residuals -0.1, 0.8, -1.3, 0.6 at -1.5, -0.5, 0.5, 1.5 from the mean of x; Sxx = 5.
    const scores = 0.01 * 2.25 + 0.64 * 0.25 + 1.69 * 0.25 + 0.36 * 2.25;
    expect(fit.betaError).toBeCloseTo(Math.sqrt(scores) / 5, 13);
    expect(fit.betaZ).toBeCloseTo(1.1 / (Math.sqrt(scores) / 5), 12);
    expect([fit.n, fit.maxLags, fit.flags]).toEqual([4, 0, []]);
  });

  it('weighs one lag by a half and counts it twice', () => {
    const fit = neweyWest([1, 3, 2, 5], [0, 1, 2, 3], 1);
    const scores = [0.15, -0.4, -0.65, 0.9];
    const own = scores.reduce((sum, v) => sum + v * v, 0);
    const lag = 0.15 * -0.4 + -0.4 * -0.65 + -0.65 * 0.9;
    expect(fit.betaError).toBeCloseTo(Math.sqrt(own + 2 * 0.5 * lag) / 5, 13);
  });

  it('keeps the line of ols and changes only its errors', () => {
    const plain = ols(y, x);
    const robust = neweyWest(y, x, 3);
    expect([robust.alpha, robust.beta]).toEqual([plain.alpha, plain.beta]);
    expect(robust.betaError).not.toBeCloseTo(plain.betaError, 3);
  });

  it('admits more doubt where the spread wanders than ols does', () => {
    // A slow wave that one lag after the other repeats.
    const trend = Array.from({ length: 120 }, (_, i) => i);
    const wander = trend.map((i) => 0.5 * i + 5 * Math.sin(i / 12));
    expect(neweyWest(wander, trend).betaError).toBeGreaterThan(1.5 * ols(wander, trend).betaError);
    expect(neweyWest(wander, trend).maxLags).toBe(4);
  });

  it('does not mind where x has its zero, and scales with y', () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 1, max: 9 }), (shift, k) => {
        const fit = neweyWest(y, x, 2);
        const moved = neweyWest(
          y.map((v) => k * v),
          x.map((v) => v + shift),
          2,
        );
        expect(moved.betaError).toBeCloseTo(k * fit.betaError, 10);
        expect(moved.betaZ).toBeCloseTo(fit.betaZ as number, 9);
      }),
    );
  });

  it('refuses a number of lags that the rows do not have', () => {
    for (const lags of [-1, 1.5, 8, Number.NaN]) {
      expect(() => neweyWest(y, x, lags)).toThrow(expect.objectContaining({ code: 'InvalidParameter' }));
    }
  });

  it('has no z where there is no residual', () => {
    const fit = neweyWest([5, 5, 5], [1, 2, 3], 1);
    expect([fit.betaError, fit.betaZ, fit.betaP]).toEqual([0, null, null]);
    expect(fit.flags).toContain('PerfectFit');
  });
});
