import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputCode } from '../input-error.ts';
import { leastSquares } from './index.ts';

const fault = (code: InputCode) => expect.objectContaining({ name: 'InputError', code });
const whole = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** NIST StRD "Longley": employment on six nearly collinear series of 1947..1962, certified to 15 digits. */
const employment = [
  60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331,
  70551,
];
const economy = [
  [83, 88.5, 88.2, 89.5, 96.2, 98.1, 99, 100, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
  [
    234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704,
    502601, 518173, 554894,
  ],
  [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
  [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
  [
    107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366,
    125368, 127852, 130081,
  ],
  whole(16).map((i) => 1947 + i),
];
const certified = [
  [-3482258.63459582, 890420.383607373],
  [15.0618722713733, 84.9149257747669],
  [-0.035819179292591, 0.0334910077722432],
  [-2.02022980381683, 0.488399681651699],
  [-1.03322686717359, 0.214274163161675],
  [-0.0511041056535807, 0.22607320006937],
  [1829.15146461355, 455.478499142212],
];

describe('leastSquares', () => {
  it('reproduces the certified fit of the Longley data to 13 digits', () => {
    const fit = leastSquares(employment, economy);
    for (const [i, coefficient] of [fit.intercept, ...fit.slopes].entries()) {
      const [estimate, error] = certified[i] as [number, number];
      expect((coefficient?.estimate as number) / estimate).toBeCloseTo(1, 12);
      expect((coefficient?.error as number) / error).toBeCloseTo(1, 12);
    }
    expect(fit.rSquared).toBeCloseTo(0.995479004577296, 14);
    expect((fit.f as number) / 330.285339234588).toBeCloseTo(1, 12);
    expect(fit.sigma / 304.854073561965).toBeCloseTo(1, 12);
    expect([fit.n, fit.degreesOfFreedom, fit.dropped, fit.flags]).toEqual([16, 9, 0, []]);
  });

  it('finds the ones of the Wampler polynomial through 20^5 to nine digits', () => {
    const x = whole(21);
    const powers = [1, 2, 3, 4, 5].map((power) => x.map((v) => v ** power));
    const y = x.map((_, i) => powers.reduce((sum, column) => sum + (column[i] as number), 1));
    const fit = leastSquares(y, powers);
    for (const { estimate } of fit.slopes) expect(estimate).toBeCloseTo(1, 8);
    expect(fit.intercept?.estimate).toBeCloseTo(1, 8);
    expect(fit.flags).toEqual(['PerfectFit']);
  });

  it('leaves residuals that no regressor explains', () => {
    const rows = fc.array(fc.tuple(...whole(4).map(() => fc.integer({ min: -50, max: 50 }))), {
      minLength: 8,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.boolean(), (table, intercept) => {
        const [y, ...regressors] = whole(4).map((column) => table.map((row) => row[column] as number));
        let fit: ReturnType<typeof leastSquares>;
        try {
          fit = leastSquares(y as number[], regressors, { intercept });
        } catch {
          // Few whole numbers may be collinear.
          return;
        }
        const ones = fit.residuals.map(() => 1);
        for (const column of intercept ? [...regressors, ones] : regressors) {
          const product = fit.residuals.reduce((sum, e, i) => sum + e * (column[i] as number), 0);
          expect(Math.abs(product)).toBeLessThan(1e-7);
        }
      }),
    );
  });

  it('does not mind the units of a regressor, nor a constant added to it', () => {
    const y = [3, 1, 4, 1, 5, 9, 2, 6];
    const a = [2, 7, 1, 8, 2, 8, 1, 8];
    const b = [1, 4, 1, 4, 2, 1, 3, 5];
    const fit = leastSquares(y, [a, b]);
    const moved = leastSquares(y, [a.map((v) => 1e6 * v + 5e8), b]);
    expect((moved.slopes[0]?.estimate as number) * 1e6).toBeCloseTo(fit.slopes[0]?.estimate as number, 9);
    expect(moved.slopes[1]?.t).toBeCloseTo(fit.slopes[1]?.t as number, 8);
    expect(moved.ssr).toBeCloseTo(fit.ssr, 8);
  });

  it('leaves out a row of which any member is missing', () => {
    const fit = leastSquares(
      [1, 2, 9, 4, 4, 7],
      [
        [1, 3, Number.NaN, 2, 5, 8],
        [2, 1, 5, 7, 3, 3],
      ],
    );
    const without = leastSquares(
      [1, 2, 4, 4, 7],
      [
        [1, 3, 2, 5, 8],
        [2, 1, 7, 3, 3],
      ],
    );
    expect([fit.n, fit.dropped]).toEqual([5, 1]);
    expect(fit.slopes).toEqual(without.slopes);
    expect(fit.residuals.length).toBe(5);
  });

  it('refuses regressors that say the same, each fault by its name', () => {
    const y = [1, 2, 4, 7, 3];
    const x = [1, 2, 3, 4, 6];
    const double = x.map((v) => 2 * v + 1);
    expect(() => leastSquares(y, [x, double])).toThrow(fault('Collinear'));
    expect(() => leastSquares(y, [x.map((v) => 1e6 + v * 1e-9)])).toThrow(fault('Collinear'));
    expect(() => leastSquares(y, [x, [7, 7, 7, 7, 7]])).toThrow(fault('ConstantSeries'));
    expect(() => leastSquares(y, [])).toThrow(fault('InvalidParameter'));
    expect(() => leastSquares(y, [[1, 2]])).toThrow(fault('LengthMismatch'));
    expect(() => leastSquares(y, [[1, 2, 3, Infinity, 5]])).toThrow(fault('NonFinite'));
    expect(() => leastSquares(y, [x.map((v) => v * 1e200)])).toThrow(fault('NonFinite'));
    expect(() => leastSquares(y, [x.map((v) => v * 1e-200)])).toThrow(fault('NonFinite'));
    expect(() =>
      leastSquares(
        [1, 2, 3],
        [
          [1, 2, 4],
          [3, 1, 1],
        ],
      ),
    ).toThrow(fault('TooFewObservations'));
  });

  it('has no R2 for a y that does not vary', () => {
    const fit = leastSquares([5, 5, 5, 5], [[1, 2, 3, 5]]);
    expect([fit.rSquared, fit.f, fit.slopes[0]?.t]).toEqual([null, null, null]);
    expect(fit.flags).toEqual(['PerfectFit', 'ConstantResponse']);
  });
});
