import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationMatrix, pearson } from '../index.ts';
import { codeOf, normal } from '../noise.fixture.ts';

/** Returns of `m` instruments with a common part. */
function market(m: number, n: number, seed: number): Float64Array[] {
  const noise = normal(seed);
  const common = Float64Array.from({ length: n }, noise);
  return Array.from({ length: m }, () => common.map((v) => v + noise()));
}

describe('correlationMatrix', () => {
  it('holds the correlation of every pair, and its distance', () => {
    const series = market(4, 60, 1);
    const found = correlationMatrix(series);
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        const { r } = pearson(series[i] as Float64Array, series[j] as Float64Array);
        expect(found.r[i]?.[j]).toBeCloseTo(r, 14);
        expect(found.distance[i]?.[j]).toBeCloseTo(Math.sqrt(2 * (1 - Math.min(1, r))), 6);
      }
      expect([found.r[i]?.[i], found.distance[i]?.[i]]).toEqual([1, 0]);
    }
    expect([found.n, found.dropped, found.flags, found.shrinkage]).toEqual([60, 0, [], null]);
    const opposite = correlationMatrix([
      [1, 2, 3],
      [3, 2, 1],
    ]);
    expect(opposite.r[0]?.[1]).toBeCloseTo(-1, 14);
    expect(opposite.distance[0]?.[1]).toBeCloseTo(2, 14);
  });

  it('takes each pair by its own known bars; one dead instrument does not spoil the others', () => {
    const nan = Number.NaN;
    const found = correlationMatrix([
      [1, 2, 3, nan, 5],
      [2, 1, 4, 3, 5],
      [7, 7, 7, 7, 7],
    ]);
    expect(found.r[0]?.[1]).toBeCloseTo(pearson([1, 2, 3, 5], [2, 1, 4, 5]).r, 15);
    expect(found.r[2]).toEqual([null, null, null]);
    expect(found.distance[2]).toEqual([null, null, null]);
    expect(found.rows).toEqual([
      [4, 4, 4],
      [4, 5, 5],
      [4, 5, 5],
    ]);
    expect([found.n, found.dropped, found.flags]).toEqual([5, 1, ['ConstantSeries', 'UnequalRows']]);
  });

  it('shrinks by the share of Ledoit and Wolf, by hand', () => {
    // Standardised rows (1,1) (1,-1) (-1,1) (-1,-1) and twice (1,1), (-1,-1): r = 1/2.
    const y = [1, 1, -1, -1, 1, 1, -1, -1];
    const x = [1, -1, 1, -1, 1, 1, -1, -1];
    const found = correlationMatrix([y, x], { shrinkage: 'ledoit-wolf' });
    // Every row has length sqrt(2): error (4 - 5/2) / 8, distance 2/4.
    expect(found.shrinkage).toBeCloseTo(1.5 / 8 / 0.5, 14);
    expect(found.r[0]?.[1]).toBeCloseTo(0.5 * (1 - 0.375), 14);
    expect([found.r[0]?.[0], found.n, found.flags]).toEqual([1, 8, []]);
  });

  it('shrinks much where bars are few and little where they are many', () => {
    const share = (n: number): number =>
      correlationMatrix(market(10, n, 2), { shrinkage: 'ledoit-wolf' }).shrinkage as number;
    expect(share(12)).toBeGreaterThan(2 * share(200));
    expect(share(5_000)).toBeLessThan(0.02);
    const few = correlationMatrix(market(10, 8, 2), { shrinkage: 'ledoit-wolf' });
    expect(few.flags).toEqual(['FewerRowsThanSeries']);
  });

  it('unrelated series are shrunk almost to independence', () => {
    const noise = normal(3);
    const series = Array.from({ length: 30 }, () => Float64Array.from({ length: 40 }, noise));
    const found = correlationMatrix(series, { shrinkage: 'ledoit-wolf' });
    expect(found.shrinkage).toBeGreaterThan(0.8);
  });

  it('with shrinkage uses the bars that all have, and stays within bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 2, max: 6 }), (seed, m) => {
        const series = market(m, 12, seed);
        (series[0] as Float64Array)[3] = Number.NaN;
        (series[1] as Float64Array)[7] = Number.NaN;
        const found = correlationMatrix(series, { shrinkage: 'ledoit-wolf' });
        expect([found.n, found.dropped]).toEqual([10, 2]);
        expect(found.shrinkage).toBeGreaterThanOrEqual(0);
        expect(found.shrinkage).toBeLessThanOrEqual(1);
        for (const value of found.r.flat()) expect(Math.abs(value as number)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses what has no answer, each fault by its name', () => {
    expect(codeOf(() => correlationMatrix([]))).toBe('TooFewObservations');
    expect(codeOf(() => correlationMatrix([[1, 2], [1]]))).toBe('LengthMismatch');
    expect(codeOf(() => correlationMatrix([[1, Infinity]]))).toBe('NonFinite');
    const disjoint = [
      [1, 2, Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN, 1, 2],
    ];
    expect(codeOf(() => correlationMatrix(disjoint, { shrinkage: 'ledoit-wolf' }))).toBe(
      'TooFewObservations',
    );
    expect(correlationMatrix(disjoint).r[0]?.[1]).toBeNull();
  });
});
