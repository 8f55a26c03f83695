import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfLife, type InputCode, InputError } from '../index.ts';
import { ar1, codeOf } from '../noise.fixture.ts';

describe('halfLife', () => {
  it('a spread that loses a quarter of itself per bar is half gone after ln 2 / ln(4/3) bars', () => {
    const decay = Array.from({ length: 12 }, (_, i) => 64 * 0.75 ** i);
    const found = halfLife(decay);
    expect(found.lambda).toBeCloseTo(-0.25, 14);
    expect(found.halfLife).toBeCloseTo(Math.LN2 / Math.log(4 / 3), 12);
    expect(found.halfLifeLinear).toBeCloseTo(4 * Math.LN2, 12);
    expect(found.lambdaNoConstant).toBeCloseTo(-0.25, 14);
    expect([found.n, found.dropped, found.flags]).toEqual([11, 0, ['PerfectFit']]);
  });

  it('finds slope, error and interval of ten rows that can be checked by hand', () => {
    // Levels 0 1 0 1 0 1 0 2 0 (mean 5/9), changes 1 -1 1 -1 1 -1 2 -2 0 (sum 0): Sxx = 7 - 25/9, Sxy = -7.
    const found = halfLife([0, 1, 0, 1, 0, 1, 0, 2, 0, 0]);
    expect(found.lambda).toBeCloseTo(-7 / (7 - 25 / 9), 14);
    expect(found.intercept).toBeCloseTo((7 / (7 - 25 / 9)) * (5 / 9), 14);
    const ssr = 14 - 49 / (7 - 25 / 9);
    expect(found.lambdaError).toBeCloseTo(Math.sqrt(ssr / 7 / (7 - 25 / 9)), 14);
    expect(found.t).toBeCloseTo(found.lambda / found.lambdaError, 14);
    expect(found.lambdaNoConstant).toBe(-1);
    expect(found.halfLifeLinearNoConstant).toBe(Math.LN2);
    // It overshoots its mean: half of a deviation is gone within a bar.
    expect([found.halfLife, found.interval, found.flags]).toEqual([null, null, ['WithinOneRow']]);
  });

  it('the interval is the delta method about the estimate, cut off at 0', () => {
    const found = halfLife(ar1(400, 0.9, 7));
    const decay = -Math.log(1 + found.lambda);
    const error = (Math.LN2 * found.lambdaError) / ((1 + found.lambda) * decay * decay);
    expect(found.halfLifeError).toBeCloseTo(error, 12);
    const [low, high] = found.interval as [number, number];
    expect(high - (found.halfLife as number)).toBeCloseTo(1.959963984540054 * error, 12);
    expect((low + high) / 2).toBeCloseTo(found.halfLife as number, 12);
    expect(halfLife(ar1(12, 0.9, 7)).interval?.[0]).toBe(0);
    const [wideLow, wideHigh] = halfLife(ar1(400, 0.9, 7), { confidence: 0.99 }).interval as [number, number];
    expect(wideLow).toBeLessThan(low);
    expect(wideHigh).toBeGreaterThan(high);
  });

  it('19 of 20 intervals hold the true half-life of a long spread', () => {
    const truth = Math.LN2 / -Math.log(0.9);
    let held = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const [low, high] = halfLife(ar1(1_000, 0.9, seed)).interval as [number, number];
      if (low <= truth && truth <= high) held++;
    }
    expect(held / 400).toBeGreaterThan(0.9);
    expect(held / 400).toBeLessThan(0.99);
  });

  it('a price that runs away has no half-life, which is said and not invented', () => {
    const found = halfLife(Array.from({ length: 20 }, (_, i) => 1.1 ** i));
    expect([found.halfLife, found.halfLifeLinear, found.interval]).toEqual([null, null, null]);
    expect(found.flags).toContain('NotMeanReverting');
  });

  it('counts in units of dt, and knows neither the level nor the unit of the spread', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        fc.integer({ min: -900, max: 900 }),
        (seed, level, exponent) => {
          const spread = ar1(50, 0.8, seed);
          const found = halfLife(spread);
          const shifted = halfLife(spread.map((v) => v + level));
          expect(shifted.lambda).toBeCloseTo(found.lambda, 8);
          const scaled = halfLife(spread.map((v) => v * 2 ** exponent));
          expect(scaled.lambda).toBe(found.lambda);
          expect(scaled.halfLife).toBe(found.halfLife);
          expect(scaled.lambdaError).toBe(found.lambdaError);
          expect(scaled.intercept).toBe(found.intercept * 2 ** exponent);
          const minutes = halfLife(spread, { dt: 60 });
          if (found.halfLife !== null) expect(minutes.halfLife).toBeCloseTo(60 * found.halfLife, 8);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses what has no answer, each fault by its name', () => {
    const good = ar1(20, 0.5, 3);
    const with_ = (value: number): Float64Array => good.map((v, i) => (i === 4 ? value : v));
    const faults: [InputCode, () => unknown][] = [
      ['NonFinite', () => halfLife(with_(Number.NaN))],
      ['NonFinite', () => halfLife(with_(-Infinity))],
      ['TooFewObservations', () => halfLife(good.slice(0, 9))],
      ['ConstantSeries', () => halfLife(new Float64Array(20).fill(7))],
      ['ConstantSeries', () => halfLife([...new Float64Array(19).fill(7), 8])],
      ['InvalidParameter', () => halfLife(good, { dt: 0 })],
      ['InvalidParameter', () => halfLife(good, { confidence: 1 })],
    ];
    for (const [code, run] of faults) expect(codeOf(run)).toBe(code);
    expect(() => halfLife(with_(Number.NaN))).toThrow('cut the series at the gap');
    expect(() => halfLife(good, { dt: 0 })).toThrow(InputError);
  });
});
