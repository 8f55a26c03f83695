import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hayashiYoshida } from '../index.ts';
import { codeOf, normal, uniform } from '../noise.fixture.ts';

/** The definition: every pair of intervals, those that overlap. */
function byDefinition(ta: number[], a: number[], tb: number[], b: number[], lag: number): number {
  let sum = 0;
  for (let i = 1; i < ta.length; i++) {
    for (let j = 1; j < tb.length; j++) {
      const overlap = tb[j - 1]! - lag < ta[i]! && tb[j]! - lag > ta[i - 1]!;
      if (overlap) sum += (a[i]! - a[i - 1]!) * (b[j]! - b[j - 1]!);
    }
  }
  return sum;
}

/** A path of B that repeats A `delay` later, both seen at times of their own. */
function leadAndLag(seed: number, delay: number) {
  const noise = normal(seed);
  const next = uniform(seed + 1);
  const path = [0];
  for (let t = 1; t < 20_000; t++) path.push((path[t - 1] as number) + noise());
  const pick = (share: number) => path.map((_, t) => t).filter((t) => t >= delay && next() < share);
  const ta = pick(0.05);
  const tb = pick(0.03);
  return { ta, a: ta.map((t) => path[t] as number), tb, b: tb.map((t) => path[t - delay] as number) };
}

