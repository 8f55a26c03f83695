import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputCode } from '../input-error.ts';
import { emptyFit, fitOls, leastSquares, logPrices, ols, olsThroughOrigin, spreadOf } from './index.ts';

const fault = (code: InputCode) => expect.objectContaining({ name: 'InputError', code });

/** Whole-numbered prices of two legs, of which x varies. */
const pairs = fc
  .array(fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -999, max: 999 })), {
    minLength: 4,
    maxLength: 60,
  })
  .map((rows) => ({ y: rows.map(([a]) => a), x: rows.map(([, b]) => b) }))
  .filter(({ x }) => new Set(x).size > 2);

describe('ols', () => {
  it('finds the line through four points that can be checked by hand', () => {
    const fit = ols([1, 3, 2, 5], [0, 1, 2, 3]);
    expect(fit.beta).toBeCloseTo(1.1, 14);
    expect(fit.alpha).toBeCloseTo(1.1, 14);
    expect(fit.ssr).toBeCloseTo(2.7, 13);
    expect(fit.sigma).toBeCloseTo(Math.sqrt(1.35), 14);
    expect(fit.residualDeviation).toBeCloseTo(Math.sqrt(0.9), 14);
    expect(fit.betaError).toBeCloseTo(Math.sqrt(1.35 / 5), 14);
    expect(fit.alphaError).toBeCloseTo(Math.sqrt(1.35 * (1 / 4 + 2.25 / 5)), 14);
    expect(fit.rSquared).toBeCloseTo(1 - 2.7 / 8.75, 14);
    expect(fit.adjustedRSquared).toBeCloseTo(1 - (2.7 / 2) * (3 / 8.75), 14);
    expect(fit.lastResidual).toBeCloseTo(5 - 1.1 - 3.3, 14);
    expect([fit.n, fit.dropped, fit.flags, fit.degreesOfFreedom]).toEqual([4, 0, [], 2]);
  });

  it('tests the coefficients of the same four points by the t of two degrees of freedom', () => {
    const fit = ols([1, 3, 2, 5], [0, 1, 2, 3]);
    const t = 1.1 / Math.sqrt(0.27);
    const margin = 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2)) * Math.sqrt(0.27);
    expect(fit.betaT).toBeCloseTo(t, 13);
    // With two degrees of freedom P(|T| > t) = 1 - t / sqrt(2 + t^2), hence `margin`.
    expect(fit.betaP).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 14);
    expect(fit.alphaT).toBeCloseTo(1.1 / fit.alphaError, 14);
    expect(fit.betaInterval[0]).toBeCloseTo(1.1 - margin, 12);
    expect(fit.betaInterval[1]).toBeCloseTo(1.1 + margin, 12);
    expect(fit.f).toBeCloseTo((8.75 - 2.7) / 1.35, 12);
    expect(fit.fP).toBe(fit.betaP);
  });

  it('weighs the fit of the same four points against its parameters', () => {
    const fit = ols([1, 3, 2, 5], [0, 1, 2, 3]);
    const logLikelihood = -2 * (Math.log((2 * Math.PI * 2.7) / 4) + 1);
    expect(fit.logLikelihood).toBeCloseTo(logLikelihood, 13);
    expect(fit.aic).toBeCloseTo(-2 * logLikelihood + 4, 13);
    expect(fit.bic).toBeCloseTo(-2 * logLikelihood + 2 * Math.log(4), 13);
    // Residuals -0.1, 0.8, -1.3, 0.6.
    expect(fit.durbinWatson).toBeCloseTo((0.81 + 4.41 + 3.61) / 2.7, 13);
  });

  it('leaves out a row of which one leg is missing, and says so', () => {
    const fit = ols([1, Number.NaN, 3, 2, 5], [0, 7, 1, 2, 3]);
    expect(fit.beta).toBeCloseTo(1.1, 14);
    expect([fit.n, fit.dropped]).toEqual([4, 1]);
  });

  it('refuses what has no answer, each fault by its name', () => {
    expect(() => ols([1, 2, 3], [1, 2])).toThrow(fault('LengthMismatch'));
    expect(() => ols([1, 2], [1, 2])).toThrow(fault('TooFewObservations'));
    expect(() => ols([1, 2, Number.NaN], [1, 2, 3])).toThrow(fault('TooFewObservations'));
    expect(() => ols([1, 2, Infinity], [1, 2, 3])).toThrow(fault('NonFinite'));
    expect(() => ols([1, 2, 4], [5, 5, 5])).toThrow(fault('ConstantSeries'));
    expect(() => ols([1, 2, 4], [1e5, 1e5 + 2e-11, 1e5])).toThrow(fault('Collinear'));
  });

  it('refuses numbers whose squares leave the range of doubles, on either side', () => {
    expect(() => ols([1, 2, 3], [1e300, -1e300, 1e300])).toThrow(fault('NonFinite'));
    expect(() => ols([1, 2, 3], [1e-300, 2e-300, 5e-300])).toThrow(fault('NonFinite'));
    expect(() => ols([1e-160, 2e-160, 5e-160], [1, 2, 3])).toThrow(fault('NonFinite'));
    expect(() => ols([1e160, 2e160, 5e160], [1, 2, 3])).toThrow(fault('NonFinite'));
  });

  it('flags a perfect fit, whose residuals are only rounding', () => {
    const x = Array.from({ length: 100 }, (_, i) => 100_000 + i * 0.1);
    const y = x.map((v) => 3.3 * v + 7.7);
    expect(ols(y, x).flags).toEqual(['PerfectFit']);
    expect(olsThroughOrigin(x, x).flags).toEqual(['PerfectFit']);
  });

  it('has no R2 for a y that does not vary, and no statistics where there is no residual', () => {
    const fit = ols([5, 5, 5], [1, 2, 3]);
    expect([fit.beta, fit.rSquared, fit.flags]).toEqual([0, null, ['PerfectFit', 'ConstantResponse']]);
    expect([fit.betaT, fit.betaP, fit.f, fit.logLikelihood, fit.aic, fit.durbinWatson]).toEqual(
      Array.from({ length: 6 }, () => null),
    );
  });

  it('keeps the digits of a spread of a millionth on a price of hundreds', () => {
    // Residuals +-2^-20 that are orthogonal to x and to 1, on a line without rounding: 2 x + 1.
    const e = 2 ** -20;
    const x = [100.5, 101.5, 102.5, 103.5];
    const y = [e, -e, -e, e].map((r, i) => 2 * (x[i] as number) + 1 + r);
    const fit = ols(y, x);
    expect(fit.ssr / (4 * e * e)).toBeCloseTo(1, 9);
    expect([...spreadOf(fit, y, x)].map((r) => r / e)).toEqual(
      [1, -1, -1, 1].map((r) => expect.closeTo(r, 8)),
    );
  });

  it('moves with the data: shifting and scaling y shifts and scales the answer', () => {
    fc.assert(
      fc.property(
        pairs,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: -9, max: 9 }),
        ({ y, x }, k, c) => {
          const fit = ols(y, x);
          const moved = ols(
            y.map((v) => k * v + c),
            x,
          );
          expect(moved.beta).toBeCloseTo(k * fit.beta, 8);
          expect(moved.lastResidual).toBeCloseTo(k * fit.lastResidual, 6);
          expect(moved.rSquared ?? 0).toBeCloseTo(fit.rSquared ?? 0, 9);
          expect(fit.rSquared ?? 0).toBeGreaterThanOrEqual(0);
          expect(fit.rSquared ?? 0).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('in both directions has slopes whose product is R2', () => {
    fc.assert(
      fc.property(pairs, ({ y, x }) => {
        fc.pre(new Set(y).size > 2);
        const forward = ols(y, x);
        expect(forward.beta * ols(x, y).beta).toBeCloseTo(forward.rSquared as number, 11);
      }),
    );
  });

  it('agrees with the QR of any number of regressors in the case of one', () => {
    fc.assert(
      fc.property(pairs, ({ y, x }) => {
        const fit = ols(y, x);
        fc.pre(fit.flags.length === 0);
        const general = leastSquares(y, [x]);
        const [slope] = general.slopes;
        const near = (value: number | null | undefined) => expect.closeTo(value as number, 8);
        expect(slope?.estimate).toEqual(near(fit.beta));
        expect(slope?.error).toEqual(near(fit.betaError));
        expect(slope?.p).toEqual(near(fit.betaP));
        expect(general.intercept?.estimate).toEqual(near(fit.alpha));
        expect(general.intercept?.error).toEqual(near(fit.alphaError));
        expect(general.rSquared).toEqual(near(fit.rSquared));
        expect(general.adjustedRSquared).toEqual(near(fit.adjustedRSquared));
        expect(general.bic).toEqual(near(fit.bic));
        expect(general.durbinWatson).toEqual(near(fit.durbinWatson));
      }),
    );
  });
});

describe('olsThroughOrigin', () => {
  it('finds the slope through three points that can be checked by hand', () => {
    const fit = olsThroughOrigin([2, 3, 7], [1, 2, 3]);
    // beta = (2 + 6 + 21) / 14; residuals y - 29/14 x.
    expect(fit.beta).toBeCloseTo(29 / 14, 14);
    const ssr = 62 - (29 * 29) / 14;
    expect(fit.ssr).toBeCloseTo(ssr, 12);
    expect(fit.rSquared).toBeCloseTo(1 - ssr / 62, 14);
    expect(fit.adjustedRSquared).toBeCloseTo(1 - (ssr / 2) * (3 / 62), 14);
    expect(fit.betaError).toBeCloseTo(Math.sqrt(ssr / 2 / 14), 13);
    expect([fit.n, fit.degreesOfFreedom, fit.dropped, 'alpha' in fit]).toEqual([3, 2, 0, false]);
    expect(leastSquares([2, 3, 7], [[1, 2, 3]], { intercept: false }).slopes[0]?.error).toBeCloseTo(
      fit.betaError,
      13,
    );
  });

  it('has an R2 about 0, which praises any two price levels', () => {
    const y = [100, 101, 99, 100];
    const x = [50, 49.5, 50, 50.5];
    expect(olsThroughOrigin(y, x).rSquared).toBeGreaterThan(0.999);
    expect(ols(y, x).rSquared).toBeLessThan(0.5);
  });

  it('refuses what has no answer, and flags a y of zeros', () => {
    expect(() => olsThroughOrigin([1], [1])).toThrow(fault('TooFewObservations'));
    expect(() => olsThroughOrigin([1, 2], [3, 3])).toThrow(fault('ConstantSeries'));
    expect(() => olsThroughOrigin([1, 2], [1e200, 2e200])).toThrow(fault('NonFinite'));
    expect(() => olsThroughOrigin([1, 2], [1e-200, 2e-200])).toThrow(fault('NonFinite'));
    expect(olsThroughOrigin([0, 0], [1, 2]).flags).toEqual(['PerfectFit', 'ConstantResponse']);
  });
});

describe('fitOls', () => {
  it('answers with the code of a fault and leaves the fit alone', () => {
    const fit = emptyFit();
    expect(fitOls([1, 3, 2, 5], [0, 1, 2, 3], 4, fit)).toBeNull();
    const before = { ...fit };
    expect(fitOls([1, 2], [1, 2], 2, fit)).toBe('TooFewObservations');
    expect(fitOls([1, 2, 3], [4, 4, 4], 3, fit)).toBe('ConstantSeries');
    expect(fit).toEqual(before);
  });

  it('reads no further than it is told', () => {
    const fit = emptyFit();
    fitOls([1, 3, 2, 5, 1e9], [0, 1, 2, 3, Number.NaN], 4, fit);
    expect([fit.n, fit.beta]).toEqual([4, expect.closeTo(1.1, 14)]);
  });
});

describe('spreadOf', () => {
  it('applies a line to rows that it was not fitted to, and passes a missing leg on', () => {
    const fit = ols([1, 3, 2, 5], [0, 1, 2, 3]);
    const spread = spreadOf(fit, [10, Number.NaN], [4, 5]);
    expect(spread[0]).toBeCloseTo(10 - 1.1 - 4.4, 13);
    expect(spread[1]).toBeNaN();
    expect(() => spreadOf(fit, [1], [])).toThrow(fault('LengthMismatch'));
  });
});

describe('logPrices', () => {
  it('turns beta into an elasticity: a y that goes with the square of x has 2', () => {
    const x = [1, 2, 4, 7];
    const fit = ols(logPrices(x.map((v) => 3 * v * v)), logPrices(x));
    expect(fit.beta).toBeCloseTo(2, 13);
    expect(fit.alpha).toBeCloseTo(Math.log(3), 13);
  });

  it('refuses a price that has no logarithm, and keeps a missing one', () => {
    expect(() => logPrices([1, 0])).toThrow(fault('NonPositivePrice'));
    expect(() => logPrices([Infinity])).toThrow(fault('NonFinite'));
    expect([...logPrices([Number.NaN, 1])]).toEqual([Number.NaN, 0]);
  });
});
