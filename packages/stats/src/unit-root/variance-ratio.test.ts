import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../noise.fixture.ts';
import { varianceRatio } from './index.ts';

function summed(steps: readonly number[]): number[] {
  let level = 0;
  return [0, ...steps].map((step) => {
    level += step;
    return level;
  });
}

const steps = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: 20, maxLength: 120 })
  .filter((values) => new Set(values).size > 2);

describe('varianceRatio', () => {
  it('is 0 for a price that takes every move back', () => {
    const test = varianceRatio(summed([1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1]), { robust: false });
    // sqrt(12) (0 - 1) / sqrt(2 (4 - 1)(2 - 1) / 6).
    expect([test.ratio, test.stat]).toEqual([0, -Math.sqrt(12)]);
    expect(test.pValue).toBeCloseTo(0.000532, 6);
  });

  it('is about q for a price that keeps its direction within every block', () => {
    // Blocks of four moves up and four down; two-row changes have drift 0 and variance 4 within a block.
    const blocks = Array.from({ length: 800 }, (_, i) => (Math.floor(i / 4) % 2 === 0 ? 1 : -1));
    const test = varianceRatio(summed(blocks), { q: 2, trend: 'n', debiased: false });
    // 3 of 4 overlapping pairs agree: 4 against 2 for one of 4 that is 0.
    expect(test.ratio).toBeCloseTo(1.5, 2);
    expect(test.pValue).toBeLessThan(1e-9);
    expect(test.flags).toEqual([]);
  });

  it('takes blocks one after the other if asked, and says which rows it left out', () => {
    const test = varianceRatio(summed([1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 5]), {
      overlap: false,
      trend: 'n',
    });
    // Six blocks of +-2: 24 over 12 changes, against a variance of 1.
    expect(test.ratio).toBe(2);
    expect(test.stat).toBeCloseTo(Math.sqrt(12) / Math.sqrt(2), 14);
    expect(test.flags).toEqual(['FewObservations', 'BlocksCut']);
  });

  it('weighs the moves that come together within q rows for its robust error', () => {
    // All squares are 1, so that delta(k) is (m - k)/m, with weights 4 (2/3)^2 and 4 (1/3)^2.
    const moves = [1, 1, -1, 1, -1, -1, -1, 1, 1, -1, 1, -1];
    const test = varianceRatio(summed(moves), { q: 3, trend: 'n' });
    const theta = (16 / 9) * (11 / 12) + (4 / 9) * (10 / 12);
    expect(test.stat).toBeCloseTo((Math.sqrt(12) * (test.ratio - 1)) / Math.sqrt(theta), 13);
    // Sums of three moves: 1, 1, -1, -1, -3, -1, 1, 1, 1, -1; squares 18 over 3 (10)(3/4), against 12/11.
    expect(test.ratio).toBeCloseTo(18 / 22.5 / (12 / 11), 14);
  });

  it('has no statistic where no two moves come together', () => {
    const lone = summed(Array.from({ length: 60 }, (_, i) => (i === 10 ? 1 : i === 40 ? -1 : 0)));
    const test = varianceRatio(lone);
    expect([test.stat, test.pValue, test.flags]).toEqual([null, null, ['ZeroVariance']]);
    expect(test.ratio).toBeGreaterThan(0);
    expect(varianceRatio(lone, { robust: false }).stat).not.toBeNull();
  });

  it('refuses what has no answer, each fault by its name', () => {
    const series = Array.from({ length: 40 }, (_, i) => Math.sin(i * i));
    expect(codeOf(() => varianceRatio(series.slice(0, 11)))).toBe('TooFewObservations');
    expect(codeOf(() => varianceRatio([...series, Number.NaN]))).toBe('NonFinite');
    expect(codeOf(() => varianceRatio(series.map(() => 3)))).toBe('ConstantSeries');
    expect(codeOf(() => varianceRatio(series, { q: 1 }))).toBe('InvalidParameter');
    expect(codeOf(() => varianceRatio(series, { q: 21 }))).toBe('InvalidParameter');
    expect(codeOf(() => varianceRatio(series, { q: 2.5 }))).toBe('InvalidParameter');
    expect(codeOf(() => varianceRatio(series, { trend: 'ct' as 'c' }))).toBe('InvalidParameter');
    expect(codeOf(() => varianceRatio(series.map((_, i) => 100 + 0.1 * i)))).toBe('PerfectFit');
    expect(varianceRatio(series, { q: 38, compatibility: 'arch' }).q).toBe(38);
  });

  it('depends neither on unit and level nor, with a drift allowed, on the drift', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 2, max: 8 }), fc.integer({ min: -9, max: 9 }), (moves, q, k) => {
        const plain = varianceRatio(summed(moves), { q });
        const moved = varianceRatio(
          summed(moves).map((value, i) => 1000 * k + k * i + 2 * value),
          { q },
        );
        expect(moved.ratio).toBeCloseTo(plain.ratio, 9);
        expect(moved.stat ?? 0).toBeCloseTo(plain.stat ?? 0, 8);
      }),
    );
  });
});