describe('hayashiYoshida', () => {
  it('adds the products of overlapping moves, by hand', () => {
    // A moves 1 in (0, 10] and -2 in (10, 20]; B moves 3 in (5, 10] and 1 in (10, 15].
    const found = hayashiYoshida([0, 10, 20], [0, 1, -1], [5, 10, 15], [0, 3, 4]);
    expect(found.covariance).toEqual([1 * 3 - 2 * 1]);
    expect([found.realisedVarianceA, found.realisedVarianceB]).toEqual([5, 10]);
    expect(found.correlation[0]).toBeCloseTo(1 / Math.sqrt(50), 15);
    expect([found.n, found.dropped]).toEqual([
      { a: 2, b: 2 },
      { a: 0, b: 0 },
    ]);
    expect(found.flags).toEqual(['NoLeadLagRatio', 'FewTicks']);
  });

  it('is its definition at any lag, whatever the times', () => {
    const ticks = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 25 })
      .map((times) => times.sort((p, q) => p - q))
      .chain((times) =>
        fc.tuple(
          fc.constant(times),
          fc.array(fc.integer({ min: -9, max: 9 }), { minLength: times.length, maxLength: times.length }),
        ),
      )
      .filter(([, values]) => new Set(values).size > 1);
    fc.assert(
      fc.property(ticks, ticks, ([ta, a], [tb, b]) => {
        const lags = [-70, -20, -3, 0, 1, 7, 30, 70];
        const found = hayashiYoshida(ta, a, tb, b, { lags });
        // Whole numbers add up without rounding.
        expect(found.covariance.map((v) => v + 0)).toEqual(
          lags.map((lag) => byDefinition(ta, a, tb, b, lag) + 0),
        );
        // Seen from the other leg the lags change sign.
        const mirrored = hayashiYoshida(tb, b, ta, a, { lags: lags.map((lag) => -lag) });
        expect(mirrored.covariance.map((v) => v + 0)).toEqual(found.covariance.map((v) => v + 0));
      }),
      { numRuns: 200 },
    );
  });

  it('on common times it is the plain sum of products, and a leg with itself correlates 1', () => {
    const a = [0, 2, 1, 4];
    const found = hayashiYoshida([1, 2, 3, 4], a, [1, 2, 3, 4], [0, 1, 1, 3]);
    expect(found.covariance[0]).toBe(2 * 1 - 1 * 0 + 3 * 2);
    expect(hayashiYoshida([1, 2, 3, 4], a, [1, 2, 3, 4], a).correlation[0]).toBeCloseTo(1, 15);
  });

  it('knows which leg leads, and by how much', () => {
    const { ta, a, tb, b } = leadAndLag(1, 150);
    const lags = [-300, -150, -50, 0, 50, 100, 150, 200, 300];
    const found = hayashiYoshida(ta, a, tb, b, { lags });
    expect(found.lead).toBe(150);
    expect(found.leadLagRatio).toBeGreaterThan(5);
    expect(found.correlation[6]).toBeGreaterThan(0.6);
    const turned = hayashiYoshida(tb, b, ta, a, { lags: lags.map((lag) => -lag) });
    expect(turned.lead).toBe(-150);
    expect((turned.leadLagRatio as number) * (found.leadLagRatio as number)).toBeCloseTo(1, 8);
    expect(found.flags).toEqual([]);
  });

  it('finds no lead between legs that move at once, though one is seen twice as often', () => {
    const { ta, a, tb, b } = leadAndLag(3, 0);
    const found = hayashiYoshida(ta, a, tb, b, { lags: [-100, -50, 0, 50, 100] });
    expect(found.lead).toBe(0);
    expect(found.correlation[2]).toBeGreaterThan(0.9);
  });

  it('of ticks in the same millisecond the last counts', () => {
    const found = hayashiYoshida([0, 10, 10, 20], [0, 99, 1, -1], [5, 10, 15, 15], [0, 3, 7, 4]);
    expect(found.covariance).toEqual([1]);
    expect([found.n.a, found.n.b, found.dropped]).toEqual([2, 2, { a: 1, b: 1 }]);
  });

  it('on a coarser clock the bounce between bid and ask does not hide a common move', () => {
    const noise = normal(5);
    const next = uniform(6);
    let path = 0;
    const times: number[] = [];
    const a: number[] = [];
    const b: number[] = [];
    for (let t = 0; t < 20_000; t++) {
      path += noise() / 100;
      times.push(10 * t);
      a.push(path + (next() < 0.5 ? 0.02 : -0.02));
      b.push(path + (next() < 0.5 ? 0.02 : -0.02));
    }
    const found = hayashiYoshida(times, a, times, b, { sampling: 5_000 });
    expect(found.correlation[0]).toBeLessThan(0.3);
    expect(found.sampledCorrelation[0]).toBeGreaterThan(0.8);
  });

  it('takes the variance of the coarser clock at its own ticks, by hand', () => {
    // The last value at or before 0, 1000, 2000, 3000: 1, 4, 4, 2; at the end of the data 2.
    const times = [0, 400, 1000, 2500, 2900];
    const values = [1, 9, 4, 7, 2];
    const found = hayashiYoshida(times, values, times, values, { sampling: 1000 });
    expect(found.sampledCorrelation[0]).toBeCloseTo((found.covariance[0] as number) / (9 + 4), 14);
    expect(hayashiYoshida([1, 2], [1, 2], [1, 2], [1, 2]).sampledCorrelation).toEqual([null]);
  });

  it('refuses what has no answer, each fault by its name', () => {
    const t = [1, 2, 3];
    const v = [1, 3, 2];
    expect(codeOf(() => hayashiYoshida(t, [1, 2], t, v))).toBe('LengthMismatch');
    expect(codeOf(() => hayashiYoshida([1, 1, 1], v, t, v))).toBe('TooFewObservations');
    expect(codeOf(() => hayashiYoshida(t, [1, Number.NaN, 2], t, v))).toBe('NonFinite');
    expect(codeOf(() => hayashiYoshida([1, Infinity, 3], v, t, v))).toBe('NonFinite');
    expect(codeOf(() => hayashiYoshida(t, [1e300, -1e300, 0], t, v))).toBe('NonFinite');
    expect(codeOf(() => hayashiYoshida([1, 3, 2], v, t, v))).toBe('InvalidParameter');
    expect(codeOf(() => hayashiYoshida(t, v, t, v, { lags: [] }))).toBe('InvalidParameter');
    expect(codeOf(() => hayashiYoshida(t, v, t, v, { sampling: 0 }))).toBe('InvalidParameter');
    expect(codeOf(() => hayashiYoshida(t, [1, 1, 1], t, v))).toBe('ConstantSeries');
  });
});
