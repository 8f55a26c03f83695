import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../noise.fixture.ts';
import { adf, phillipsPerron } from './index.ts';

const walks = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: 20, maxLength: 100 })
  .filter((steps) => new Set(steps).size > 3)
  .map((steps) => {
    let level = 500;
    return steps.map((step) => {
      level += step;
      return level;
    });
  });
const trends = fc.constantFrom<'n' | 'c' | 'ct'>('n', 'c', 'ct');

describe('phillipsPerron', () => {
  it('is the Dickey-Fuller test where there is no autocorrelation to correct', () => {
    fc.assert(
      fc.property(walks, trends, (series, trend) => {
        const plain = adf(series, { trend, lagSelection: 'fixed', maxLag: 0 });
        const tau = phillipsPerron(series, { trend, lags: 0 });
        const rho = phillipsPerron(series, { trend, lags: 0, statistic: 'rho' });
        expect(tau.stat).toBeCloseTo(plain.stat, 9);
        expect(tau.pValue).toBeCloseTo(plain.pValue, 9);
        expect(tau.critical).toEqual(plain.critical);
        expect(rho.stat).toBeCloseTo(rho.rows * plain.coefficient, 8);
      }),
    );
  });

  it('corrects for one lag of autocorrelation, by the formula', () => {
    const series = Array.from({ length: 30 }, (_, i) => 3 * Math.sin(i / 3) + Math.sin(i * i));
    const levels = series.slice(0, -1);
    const changes = series.slice(1).map((value, i) => value - (levels[i] as number));
    const sum = (a: number[], b: number[]): number =>
      a.reduce((total, v, i) => total + v * (b[i] as number), 0);
    const slope = sum(levels, changes) / sum(levels, levels);
    const u = changes.map((value, i) => value - slope * (levels[i] as number));
    const g0 = sum(u, u) / 29;
    const lam2 = g0 + sum(u.slice(1), u.slice(0, -1)) / 29;
    const s2 = sum(u, u) / 28;
    const error = Math.sqrt(s2 / sum(levels, levels));
    const options = { trend: 'n', lags: 1 } as const;
    expect(phillipsPerron(series, options).stat).toBeCloseTo(
      (Math.sqrt(g0 / lam2) * slope) / error - (0.5 * (lam2 - g0) * 29 * error) / Math.sqrt(lam2 * s2),
      11,
    );
    expect(phillipsPerron(series, { ...options, statistic: 'rho' }).stat).toBeCloseTo(
      29 * slope - (0.5 * 29 * 29 * error * error * (lam2 - g0)) / s2,
      11,
    );
  });

  it('has the critical values of rho that 500 experiments of 250,000 walks gave', () => {
    const series = Array.from({ length: 1001 }, (_, i) => Math.sin(i * i) + Math.cos(3 * i));
    const { critical, rows } = phillipsPerron(series, { statistic: 'rho' });
    expect(rows).toBe(1000);
    expect(critical['5%']).toBeCloseTo(-14.09457 + 0.05846106 - 0.00016408684 + 4.7902908e-7, 12);
  });

  it('rejects a spread that reverts at once, by both statistics', () => {
    const series = Array.from({ length: 300 }, (_, i) => Math.sin(i * i));
    for (const statistic of ['tau', 'rho'] as const) {
      const test = phillipsPerron(series, { statistic });
      expect(test.stat).toBeLessThan(test.critical['1%']);
      expect(test.pValue).toBeLessThan(1e-6);
      expect([test.n, test.dropped, test.lags, test.flags]).toEqual([300, 0, 16, []]);
    }
  });

  it('refuses what has no answer, each fault by its name', () => {
    const series = Array.from({ length: 40 }, (_, i) => Math.sin(i * i));
    expect(codeOf(() => phillipsPerron(series.slice(0, 11)))).toBe('TooFewObservations');
    expect(codeOf(() => phillipsPerron([...series, Infinity]))).toBe('NonFinite');
    expect(codeOf(() => phillipsPerron(series.map(() => 3)))).toBe('ConstantSeries');
    expect(codeOf(() => phillipsPerron(series, { lags: 39 }))).toBe('InvalidParameter');
    expect(codeOf(() => phillipsPerron(series, { trend: 'ctt' as 'ct' }))).toBe('InvalidParameter');
    expect(codeOf(() => phillipsPerron(series, { statistic: 'z' as 'tau' }))).toBe('InvalidParameter');
    expect(codeOf(() => phillipsPerron(series.map((_, i) => 3 * i)))).toBe('PerfectFit');
    expect(codeOf(() => phillipsPerron(series.map((_, i) => (i < 39 ? 5 : 6))))).toBe('Collinear');
  });

  it('has no unit, and with a line no level and no tilt', () => {
    fc.assert(
      fc.property(walks, fc.integer({ min: -9, max: 9 }), (series, k) => {
        const plain = phillipsPerron(series, { trend: 'ct' }).stat;
        const moved = phillipsPerron(
          series.map((value, i) => 5 * value + 100 * k + k * i),
          { trend: 'ct' },
        );
        expect(moved.stat).toBeCloseTo(plain, 7);
        expect(phillipsPerron(series.map((value) => value * 2 ** -1000)).stat).toBe(
          phillipsPerron(series).stat,
        );
      }),
    );
  });
});
