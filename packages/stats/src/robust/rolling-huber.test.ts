import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, normal, uniform } from '../noise.fixture.ts';
import { huber, RollingHuber } from './index.ts';

type Row = [y: number, x: number];

/** Rows of a market: free or by ticks, at times stale, with wild prints on one side, and some bars missing. */
function rowsOf(kind: string, n: number, seed: number): Row[] {
  const next = normal(seed);
  const chance = uniform(seed);
  let x = 100;
  let y = 140;
  return Array.from({ length: n }, (): Row => {
    if (kind !== 'stale' || chance() < 0.1) {
      const move = next();
      x += kind === 'free' ? move : Math.round(move);
      y +=
        1.4 * (kind === 'free' ? move : Math.round(move)) + (kind === 'free' ? next() : Math.round(next()));
    }
    if (chance() < 0.03) return [Number.NaN, x];
    return [kind === 'wild' && chance() < 0.3 ? y + 50 * (1 + chance()) : y, x];
  });
}

describe('RollingHuber', () => {
  it('says after each bar, bit for bit, what the batch says of the window', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('free', 'ticks', 'stale', 'wild'),
        fc.integer({ min: 3, max: 60 }),
        fc.integer({ min: 1, max: 1e6 }),
        (kind, window, seed) => {
          const rows = rowsOf(kind, 2 * window + 20, seed);
          const rolling = new RollingHuber(window, seed, { minPeriods: 3 });
          for (const [i, [y, x]] of rows.entries()) {
            rolling.push(y, x);
            const part = rows.slice(Math.max(0, i + 1 - window), i + 1);
            const legs = [part.map((row) => row[0]), part.map((row) => row[1])] as const;
            const code = codeOf(() => huber(...legs, { until: 'fixedPoint' }));
            expect(rolling.fault).toBe(code ?? null);
            if (code !== undefined) {
              expect(rolling.beta).toBeNaN();
              continue;
            }
            const { betaZ, betaP, alphaZ, alphaP, downweighted, flags, lastResidual, ...fit } = huber(
              ...legs,
              {
                until: 'fixedPoint',
              },
            );
            expect(rolling).toMatchObject(fit);
            if (Number.isNaN(y)) expect(rolling.lastResidual).toBeNaN();
            else expect(rolling.lastResidual).toBe(lastResidual);
          }
          expect(rolling.index).toBe(seed + rows.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('waits for as many known bars as it was told to', () => {
    const rolling = new RollingHuber(5, 0, { minPeriods: 4 });
    for (const [y, x] of [
      [1, 1],
      [Number.NaN, 2],
      [2, 3],
      [5, 4],
    ] as const) {
      rolling.push(y, x);
    }
    expect([rolling.n, rolling.dropped, rolling.fault]).toEqual([3, 1, 'TooFewObservations']);
    rolling.push(4, 5);
    expect([rolling.n, rolling.dropped, rolling.fault]).toEqual([4, 1, null]);
  });

  it('names what stands against a line', () => {
    const rolling = new RollingHuber(4);
    for (const y of [1, 3, 2, 5]) rolling.push(y, 7);
    expect(rolling.fault).toBe('ConstantSeries');
    for (const [i, y] of [1, 2, 3, 4].entries()) rolling.push(y, i);
    expect(rolling.fault).toBe('PerfectFit');
    for (const y of [1e200, -1e200, 3e200, 2e200]) rolling.push(y, y / 3);
    expect(rolling.fault).toBe('NonFinite');
    for (const [i, y] of [1, 2, 3, 5].entries()) rolling.push(y, 1e5 + 1.5e-11 * (i % 2));
    expect(rolling.fault).toBe('Collinear');
    for (const [i, y] of [1, 2, 3, 5].entries()) rolling.push(y, i);
    expect(rolling.fault).toBe(null);
  });

  it('does not take an impossible row, and goes on after it', () => {
    const rolling = new RollingHuber(4);
    rolling.push(1, 1);
    rolling.push(3, 2);
    rolling.push(2, 2);
    expect(codeOf(() => rolling.push(1, -Infinity))).toBe('NonFinite');
    rolling.push(4, 3);
    expect([rolling.index, rolling.n, rolling.fault]).toEqual([4, 4, null]);
  });

  it('refuses a window that cannot be laid, or a tuning by which half of the rows would be outliers', () => {
    expect(codeOf(() => new RollingHuber(2))).toBe('InvalidParameter');
    expect(codeOf(() => new RollingHuber(5, 0.5))).toBe('InvalidParameter');
    expect(codeOf(() => new RollingHuber(5, 0, { minPeriods: 2 }))).toBe('InvalidParameter');
    expect(codeOf(() => new RollingHuber(5, 0, { tuning: 0.5 }))).toBe('InvalidParameter');
  });
});
