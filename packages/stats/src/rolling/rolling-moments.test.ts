import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moments } from '../moments.ts';
import { LongStream, priceLike } from './price-like.fixture.ts';
import { RollingMoments } from './rolling-moments.ts';

const knownOf = (values: Float64Array, from: number, to: number): number[] =>
  [...values.subarray(Math.max(0, from), Math.max(0, to))].filter((value) => !Number.isNaN(value));

describe('RollingMoments', () => {
  it('measures the newest bar against the three that end with it, which can be checked by hand', () => {
    const rolling = new RollingMoments(3);
    const seen = [1, 2, 4, 6, 6].map((value) => {
      rolling.push(value);
      return [rolling.mean, rolling.deviation, rolling.z];
    });
    expect(seen.slice(0, 2).flat().every(Number.isNaN)).toBe(true);
    expect(seen[2]?.[0]).toBeCloseTo(7 / 3, 15);
    expect(seen[3]).toEqual([4, 2, 1]);
    expect(seen[4]?.[1]).toBeCloseTo(Math.sqrt(4 / 3), 15);
  });

  it('divides by n for ddof 0, so that z is larger by sqrt(n / (n - 1))', () => {
    const sample = new RollingMoments(4);
    const population = new RollingMoments(4, 0, { ddof: 0 });
    for (const value of [1, 5, 2, 9]) {
      sample.push(value);
      population.push(value);
    }
    expect(population.z / sample.z).toBeCloseTo(Math.sqrt(4 / 3), 14);
  });

  it('cannot call a spike larger than (n - 1) / sqrt(n) from a window that holds it; from the one before it can', () => {
    const included = new RollingMoments(20);
    const lagged = new RollingMoments(20, 0, { lagged: true });
    for (let t = 0; t < 40; t++) {
      included.push(100 + (t % 2));
      lagged.push(100 + (t % 2));
    }
    included.push(1e6);
    lagged.push(1e6);
    expect(included.z).toBeCloseTo(19 / Math.sqrt(20), 6);
    expect(lagged.mean).toBe(100.5);
    expect(lagged.z).toBeGreaterThan(1e6);
  });

  it('has the moments of the known values of each window, also after bad ticks and flat stretches', () => {
    const options = fc.record({ ddof: fc.constantFrom(0, 1), lagged: fc.boolean(), least: fc.boolean() });
    fc.assert(
      fc.property(priceLike, fc.integer({ min: 4, max: 40 }), options, ({ y }, window, chosen) => {
        const { ddof, lagged } = chosen;
        const minPeriods = chosen.least ? 2 : window;
        const rolling = new RollingMoments(window, 0, { ddof, lagged, minPeriods });
        for (const [t, value] of y.entries()) {
          rolling.push(value);
          const end = lagged ? t : t + 1;
          const known = knownOf(y, end - window, end);
          expect(rolling.n).toBe(known.length);
          if (known.length < minPeriods) {
            expect([rolling.mean, rolling.deviation, rolling.z]).toEqual([
              Number.NaN,
              Number.NaN,
              Number.NaN,
            ]);
            continue;
          }
          const batch = moments(known, ddof);
          const constant = known.every((v) => v === known[0]);
          const scale = constant ? 0 : 1e-12 * batch.deviation;
          expect(Math.abs(rolling.deviation - (constant ? 0 : batch.deviation))).toBeLessThanOrEqual(scale);
          const rounding = 2 * Number.EPSILON * Math.abs(batch.mean);
          expect(Math.abs(rolling.mean - batch.mean)).toBeLessThanOrEqual(scale + rounding);
          if (constant || Number.isNaN(value)) expect(rolling.z).toBeNaN();
          else {
            const distance = value - batch.mean;
            const slack = Math.sqrt(known.length) * scale + rounding + 1e-12 * Math.abs(distance);
            expect(Math.abs(rolling.z * batch.deviation - distance)).toBeLessThanOrEqual(slack);
          }
        }
      }),
      { numRuns: 250 },
    );
  });

  it('does not drift: two million bars at 100,000 in ticks of 0.01 cost no digit', () => {
    const window = 500;
    const rolling = new RollingMoments(window);
    const stream = new LongStream(window);
    const rows = 2_000_321;
    for (let i = 0; i < rows; i++) {
      stream.next(i >= rows - window);
      rolling.push(stream.x);
    }
    const { sxx, meanX } = stream.exact();
    const deviation = Math.sqrt(sxx / (window - 1));
    expect(rolling.mean).toBe(meanX);
    expect(Math.abs(rolling.deviation / deviation - 1)).toBeLessThan(1e-12);
    expect(Math.abs(rolling.z - (stream.x - meanX) / deviation)).toBeLessThan(1e-10);
  });

  it('has the numbers of one that began long ago, if fed from a window before the last round index', () => {
    fc.assert(
      fc.property(priceLike, fc.integer({ min: 2, max: 30 }), fc.boolean(), ({ y }, window, lagged) => {
        const last = Math.floor((y.length - 1) / window) * window;
        const first = last - window + 1;
        fc.pre(first > 0);
        const old = new RollingMoments(window, 0, { lagged });
        const young = new RollingMoments(window, first, { lagged });
        for (const [t, value] of y.entries()) {
          old.push(value);
          if (t >= first) young.push(value);
          if (t < last + (lagged ? 1 : 0)) continue;
          expect([young.n, young.mean, young.deviation, young.z]).toEqual([
            old.n,
            old.mean,
            old.deviation,
            old.z,
          ]);
        }
      }),
    );
  });

  it('adds up exactly what differs by single last bits of the price', () => {
    const ulp = 2 ** -36;
    const rolling = new RollingMoments(7);
    const bits = [0, 1, 0, 0, 1, 1, 0, 3, 1, 0, 2];
    for (const bit of bits) rolling.push(100_000 + bit * ulp);
    const { deviation } = moments(bits.slice(-7));
    expect(Math.abs(rolling.deviation / ulp / deviation - 1)).toBeLessThan(1e-14);
  });

  it('has no deviation where squares leave the range of doubles, and has one again afterwards', () => {
    const rolling = new RollingMoments(3);
    const deviations = [1e-200, 2e-200, 4e-200, 1e200, 1, 2, 4].map((value) => {
      rolling.push(value);
      return rolling.deviation;
    });
    expect(deviations.slice(2, 6).every(Number.isNaN)).toBe(true);
    expect(deviations[6]).toBeCloseTo(Math.sqrt(7 / 3), 14);
  });

  it('refuses an infinite value without taking it, and parameters that cannot be', () => {
    const rolling = new RollingMoments(2);
    rolling.push(1);
    expect(() => rolling.push(Infinity)).toThrow('row 1 is infinite');
    rolling.push(3);
    expect(rolling.mean).toBe(2);
    expect(() => new RollingMoments(1)).toThrow('at least 2');
    expect(() => new RollingMoments(5, 0, { ddof: 5 })).toThrow('ddof is 5');
    expect(() => new RollingMoments(5, 0.5)).toThrow('index is 0.5');
  });
});
