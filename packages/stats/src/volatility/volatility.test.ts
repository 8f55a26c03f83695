import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  annualised,
  emptyRiskMetrics,
  periodsPerYear,
  type RiskMetricsState,
  realisedVolatility,
  riskMetrics,
  riskMetricsStep,
} from '../index.ts';
import { codeOf } from '../noise.fixture.ts';

describe('riskMetrics', () => {
  it('a row includes its own return: 4, then 0.94 of it and 0.06 of 1', () => {
    const found = riskMetrics([2, -1]);
    expect([...found.variance]).toEqual([4, expect.closeTo(0.94 * 4 + 0.06, 15)]);
    expect(found.volatility[0]).toBe(2);
    expect([found.n, found.dropped, found.state.n]).toEqual([2, 0, 2]);
  });

  it('a missing return changes nothing, and before the first there is no volatility', () => {
    const found = riskMetrics([Number.NaN, 2, Number.NaN, 1], 0.5);
    expect([...found.variance]).toEqual([Number.NaN, 4, 4, 2.5]);
    expect([found.n, found.dropped]).toEqual([2, 2]);
  });

  it('a stream that is stored as JSON after every bar goes on with the same bits', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e3, max: 1e3 }), { maxLength: 40 }), (returns) => {
        const batch = riskMetrics(returns);
        let state: RiskMetricsState = emptyRiskMetrics;
        for (const [i, one] of returns.entries()) {
          state = JSON.parse(JSON.stringify(riskMetricsStep(state, one))) as RiskMetricsState;
          expect(state.variance ?? Number.NaN).toBe(batch.variance[i]);
        }
        expect(state).toEqual(batch.state);
      }),
    );
  });

  it('refuses a decay that is none, and returns without a square', () => {
    expect(codeOf(() => riskMetrics([1], 1))).toBe('InvalidParameter');
    expect(codeOf(() => riskMetrics([1], Number.NaN))).toBe('InvalidParameter');
    expect(codeOf(() => riskMetrics([1e200]))).toBe('NonFinite');
  });
});

describe('annualised', () => {
  it('a market that never closes has 525,600 minutes a year', () => {
    expect(periodsPerYear(60_000)).toBe(525_600);
    expect(annualised(0.001, 525_600)).toBeCloseTo(0.725, 3);
    expect(annualised(0.5, 4)).toBe(1);
    expect(codeOf(() => periodsPerYear(0))).toBe('InvalidParameter');
    expect(codeOf(() => annualised(1, -1))).toBe('InvalidParameter');
  });
});

describe('realisedVolatility', () => {
  it('is the root of the sum of squares, about 0', () => {
    expect(realisedVolatility([3, -4])).toEqual({
      n: 2,
      dropped: 0,
      flags: [],
      variance: 25,
      volatility: 5,
      perBar: 5 / Math.SQRT2,
    });
  });

  it('leaves missing returns out, and says when they are many', () => {
    const found = realisedVolatility([3, Number.NaN, -4]);
    expect([found.volatility, found.n, found.dropped, found.flags]).toEqual([5, 2, 1, ['ManyMissing']]);
  });

  it('keeps tiny returns apart from none, and refuses none and overflows', () => {
    expect(realisedVolatility([3e-200, 4e-200]).volatility).toBeCloseTo(5e-200, 214);
    expect(realisedVolatility([3e-200, 4e-200]).volatility).toBeGreaterThan(4.9e-200);
    expect(realisedVolatility([0, 0]).volatility).toBe(0);
    expect(codeOf(() => realisedVolatility([Number.NaN]))).toBe('TooFewObservations');
    expect(codeOf(() => realisedVolatility([1, Infinity]))).toBe('NonFinite');
    expect(codeOf(() => realisedVolatility([1e300, 1e300]))).toBe('NonFinite');
  });
});
