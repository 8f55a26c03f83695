import { describe, expect, it } from 'vitest';
import { deflatedSharpe, normalCdf } from '../index.ts';
import { codeOf, normal } from '../noise.fixture.ts';

function returns(n: number, mean: number, seed: number): Float64Array {
  const noise = normal(seed);
  return Float64Array.from({ length: n }, () => mean + noise());
}
const sharpe = (series: Float64Array): number => deflatedSharpe(series, [0]).sharpe;

describe('deflatedSharpe', () => {
  it('of a single configuration is the chance that its ratio is above 0', () => {
    // Returns 1 and 3 in turn: mean 2, skewness 0, kurtosis 1, so the error of the ratio is 1 / sqrt(n - 1).
    const series = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : 3));
    const found = deflatedSharpe(series, [2]);
    const ratio = 2 / Math.sqrt(100 / 99);
    expect(found.sharpe).toBeCloseTo(ratio, 13);
    expect(found.skewness).toBeCloseTo(0, 13);
    expect(found.kurtosis).toBeCloseTo(1, 13);
    expect(found.confidence).toBeCloseTo(normalCdf(ratio * Math.sqrt(99)), 13);
    expect([found.threshold, found.trials, found.n, found.flags]).toEqual([0, 1, 100, []]);
  });

  it('the best of a hundred useless configurations is seen through', () => {
    const all = Array.from({ length: 100 }, (_, i) => returns(500, 0, i + 1));
    const ratios = all.map(sharpe);
    const best = all[ratios.indexOf(Math.max(...ratios))] as Float64Array;
    expect(deflatedSharpe(best, [0]).confidence).toBeGreaterThan(0.97);
    const found = deflatedSharpe(best, ratios);
    expect(found.confidence).toBeLessThan(0.9);
    // The largest of 100 normal draws is expected at 2.51 deviations.
    expect(found.threshold * Math.sqrt(500)).toBeCloseTo(2.5, 0);
    const real = returns(500, 0.3, 7);
    expect(deflatedSharpe(real, [...ratios, sharpe(real)]).confidence).toBeGreaterThan(0.99);
  });

  it('refuses what has no answer', () => {
    expect(codeOf(() => deflatedSharpe([1, 2], [0]))).toBe('TooFewObservations');
    expect(codeOf(() => deflatedSharpe([1, 2, 3], []))).toBe('TooFewObservations');
    expect(codeOf(() => deflatedSharpe([1, 1, 1], [0]))).toBe('ConstantSeries');
    expect(codeOf(() => deflatedSharpe([1, Number.NaN, 1], [0]))).toBe('NonFinite');
    expect(deflatedSharpe([1, 2, 4], [0]).flags).toEqual(['FewReturns']);
  });
});
