import { describe, expect, it } from 'vitest';
import { hurst, rescaledRange } from '../index.ts';
import { ar1, codeOf, normal } from '../noise.fixture.ts';

const line = Float64Array.from({ length: 200 }, (_, i) => 100 + 0.25 * i);

describe('hurst', () => {
  it('of a random walk is one half, of a spread that reverts at once 0', () => {
    const walk = hurst(ar1(40_000, 1, 1));
    expect(walk.hurst).toBeCloseTo(0.5, 1);
    expect(walk.hurstMeanSquare).toBeCloseTo(0.5, 1);
    const noise = normal(2);
    const white = hurst(Float64Array.from({ length: 20_000 }, noise));
    expect(white.hurst).toBeCloseTo(0, 2);
    expect([white.n, white.dropped, white.flags]).toEqual([20_000, 0, []]);
  });

  it('of a straight line is 1 by mean squares, and undefined without its drift', () => {
    const found = hurst(line);
    expect(found.hurstMeanSquare).toBeCloseTo(1, 12);
    expect([found.hurst, found.flags]).toEqual([null, ['ConstantDifferences']]);
    expect(hurst(line.map((v) => v / 3)).hurst).toBeNull();
  });

  it('does not mind the level or the unit, and takes other lags', () => {
    const spread = ar1(300, 0.9, 5);
    const found = hurst(spread, 1, 5);
    expect(
      hurst(
        spread.map((v) => 2 ** 40 * v),
        1,
        5,
      ).hurst,
    ).toBeCloseTo(found.hurst as number, 12);
    expect(
      hurst(
        spread.map((v) => v + 1000),
        1,
        5,
      ).hurst,
    ).toBeCloseTo(found.hurst as number, 9);
    expect(hurst(spread).hurst).not.toBeCloseTo(found.hurst as number, 3);
  });

  it('of two lags is the slope between two points, by hand', () => {
    // Differences at lag 1: 1 1 -1 1; at lag 2: 2 0 0. Mean squares 1 and 4/3.
    const found = hurst([0, 1, 2, 1, 2], 1, 2);
    expect(found.hurstMeanSquare).toBeCloseTo(Math.log(4 / 3) / Math.log(2) / 2, 14);
    expect(found.hurst).toBeCloseTo(Math.log(Math.sqrt(8 / 9) / Math.sqrt(3 / 4)) / Math.log(2), 14);
    expect(found.flags).toEqual(['ShortSeries']);
  });

  it('refuses gaps, too few rows and lags that are none', () => {
    expect(codeOf(() => hurst([...line, Number.NaN]))).toBe('NonFinite');
    expect(codeOf(() => hurst(line.slice(0, 21)))).toBe('TooFewObservations');
    expect(codeOf(() => hurst(new Float64Array(50)))).toBe('ConstantSeries');
    expect(codeOf(() => hurst(line, 5, 5))).toBe('InvalidParameter');
    expect(codeOf(() => hurst(line, 0, 5))).toBe('InvalidParameter');
  });
});

describe('rescaledRange', () => {
  it('of blocks that can be checked by hand', () => {
    // Changes 1 -1 | 1 -1 in blocks of 2: deviations sum to 1, 0 over a deviation of 1. Block of 4: 1 0 1 0.
    const found = rescaledRange([0, 1, 0, 1, 0], [2, 4]);
    expect(found.rescaledRanges).toEqual([1, 1]);
    expect([found.hurst, found.n, found.sizes]).toEqual([0, 4, [2, 4]]);
    // Changes 3 0 0 0: mean 3/4, sums 9/4 6/4 3/4 0, deviation sqrt(27)/4. The second block of 2 does not vary.
    const jump = rescaledRange([0, 3, 3, 3, 3], [2, 4]);
    expect(jump.rescaledRanges[0]).toBeCloseTo(1, 14);
    expect(jump.rescaledRanges[1]).toBeCloseTo(9 / Math.sqrt(27), 14);
  });

  it('doubles the blocks from 8 to half the changes', () => {
    expect(rescaledRange(ar1(65, 1, 1)).sizes).toEqual([8, 16, 32]);
    expect(rescaledRange(ar1(300, 1, 1)).sizes).toEqual([8, 16, 32, 64, 128]);
  });

  it('of a random walk lies a little above one half', () => {
    const found = rescaledRange(ar1(4_000, 1, 3));
    expect(found.hurst).toBeGreaterThan(0.45);
    expect(found.hurst).toBeLessThan(0.65);
  });

  it('has no exponent where changes do not vary', () => {
    const found = rescaledRange(line);
    expect([found.hurst, found.rescaledRanges[0], found.flags]).toEqual([
      null,
      null,
      ['ConstantDifferences'],
    ]);
  });

  it('refuses too few rows and sizes that are none', () => {
    expect(codeOf(() => rescaledRange(ar1(64, 1, 1)))).toBe('TooFewObservations');
    expect(codeOf(() => rescaledRange(ar1(64, 1, 1), [8, 64]))).toBe('TooFewObservations');
    expect(codeOf(() => rescaledRange(ar1(64, 1, 1), [8]))).toBe('InvalidParameter');
    expect(codeOf(() => rescaledRange(ar1(64, 1, 1), [1, 8]))).toBe('InvalidParameter');
    expect(codeOf(() => rescaledRange([...line, Infinity]))).toBe('NonFinite');
  });
});
