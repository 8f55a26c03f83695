import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alphaOf,
  type EwmaOptions,
  type EwmaState,
  emptyEwma,
  ewma,
  ewmaEstimate,
  ewmaStep,
} from '../index.ts';
import { codeOf, normal } from '../noise.fixture.ts';

/** The definition: every weight written out, newest first; NaN has none. */
function byDefinition(values: readonly number[], alpha: number, adjust: boolean) {
  let rows = values.map((value, i) => ({ value, age: values.length - 1 - i }));
  rows = rows.filter(({ value }) => !Number.isNaN(value));
  const first = rows[0]?.age;
  const weights = rows.map(({ age }) => (adjust || age === first ? 1 : alpha) * (1 - alpha) ** age);
  const total = weights.reduce((a, b) => a + b, 0);
  const squares = weights.reduce((a, b) => a + b * b, 0);
  const mean = rows.reduce((sum, { value }, i) => sum + value * (weights[i] as number), 0) / total;
  const biased =
    rows.reduce((sum, { value }, i) => sum + (value - mean) ** 2 * (weights[i] as number), 0) / total;
  return { mean, biased, variance: (biased * total * total) / (total * total - squares) };
}

describe('ewma', () => {
  it('of three returns can be checked by hand', () => {
    // alpha 1/2: weights 1/4 1/2 1 of 1 3 5 make a mean of 27/7; squares of the weights 21/16, their sum 7/4.
    const { mean, biasedVariance, variance, deviation } = ewma([1, 3, 5], { smoothing: { alpha: 0.5 } });
    expect([...mean]).toEqual([1, 7 / 3, 27 / 7].map((v) => expect.closeTo(v, 14)));
    expect(biasedVariance[0]).toBe(0);
    expect([variance[0], deviation[0]]).toEqual([Number.NaN, Number.NaN]);
    const biased = ((20 / 7) ** 2 / 4 + (6 / 7) ** 2 / 2 + (8 / 7) ** 2) / (7 / 4);
    expect(biasedVariance[2]).toBeCloseTo(biased, 14);
    expect(variance[2]).toBeCloseTo((biased * (49 / 16)) / (49 / 16 - 21 / 16), 14);
    // The recursion: 1, 2, 3.5.
    const recursive = ewma([1, 3, 5], { smoothing: { alpha: 0.5 }, adjust: false });
    expect([...recursive.mean]).toEqual([1, 2, 3.5]);
  });

  it('forgets by alpha, half-life or span alike', () => {
    expect(alphaOf({ alpha: 0.06 })).toBe(0.06);
    expect((1 - alphaOf({ halfLife: 20 })) ** 20).toBeCloseTo(0.5, 13);
    expect(alphaOf({ span: 30 })).toBeCloseTo(2 / 31, 15);
    const noise = normal(1);
    const series = Float64Array.from({ length: 50 }, noise);
    const bySpan = ewma(series, { smoothing: { span: 9 } });
    expect(ewma(series, { smoothing: { alpha: 0.2 } }).mean).toEqual(bySpan.mean);
    for (const smoothing of [
      { alpha: 0 },
      { alpha: 1.1 },
      { halfLife: 0 },
      { span: 0.5 },
      { span: Number.NaN },
    ]) {
      expect(codeOf(() => ewma(series, { smoothing }))).toBe('InvalidParameter');
    }
  });

  it('is the weighted mean and variance written out, missing rows included', () => {
    const value = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(Number.NaN) },
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0.01, max: 0.95, noNaN: true }),
        (values, alpha) => {
          const found = ewma(values, { smoothing: { alpha } });
          for (let i = 0; i < values.length; i++) {
            if (values.slice(0, i + 1).every(Number.isNaN)) {
              expect(found.mean[i]).toBeNaN();
              continue;
            }
            const wanted = byDefinition(values.slice(0, i + 1), alpha, true);
            expect(found.mean[i]).toBeCloseTo(wanted.mean, 9);
            expect(found.biasedVariance[i]).toBeCloseTo(wanted.biased, 7);
          }
          expect(found.n + found.dropped).toBe(values.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('the recursion gives the first value all the weight of what came before', () => {
    const noise = normal(2);
    const values = Array.from({ length: 40 }, noise);
    const found = ewma(values, { smoothing: { halfLife: 5 }, adjust: false });
    const wanted = byDefinition(values, alphaOf({ halfLife: 5 }), false);
    expect(found.mean[39]).toBeCloseTo(wanted.mean, 13);
    expect(found.biasedVariance[39]).toBeCloseTo(wanted.biased, 13);
    expect(found.variance[39]).toBeCloseTo(wanted.variance, 13);
  });

  it('a stream that is stored as JSON after every bar goes on with the same bits', () => {
    const value = fc.oneof(fc.double({ min: -1e100, max: 1e100 }), fc.constantFrom(0, -0, 5e-324));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), fc.boolean(), (values, adjust) => {
        const options: EwmaOptions = { smoothing: { span: 12 }, adjust };
        const batch = ewma(values, options);
        let state: EwmaState = emptyEwma;
        for (const [i, one] of values.entries()) {
          const before = JSON.stringify(state);
          const next = ewmaStep(state, one, options);
          expect(JSON.stringify(state)).toBe(before);
          state = JSON.parse(JSON.stringify(next)) as EwmaState;
          expect(state).toEqual(next);
          const estimate = ewmaEstimate(state);
          expect(estimate.mean ?? Number.NaN).toBe(batch.mean[i]);
          expect(estimate.variance ?? Number.NaN).toBe(batch.variance[i]);
          expect(estimate.deviation ?? Number.NaN).toBe(batch.deviation[i]);
          expect(estimate.biasedVariance ?? Number.NaN).toBe(batch.biasedVariance[i]);
        }
        expect(state).toEqual(batch.state);
      }),
    );
  });

  it('keeps the digits of small moves on a high level, for 200,000 bars', () => {
    const noise = normal(4);
    let level: EwmaState = emptyEwma;
    let moves: EwmaState = emptyEwma;
    const options: EwmaOptions = { smoothing: { span: 200 } };
    for (let i = 0; i < 200_000; i++) {
      // Whole hundredths, exact at either level.
      const move = Math.round(noise() * 64) / 64;
      level = ewmaStep(level, 131_072 + move, options);
      moves = ewmaStep(moves, move, options);
    }
    expect(level.variance / moves.variance).toBeCloseTo(1, 9);
  });

  it('refuses infinities and squares that overflow', () => {
    expect(codeOf(() => ewma([1, Infinity], { smoothing: { alpha: 0.5 } }))).toBe('NonFinite');
    expect(codeOf(() => ewma([1e300, -1e300], { smoothing: { alpha: 0.5 } }))).toBe('NonFinite');
  });
});
