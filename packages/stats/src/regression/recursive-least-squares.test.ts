import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputCode } from '../input-error.ts';
import { ols, RecursiveLeastSquares, recursiveLeastSquares } from './index.ts';

const fault = (code: InputCode) => expect.objectContaining({ name: 'InputError', code });

const pairs = fc
  .array(fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -99, max: 99 })), {
    minLength: 4,
    maxLength: 50,
  })
  .map((rows) => ({ y: rows.map(([a]) => a), x: rows.map(([, b]) => b) }))
  .filter(({ x }) => new Set(x).size > 1);

describe('recursiveLeastSquares', () => {
  it('at every row is the least squares line of the rows so far', () => {
    fc.assert(
      fc.property(pairs, ({ y, x }) => {
        const lines = recursiveLeastSquares(y, x);
        for (let t = 2; t < y.length; t++) {
          const past = x.slice(0, t + 1);
          if (new Set(past).size === 1) {
            expect(lines.beta[t]).toBeNaN();
            continue;
          }
          const fit = ols(y.slice(0, t + 1), past);
          expect(lines.beta[t]).toBeCloseTo(fit.beta, 7);
          expect(lines.alpha[t]).toBeCloseTo(fit.alpha, 5);
        }
      }),
    );
  });

  it('its squared recursive residuals, n - 2 of them, add up to those of the final line', () => {
    fc.assert(
      fc.property(pairs, ({ y, x }) => {
        const { residual, ssr } = recursiveLeastSquares(y, x);
        const known = residual.filter((value) => !Number.isNaN(value));
        expect(known.length).toBe(y.length - 2);
        const sum = known.reduce((total, value) => total + value * value, 0);
        const size = Math.max(1, sum);
        expect(sum / size).toBeCloseTo(ols(y, x).ssr / size, 8);
        expect(ssr / size).toBeCloseTo(sum / size, 10);
      }),
    );
  });

  it('scales the surprise of a row by what was known before it', () => {
    // The line through (0, 0) and (2, 2) expects 4 at 4 and sees 7; 1 + 1/2 + (4 - 1)^2 / 2 = 6.
    const { residual } = recursiveLeastSquares([0, 2, 7], [0, 2, 4]);
    expect([...residual]).toEqual([Number.NaN, Number.NaN, expect.closeTo(3 / Math.sqrt(6), 14)]);
  });

  it('does not look ahead: later rows leave the lines before them as they are', () => {
    const y = [3, 1, 4, 1, 5, 9];
    const x = [2, 7, 1, 8, 2, 8];
    const whole = recursiveLeastSquares(y, x);
    const part = recursiveLeastSquares(y.slice(0, 4), x.slice(0, 4));
    expect(whole.beta.subarray(0, 4)).toEqual(part.beta);
    expect(whole.residual.subarray(0, 4)).toEqual(part.residual);
  });

  it('keeps its line through a row with a missing leg', () => {
    const lines = recursiveLeastSquares([0, 2, Number.NaN, 7], [0, 2, 3, 4]);
    expect([lines.beta[2], lines.residual[2], lines.dropped, lines.n]).toEqual([1, Number.NaN, 1, 3]);
    expect(lines.beta[3]).toBeCloseTo(1.75, 13);
  });

  it('holds its digits on a price of 100,000 that moves by cents', () => {
    const x = Array.from({ length: 2000 }, (_, i) => 100_000 + ((i * 7919) % 100) / 100);
    const y = x.map((v, i) => 0.5 * v + ((i * 104729) % 37) / 1000);
    const lines = recursiveLeastSquares(y, x);
    const fit = ols(y, x);
    expect((lines.beta.at(-1) as number) / fit.beta).toBeCloseTo(1, 12);
    expect(lines.ssr / fit.ssr).toBeCloseTo(1, 12);
  });

  it('refuses what has no answer', () => {
    expect(() => recursiveLeastSquares([1, 2, 3], [1, 2])).toThrow(fault('LengthMismatch'));
    expect(() => recursiveLeastSquares([1, 2], [1, 2])).toThrow(fault('TooFewObservations'));
    expect(() => recursiveLeastSquares([1, 2, 3], [4, 4, 4])).toThrow(fault('ConstantSeries'));
    expect(() => new RecursiveLeastSquares().update(1, Infinity)).toThrow(fault('NonFinite'));
    expect(() => recursiveLeastSquares([1, 2, 3], [1e200, 2e200, 4e200])).toThrow(fault('NonFinite'));
    expect(() => recursiveLeastSquares([1, 2, 3], [1e-160, 2e-160, 4e-160])).toThrow(fault('NonFinite'));
  });
});
