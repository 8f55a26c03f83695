import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../noise.fixture.ts';
import { johansen } from './index.ts';

/** k walks of which the later ones follow the first but for a spread, `ties` of them. */
function walks(seed: number, n: number, k: number, ties: number): number[][] {
  let state = seed;
  const uniform = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const levels = new Array<number>(k).fill(100);
  return Array.from({ length: n }, () => {
    for (let s = 0; s < k; s++) levels[s] = (levels[s] as number) + uniform() + uniform();
    return levels.map((level, s) => (s > 0 && s <= ties ? 2 * (levels[0] as number) + uniform() : level));
  }).reduce<number[][]>(
    (series, row) => {
      row.forEach((value, s) => {
        (series[s] as number[]).push(value);
      });
      return series;
    },
    Array.from({ length: k }, () => []),
  );
}

const trends = fc.constantFrom<'n' | 'c' | 'ct'>('n', 'c', 'ct');

describe('johansen', () => {
  it('counts the relations: none, one and two among three walks', () => {
    for (const ties of [0, 1, 2]) {
      const test = johansen(walks(11, 400, 3, ties));
      expect(test.rank).toBe(ties);
      expect(test.traceCritical.map((row) => row[1])).toEqual([29.7961, 15.4943, 3.8415]);
      expect(test.maxEigenvalueCritical.map((row) => row[1])).toEqual([21.1314, 14.2639, 3.8415]);
      expect([test.n, test.dropped, test.rows, test.flags]).toEqual([400, 0, 398, []]);
    }
  });

  it('finds the hedge of a pair that is tied', () => {
    const [first, second] = johansen(walks(12, 500, 2, 1)).vectors[0] as [number, number];
    // The second is twice the first: one of the first offsets half of the second.
    expect(-second / first).toBeCloseTo(0.5, 2);
    expect(first).toBeGreaterThan(0);
  });

  it('sums the tests of single eigenvalues to the trace', () => {
    const { eigenvalues, trace, maxEigenvalue, rows } = johansen(walks(13, 200, 4, 1), { lags: 2 });
    expect(rows).toBe(197);
    eigenvalues.forEach((value, r) => {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      expect(maxEigenvalue[r]).toBeCloseTo(-197 * Math.log(1 - value), 9);
      expect(trace[r]).toBeCloseTo(
        maxEigenvalue.slice(r).reduce((sum, part) => sum + part, 0),
        9,
      );
      if (r > 0) expect(value).toBeLessThanOrEqual(eigenvalues[r - 1] as number);
    });
  });

  it('sees through any mixture of the series: a basket of baskets holds the same relations', () => {
    const weights = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(
        fc.nat({ max: 999 }),
        trends,
        fc.integer({ min: 0, max: 3 }),
        weights,
        (seed, trend, lags, w) => {
          const [a, b, c, d, e, f, g, h, i] = w as [
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
            number,
          ];
          fc.pre(Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) > 0);
          const series = walks(seed, 80, 3, 1);
          const mixed = [0, 3, 6].map((row) =>
            (series[0] as number[]).map((_, t) =>
              [0, 1, 2].reduce(
                (sum, s) => sum + (w[row + s] as number) * ((series[s] as number[])[t] as number),
                0,
              ),
            ),
          );
          const plain = johansen(series, { trend, lags }).eigenvalues;
          johansen(mixed, { trend, lags }).eigenvalues.forEach((value, r) => {
            expect(value).toBeCloseTo(plain[r] as number, 7);
          });
        },
      ),
    );
  });

  it('has no unit: vectors shrink as prices grow, eigenvalues stay', () => {
    const series = walks(14, 120, 2, 1);
    const plain = johansen(series);
    const [y, x] = series as [number[], number[]];
    const scaled = johansen([y.map((value) => value * 2 ** 900), x.map((value) => value * 2 ** -900)]);
    expect(scaled.eigenvalues).toEqual(plain.eigenvalues);
    expect(scaled.vectors).toEqual(
      plain.vectors.map(([a, b]) => [(a as number) * 2 ** -900, (b as number) * 2 ** 900]),
    );
  });

  it('gives the residual relations variance 1 and no correlation', () => {
    // Without lags and terms the residual levels are the levels of the row before.
    const series = walks(15, 150, 3, 1);
    const { vectors, rows } = johansen(series, { trend: 'n', lags: 0 });
    const relations = vectors.map((vector) =>
      Array.from({ length: rows }, (_, t) =>
        vector.reduce((sum, weight, s) => sum + weight * ((series[s] as number[])[t] as number), 0),
      ),
    );
    for (const [i, a] of relations.entries()) {
      for (const [j, b] of relations.entries()) {
        const covariance = a.reduce((sum, value, t) => sum + value * (b[t] as number), 0) / rows;
        expect(covariance).toBeCloseTo(i === j ? 1 : 0, 8);
      }
    }
  });

  it('without lags takes the level of the row before; statsmodels takes the same row', () => {
    const series = walks(16, 150, 2, 0);
    const plain = johansen(series, { lags: 0 });
    const compatible = johansen(series, { lags: 0, compatibility: 'statsmodels' });
    // The change is part of the level of its own row, so the walks look tied to themselves.
    expect(Math.abs((compatible.trace[0] as number) - (plain.trace[0] as number))).toBeGreaterThan(0.01);
    const lagged = { lags: 2 } as const;
    expect(johansen(series, { ...lagged, compatibility: 'statsmodels' })).toEqual(johansen(series, lagged));
  });

  it('refuses what has no answer, each fault by its name', () => {
    const series = walks(17, 60, 3, 0);
    const [a, b, c] = series as [number[], number[], number[]];
    expect(codeOf(() => johansen([a]))).toBe('InvalidParameter');
    expect(codeOf(() => johansen(walks(18, 60, 13, 0)))).toBe('InvalidParameter');
    expect(codeOf(() => johansen(series, { lags: -1 }))).toBe('InvalidParameter');
    expect(codeOf(() => johansen(series, { trend: 'ctt' as 'ct' }))).toBe('InvalidParameter');
    expect(codeOf(() => johansen([a, b.slice(1)]))).toBe('LengthMismatch');
    expect(codeOf(() => johansen([a.slice(0, 29), b.slice(0, 29)]))).toBe('TooFewObservations');
    expect(codeOf(() => johansen([[], []], { compatibility: 'statsmodels' }))).toBe('TooFewObservations');
    expect(codeOf(() => johansen(walks(19, 40, 3, 0), { lags: 10 }))).toBe('TooFewObservations');
    expect(codeOf(() => johansen([a, b.map((value, i) => (i === 3 ? Number.NaN : value))]))).toBe(
      'NonFinite',
    );
    expect(codeOf(() => johansen([a, b.map(() => 2)]))).toBe('ConstantSeries');
    expect(codeOf(() => johansen([a, b, a.map((value, i) => value + 2 * (b[i] as number))]))).toBe(
      'Collinear',
    );
    expect(johansen([a, b, c]).flags).toEqual(['FewObservations']);
  });
});
