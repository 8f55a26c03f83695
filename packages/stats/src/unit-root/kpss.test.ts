import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, codeOf } from '../noise.fixture.ts';
import { kpss } from './index.ts';

const alternating = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 1 : -1));
const steps = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 12, maxLength: 100 });

describe('kpss', () => {
  it('compares partial sums with the variance: a series that swings, by hand', () => {
    // Partial sums 1, 0, 1, 0...: sum of squares 6, over 12^2 times the variance 1.
    const test = kpss(alternating, { lags: 0 });
    expect(test.stat).toBeCloseTo(6 / 144, 14);
    expect([test.pValue, test.lags, test.flags]).toEqual([0.1, 0, ['FewObservations', 'p>=0.10']]);
    // One lag of weight 1/2: 12 + 2 (1/2) (-11) = 1.
    expect(kpss(alternating, { lags: 1 }).stat).toBeCloseTo((6 / 144) * 12, 12);
  });

  it('rejects a price that drifts away, and says that the table ends', () => {
    const test = kpss(
      Array.from({ length: 200 }, (_, i) => i + Math.sin(i)),
      { lags: 4 },
    );
    expect([test.pValue, test.flags]).toEqual([0.01, ['p<=0.01']]);
    expect(test.stat).toBeGreaterThan(test.critical['1%']);
  });

  it('interpolates between the tabulated levels', () => {
    fc.assert(
      fc.property(steps, (values) => {
        fc.pre(new Set(values).size > 1);
        const { stat, pValue, critical, flags } = kpss(values, { lags: 0 });
        expect(pValue).toBeGreaterThanOrEqual(0.01);
        expect(pValue).toBeLessThanOrEqual(0.1);
        expect(pValue < 0.05).toBe(stat > critical['5%']);
        expect(flags.includes('p<=0.01')).toBe(stat >= critical['1%']);
        expect(flags.includes('p>=0.10')).toBe(stat <= critical['10%']);
      }),
    );
  });

  it('chooses lags by Schwert or from the autocorrelation', () => {
    const series = Array.from({ length: 100 }, (_, i) => Math.sin(i * i));
    expect(kpss(series, { lags: 'legacy' }).lags).toBe(12);
    expect(kpss(series).lags).toBe(kpss(series, { lags: 'auto' }).lags);
    const slow = Array.from({ length: 100 }, (_, i) => Math.sin(i / 20) + 0.1 * Math.sin(i * i));
    expect(kpss(slow).lags).toBeGreaterThan(kpss(series).lags);
  });

  it('refuses what has no answer, each fault by its name', () => {
    expect(codeOf(() => kpss(alternating.slice(1)))).toBe('TooFewObservations');
    expect(codeOf(() => kpss([...alternating, Number.NaN]))).toBe('NonFinite');
    expect(codeOf(() => kpss(alternating.map(() => 3)))).toBe('ConstantSeries');
    expect(codeOf(() => kpss(alternating, { lags: 12 }))).toBe('InvalidParameter');
    expect(codeOf(() => kpss(alternating, { lags: -1 }))).toBe('InvalidParameter');
    expect(codeOf(() => kpss(alternating, { trend: 'n' as 'c' }))).toBe('InvalidParameter');
    expect(
      codeOf(() =>
        kpss(
          alternating.map((_, i) => 100 + 0.1 * i),
          { trend: 'ct' },
        ),
      ),
    ).toBe('PerfectFit');
  });

  it('depends neither on unit nor on level, and about a line not on the tilt', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: -9, max: 9 }), (values, k) => {
        fc.pre(new Set(values).size > 2);
        const plain = answerOf(() => kpss(values, { trend: 'ct', lags: 2 }));
        const moved = answerOf(() =>
          kpss(
            values.map((value, i) => 3 * value + 100 * k + k * i),
            { trend: 'ct', lags: 2 },
          ),
        );
        if (typeof plain === 'string' || typeof moved === 'string') return;
        expect(moved.stat).toBeCloseTo(plain.stat, 8);
        const huge = kpss(values.map((value) => value * 2 ** 990));
        expect(huge.stat).toBe(kpss(values).stat);
      }),
    );
  });
});
