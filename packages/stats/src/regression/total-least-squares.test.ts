import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputCode } from '../input-error.ts';
import { demingSlope, ols, totalLeastSquares } from './index.ts';

const fault = (code: InputCode) => expect.objectContaining({ name: 'InputError', code });

/** Two legs that vary, and together. */
const pairs = fc
  .array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })), {
    minLength: 4,
    maxLength: 40,
  })
  .map((rows) => ({ y: rows.map(([a]) => a), x: rows.map(([, b]) => b) }))
  .filter(({ y, x }) => {
    if (new Set(x).size < 3 || new Set(y).size < 3) return false;
    return Math.abs(ols(y, x).rSquared ?? 0) > 1e-3;
  });
const delta = fc.double({ min: 0.05, max: 20, noNaN: true });

describe('totalLeastSquares', () => {
  it('finds the orthogonal line of four points that can be checked by hand', () => {
    // Sxx = 5, Sxy = 5.5, Syy = 8.75.
    const fit = totalLeastSquares([1, 3, 2, 5], [0, 1, 2, 3]);
    const root = Math.sqrt(3.75 ** 2 + 4 * 5.5 ** 2);
    expect(fit.beta).toBeCloseTo((3.75 + root) / 11, 14);
    expect(fit.alpha).toBeCloseTo(2.75 - 1.5 * ((3.75 + root) / 11), 14);
    expect(fit.singularValues[0]).toBeCloseTo(Math.sqrt((13.75 + root) / 2), 13);
    expect(fit.singularValues[1]).toBeCloseTo(Math.sqrt((13.75 - root) / 2), 13);
    expect(fit.orthogonalDeviation).toBeCloseTo(fit.singularValues[1] / 2, 14);
    expect([fit.n, fit.dropped, fit.delta, fit.flags]).toEqual([4, 0, 1, []]);
  });

  it('does not mind which leg is called y: swapped legs have the inverse slope', () => {
    fc.assert(
      fc.property(pairs, delta, ({ y, x }, d) => {
        const product = totalLeastSquares(y, x, d).beta * totalLeastSquares(x, y, 1 / d).beta;
        expect(product).toBeCloseTo(1, 9);
      }),
    );
  });

  it('lies between the regressions of y on x and of x on y', () => {
    fc.assert(
      fc.property(pairs, delta, ({ y, x }, d) => {
        const { beta } = totalLeastSquares(y, x, d);
        const least = ols(y, x).beta;
        const most = 1 / ols(x, y).beta;
        expect(Math.sign(beta)).toBe(Math.sign(least));
        expect(Math.abs(beta)).toBeGreaterThanOrEqual(Math.abs(least) * (1 - 1e-12));
        expect(Math.abs(beta)).toBeLessThanOrEqual(Math.abs(most) * (1 + 1e-12));
      }),
    );
  });

  it('with all error in y is ordinary regression, and with equal shares of both the ratio of deviations', () => {
    fc.assert(
      fc.property(pairs, ({ y, x }) => {
        const line = ols(y, x);
        expect(totalLeastSquares(y, x, 1e12).beta).toBeCloseTo(line.beta, 6);
        const [reverse] = [ols(x, y)];
        const ratio = line.beta / reverse.beta;
        expect(totalLeastSquares(y, x, ratio).beta).toBeCloseTo(Math.sign(line.beta) * Math.sqrt(ratio), 9);
      }),
    );
  });

  it('no other slope brings the points nearer', () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: -1, max: 1, noNaN: true }), ({ y, x }, tilt) => {
        const fit = totalLeastSquares(y, x);
        const distance = (slope: number): number => {
          const offsets = y.map((v, i) => v - slope * (x[i] as number));
          const mean = offsets.reduce((sum, v) => sum + v, 0) / offsets.length;
          const squares = offsets.reduce((sum, v) => sum + (v - mean) ** 2, 0);
          return squares / (1 + slope * slope) / y.length;
        };
        const angle = Math.atan(fit.beta) + tilt;
        expect(distance(Math.tan(angle))).toBeGreaterThanOrEqual(
          fit.orthogonalDeviation ** 2 * (1 - 1e-9) - 1e-9,
        );
      }),
    );
  });

  it('has the errors of the lines that each leave one row out', () => {
    fc.assert(
      fc.property(pairs, delta, ({ y, x }, d) => {
        const fit = totalLeastSquares(y, x, d);
        fc.pre(fit.betaError !== null);
        const without = (values: number[], i: number): number[] => values.filter((_, j) => j !== i);
        let lines: { alpha: number; beta: number }[];
        try {
          lines = y.map((_, i) => totalLeastSquares(without(y, i), without(x, i), d));
        } catch {
          return;
        }
        const n = y.length;
        for (const name of ['alpha', 'beta'] as const) {
          const values = lines.map((line) => line[name]);
          const mean = values.reduce((sum, v) => sum + v, 0) / n;
          const error = Math.sqrt(((n - 1) / n) * values.reduce((sum, v) => sum + (v - mean) ** 2, 0));
          expect((fit[`${name}Error`] as number) / error).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it('takes the form of the root that does not cancel', () => {
    // Nearly flat: q = -1 and Sxy = 1e-9, of which the naive form leaves no digit.
    expect(demingSlope(1, 1e-18, 1e-9, 1)).toBeCloseTo(1e-9, 20);
    expect(demingSlope(1e-18, 1, 1e-9, 1) * 1e-9).toBeCloseTo(1, 12);
    expect(demingSlope(1, 2, 0, 1)).toBeNaN();
  });

  it('leaves out a row of which one leg is missing, and flags a perfect line', () => {
    const fit = totalLeastSquares([1, 3, Number.NaN, 5, 7], [0, 1, 9, 2, 3]);
    expect([fit.n, fit.dropped, fit.flags]).toEqual([4, 1, ['PerfectFit']]);
    expect([fit.alpha, fit.beta]).toEqual([expect.closeTo(1, 12), expect.closeTo(2, 12)]);
  });

  it('has no errors where one row makes the line', () => {
    const fit = totalLeastSquares([0, 0, 0, 1], [0, 0, 0, 1]);
    expect([fit.beta, fit.betaError, fit.alphaError]).toEqual([expect.closeTo(1, 14), null, null]);
    expect(fit.flags).toEqual(['PerfectFit', 'NoJackknife']);
  });

  it('refuses what has no answer, each fault by its name', () => {
    expect(() => totalLeastSquares([1, 2, 3], [1, 2])).toThrow(fault('LengthMismatch'));
    expect(() => totalLeastSquares([1, 2], [1, 2])).toThrow(fault('TooFewObservations'));
    expect(() => totalLeastSquares([1, 2, 3], [4, 4, 4])).toThrow(fault('ConstantSeries'));
    expect(() => totalLeastSquares([4, 4, 4], [1, 2, 3])).toThrow(fault('ConstantSeries'));
    expect(() => totalLeastSquares([1, 0, 0, 1], [1, 1, 0, 0])).toThrow(fault('ConstantSeries'));
    expect(() => totalLeastSquares([1, 2, Infinity], [1, 2, 4])).toThrow(fault('NonFinite'));
    expect(() => totalLeastSquares([1, 2, 3], [1e200, 2e200, 4e200])).toThrow(fault('NonFinite'));
    expect(() => totalLeastSquares([1, 2, 3], [1e-200, 2e-200, 4e-200])).toThrow(fault('NonFinite'));
    for (const d of [0, -1, Infinity, Number.NaN]) {
      expect(() => totalLeastSquares([1, 2, 4], [1, 3, 2], d)).toThrow(fault('InvalidParameter'));
    }
  });
});
