import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossCorrelation, pearson } from '../index.ts';
import { codeOf, normal } from '../noise.fixture.ts';

describe('crossCorrelation', () => {
  it('of three rows can be checked by hand', () => {
    // y about its mean: -1 0 1, x: 0 -1 1; both sums of squares are 2.
    const found = crossCorrelation([1, 2, 3], [2, 1, 3], 1);
    expect(found.lags).toEqual([-1, 0, 1]);
    // r(-1) = (y0 x1 + y1 x2) / 2, r(0) = (y2 x2) / 2, r(1) = (y1 x0 + y2 x1) / 2.
    expect(found.r).toEqual([1 / 2, 1 / 2, -1 / 2].map((v) => expect.closeTo(v, 15)));
    expect(found.band).toBeCloseTo(1.959963984540054 / Math.sqrt(3), 14);
    expect([found.n, found.dropped, found.lead]).toEqual([3, 0, 0]);
    expect(found.flags).toEqual(['FewPairsAtOuterLags']);
  });

  it('a leg that repeats the other three bars later is led by it, and not the other way round', () => {
    const noise = normal(1);
    const x = Float64Array.from({ length: 500 }, noise);
    const y = x.map((_, t) => (t >= 3 ? (x[t - 3] as number) : 0));
    const found = crossCorrelation(y, x, 10);
    expect(found.lead).toBe(3);
    expect(found.r[13]).toBeGreaterThan(0.97);
    expect(crossCorrelation(x, y, 10).lead).toBe(-3);
    expect(found.flags).toEqual([]);
  });

  it('swapping the legs mirrors the lags; at lag 0 it is the correlation', () => {
    const rows = fc.array(
      fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.integer({ min: -9, max: 9 })),
      {
        minLength: 8,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: -300, max: 300 }), (pairs, exponent) => {
        const y = pairs.map(([a]) => a);
        const x = pairs.map(([, b]) => b);
        fc.pre(new Set(y.map(Math.fround)).size > 1 && new Set(x).size > 1);
        const found = crossCorrelation(y, x, 5);
        expect(crossCorrelation(x, y, 5).r).toEqual([...found.r].reverse().map((v) => expect.closeTo(v, 12)));
        expect(found.r[5]).toBeCloseTo(pearson(y, x).r, 12);
        // No unit matters, however small or large.
        const scaled = y.map((v) => v * 2 ** exponent * 2 ** exponent);
        expect(crossCorrelation(scaled, x, 5).r).toEqual(found.r.map((v) => expect.closeTo(v, 9)));
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what has no answer, each fault by its name', () => {
    const x = [1, 2, 4, 8];
    expect(codeOf(() => crossCorrelation(x, [1, 2], 1))).toBe('LengthMismatch');
    expect(codeOf(() => crossCorrelation(x, x, 3))).toBe('TooFewObservations');
    expect(codeOf(() => crossCorrelation(x, [1, Number.NaN, 2, 3], 1))).toBe('NonFinite');
    expect(codeOf(() => crossCorrelation(x, [3, 3, 3, 3], 1))).toBe('ConstantSeries');
    expect(codeOf(() => crossCorrelation(x, x, 1.5))).toBe('InvalidParameter');
    expect(codeOf(() => crossCorrelation(x, [1e308, -1e308, 1e308, 1e308], 1))).toBe('NonFinite');
  });
});
