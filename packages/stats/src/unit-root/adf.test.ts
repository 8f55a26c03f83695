import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, codeOf } from '../noise.fixture.ts';
import { emptyAdfFit } from './adf-fit.ts';
import { fitAdf } from './adf-regression.ts';
import { adf } from './index.ts';
import { chooseLags, nestedModels } from './lag-selection.ts';

/** A series that keeps a share of itself and gets a shock each row. */
function autoregressive(shocks: readonly number[], share: number, start = 0): number[] {
  let value = 0;
  return shocks.map((shock) => {
    value = share * value + shock;
    return start + value;
  });
}

/** Shocks of a seeded generator, nearly normal. */
function shocksOf(seed: number, n: number): number[] {
  let state = seed;
  const uniform = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return Array.from({ length: n }, () => uniform() + uniform() + uniform() + uniform());
}

const shocks = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 40, maxLength: 160 });
const shares = fc.constantFrom(1, 0.95, 0.5, 0, -0.5);
const trends = fc.constantFrom<'n' | 'c' | 'ct' | 'ctt'>('n', 'c', 'ct', 'ctt');
const selections = fc.constantFrom<'aic' | 'bic' | 't-stat' | 'fixed'>('aic', 'bic', 't-stat', 'fixed');

describe('adf', () => {
  it('regresses the change on the level: a series that swings between 2 and 1, by hand', () => {
    // Changes -1 at 2 and +1 at 1: sum xd = -6, sum xx = 30, residuals -0.6 and 1.2, SSR 10.8 over 11.
    const series = Array.from({ length: 13 }, (_, i) => 2 - (i % 2));
    const test = adf(series, { trend: 'n', lagSelection: 'fixed', maxLag: 0 });
    expect(test.coefficient).toBeCloseTo(-0.2, 14);
    expect(test.coefficientError).toBeCloseTo(Math.sqrt(10.8 / 330), 14);
    expect(test.stat).toBeCloseTo(-0.2 / Math.sqrt(10.8 / 330), 13);
    expect([test.n, test.dropped, test.lags, test.rows, test.maxLag]).toEqual([13, 0, 0, 12, 0]);
    expect([test.criterion, test.criteria, test.flags]).toEqual([null, null, ['FewObservations']]);
  });

  it('tells a spread that reverts from a walk that does not', () => {
    const spread = adf(autoregressive(shocksOf(1, 400), 0.8));
    const walk = adf(autoregressive(shocksOf(2, 400), 1));
    expect(spread.stat).toBeLessThan(spread.critical['1%']);
    expect(spread.pValue).toBeLessThan(0.001);
    expect(walk.stat).toBeGreaterThan(walk.critical['10%']);
    expect(walk.pValue).toBeGreaterThan(0.1);
    expect(spread.coefficient).toBeCloseTo(-0.2, 1);
  });

  it('searches ceil(12 (n/100)^(1/4)) lags and takes the smallest criterion', () => {
    const series = autoregressive(shocksOf(3, 500), 0.9);
    for (const lagSelection of ['aic', 'bic'] as const) {
      const test = adf(series, { lagSelection });
      const criteria = test.criteria as number[];
      expect([test.maxLag, criteria.length]).toEqual([18, 19]);
      expect(test.criterion).toBe(Math.min(...criteria));
      expect(test.lags).toBe(criteria.indexOf(Math.min(...criteria)));
      expect(test.rows).toBe(499 - test.lags);
    }
    // 1600 rows: the root is exactly 2, and no rounding may make it 25 lags.
    expect(adf(autoregressive(shocksOf(4, 1600), 0.9)).maxLag).toBe(24);
  });

  it('counts down to the first significant lag where t statistics choose', () => {
    // A spread of moving averages: its changes depend on those of 4 rows ago.
    const noise = shocksOf(5, 600);
    const series = noise.map((shock, i) => shock + 0.9 * (noise[i - 4] ?? 0));
    const test = adf(series, { lagSelection: 't-stat' });
    const sizes = test.criteria as number[];
    expect(test.lags).toBe(sizes.findLastIndex((size) => size >= 1.6448536269514722));
    expect(test.criterion).toBe(sizes[test.lags]);
    expect(test.lags).toBeGreaterThanOrEqual(4);
  });

  it('chooses the smaller lag of two that are equally good, and knows that it was close', () => {
    const nested = nestedModels(3);
    // With one row BIC has no penalty, so equal residuals are equal criteria.
    Object.assign(nested, { models: 3, rows: 1, terms: 0 });
    nested.ssr.set([2, 1, 1]);
    const choice = { lags: -1, value: 0, decided: true, table: new Float64Array(0) };
    chooseLags(nested, 'bic', choice);
    expect([choice.lags, choice.decided]).toEqual([1, false]);
  });

  it('refuses what has no answer, each fault by its name', () => {
    const walk = autoregressive(shocksOf(6, 60), 1);
    expect(codeOf(() => adf(walk.slice(0, 11)))).toBe('TooFewObservations');
    expect(codeOf(() => adf([...walk, Number.NaN]))).toBe('NonFinite');
    expect(codeOf(() => adf([Infinity, ...walk]))).toBe('NonFinite');
    expect(codeOf(() => adf(walk.map((_, i) => (i % 2 === 0 ? 1e308 : -1e308))))).toBe('NonFinite');
    expect(codeOf(() => adf(walk.map(() => 7)))).toBe('ConstantSeries');
    expect(codeOf(() => adf(walk, { maxLag: 29 }))).toBe('InvalidParameter');
    expect(codeOf(() => adf(walk, { maxLag: 1.5 }))).toBe('InvalidParameter');
    expect(codeOf(() => adf(walk, { trend: 'x' as 'c' }))).toBe('InvalidParameter');
    expect(codeOf(() => adf(walk, { lagSelection: 'hqic' as 'aic' }))).toBe('InvalidParameter');
    // The level is constant in all rows that have 5 lags.
    const early = walk.map((_, i) => (i === 0 ? 1 : i === 59 ? 2 : 0));
    expect(codeOf(() => adf(early, { lagSelection: 'fixed', maxLag: 5 }))).toBe('Collinear');
  });

  it('does not judge a series that follows from its past: what is left of it is rounding', () => {
    const rows = Array.from({ length: 100 }, (_, i) => i);
    expect(codeOf(() => adf(rows.map((i) => 1 + 2 * i)))).toBe('PerfectFit');
    expect(codeOf(() => adf(rows.map((i) => 1e5 + 0.1 * i)))).toBe('PerfectFit');
    expect(codeOf(() => adf(rows.map((i) => Math.sin(i / 7))))).toBe('PerfectFit');
    expect(codeOf(() => adf(rows.map((i) => 0.9 ** i)))).toBe('PerfectFit');
    const noise = shocksOf(7, 100);
    expect(Number.isFinite(adf(rows.map((i) => Math.sin(i / 7) + 1e-8 * (noise[i] as number))).stat)).toBe(
      true,
    );
  });

  it('compares fewer lags where the longest regressions would fit the noise, and says so', () => {
    const short = autoregressive(shocksOf(8, 21), 0.5);
    const capped = adf(short);
    expect(capped.flags).toEqual(['FewObservations', 'LagsCapped']);
    // 20 - L rows against L + 2 regressors: 4 to spare at L = 7, 2 at 8.
    expect(capped.maxLag).toBe(7);
    const compatible = adf(short, { compatibility: 'statsmodels' });
    expect([compatible.maxLag, compatible.flags]).toEqual([8, ['FewObservations']]);
    expect(codeOf(() => adf(short.slice(1), { trend: 'n', lagSelection: 'fixed', maxLag: 9 }))).toBe(
      'InvalidParameter',
    );
  });

  it('cuts the search short at a lag that is a combination of others', () => {
    // It moves in the last 12 rows only, so that longer lags see no change at all.
    const noise = shocksOf(9, 12);
    const series = Array.from({ length: 60 }, (_, i) => (i < 48 ? 0 : (noise[i - 48] as number)));
    const test = adf(series, { trend: 'n', maxLag: 20 });
    expect(test.flags).toEqual(['LagsCapped']);
    expect(test.maxLag).toBeLessThan(20);
  });

  it('does not change where prices are shifted, if there is a constant, or tilted, if there is a line', () => {
    fc.assert(
      fc.property(
        shocks,
        shares,
        selections,
        fc.integer({ min: -50, max: 50 }),
        (steps, share, lagSelection, k) => {
          const series = autoregressive(steps, share);
          const tilted = series.map((value, i) => value + 1000 * k + k * i);
          const plain = answerOf(() => adf(series, { trend: 'ct', lagSelection }));
          const moved = answerOf(() => adf(tilted, { trend: 'ct', lagSelection }));
          if (typeof plain === 'string' || typeof moved === 'string') return;
          fc.pre(plain.lags === moved.lags);
          expect(moved.stat).toBeCloseTo(plain.stat, 7);
          const shifted = adf(
            series.map((value) => value + 1000 * k),
            { lagSelection: 'fixed', maxLag: 2 },
          );
          expect(shifted.stat).toBeCloseTo(adf(series, { lagSelection: 'fixed', maxLag: 2 }).stat, 7);
        },
      ),
    );
  });

  it('has no unit: the same at a power of two times the price, up to the ends of the doubles', () => {
    fc.assert(
      fc.property(shocks, shares, trends, selections, (steps, share, trend, lagSelection) => {
        const series = autoregressive(steps, share);
        const plain = answerOf(() => adf(series, { trend, lagSelection }));
        for (const unit of [2 ** 900, 2 ** -900, -1]) {
          const scaled = answerOf(() =>
            adf(
              series.map((value) => value * unit),
              { trend, lagSelection },
            ),
          );
          if (typeof plain === 'string' || typeof scaled === 'string') {
            expect(scaled).toBe(plain);
            continue;
          }
          expect([scaled.stat, scaled.lags]).toEqual([plain.stat, plain.lags]);
        }
      }),
    );
  });

  it('answers the same by normal equations and by QR', () => {
    const fast = emptyAdfFit();
    const exact = emptyAdfFit();
    const jumps = fc.tuple(fc.nat(), fc.integer({ min: -8, max: 8 }));
    fc.assert(
      fc.property(
        shocks,
        shares,
        selections,
        fc.integer({ min: 0, max: 3 }),
        jumps,
        (steps, share, how, terms, jump) => {
          const series = autoregressive(steps, share, 1e5);
          // A price that jumps and comes back, by any size: the longest lags may or may not see it.
          const at = jump[0] % series.length;
          series[at] = (series[at] as number) + Math.sign(jump[1]) * 10 ** Math.abs(jump[1]);
          const n = series.length;
          const code = fitAdf(series, n, terms, how, 9, fast);
          const criteria = Array.from(fast.criteria.subarray(0, fast.compared));
          expect(fitAdf(series, n, terms, how, 9, exact, 'qr')).toBe(code);
          if (code !== null) return;
          expect(fast.lags).toBe(exact.lags);
          expect(Math.abs(fast.stat - exact.stat)).toBeLessThan(1e-9 * Math.max(1, Math.abs(exact.stat)));
          const error = exact.coefficientError;
          expect(Math.abs(fast.coefficient - exact.coefficient)).toBeLessThan(1e-8 * error);
          expect(Math.abs(fast.coefficientError / error - 1)).toBeLessThan(1e-9);
          criteria.forEach((value, i) => {
            expect(Math.abs(value - (exact.criteria[i] as number))).toBeLessThan(1e-7);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('forgets the series before: the same answer whatever was tested last', () => {
    const series = autoregressive(shocksOf(10, 80), 0.9);
    const first = adf(series);
    adf(autoregressive(shocksOf(11, 900), 1, 1e5), { trend: 'ctt' });
    expect(adf(series)).toEqual(first);
  });
});
