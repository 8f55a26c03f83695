import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, normal, uniform } from '../noise.fixture.ts';
import { RollingTheilSen, theilSen } from './index.ts';

type Row = [y: number, x: number];

/** Rows of a market that moves by ticks or freely, stands still at times, and misses some bars. */
function rowsOf(kind: string, n: number, seed: number): Row[] {
  const next = normal(seed);
  const chance = uniform(seed);
  let x = 10_000;
  let error = 0;
  let jump = 0;
  return Array.from({ length: n }, (_, i): Row => {
    if (kind === 'grid') return [Math.floor(5 * chance()), Math.floor(5 * chance())];
    const moves = kind === 'stale' ? chance() < 0.1 : true;
    if (moves) {
      x += kind === 'free' ? next() : Math.round(next());
      error = 0.9 * error + (kind === 'free' ? next() : Math.round(next()));
    }
    if (kind === 'regimes' && i % 50 === 0) jump = 1000 * next();
    if (chance() < 0.03) return [Number.NaN, x];
    if (chance() < 0.03) return [1.4 * x + error, Number.NaN];
    const tick = kind === 'free' ? 1 : 0.01;
    return [tick * (Math.round(1.4 * x) + error + jump), tick * x];
  });
}

function expectBatch(rolling: RollingTheilSen, rows: readonly Row[], intercept: 'separate' | 'joint'): void {
  const y = rows.map((row) => row[0]);
  const x = rows.map((row) => row[1]);
  const code = codeOf(() => theilSen(y, x));
  if (code !== undefined) {
    expect([rolling.fault, rolling.beta, rolling.alpha]).toEqual([code, Number.NaN, Number.NaN]);
    return;
  }
  const fit = theilSen(y, x, { intercept });
  expect([rolling.fault, rolling.n, rolling.dropped, rolling.slopes]).toEqual([
    null,
    fit.n,
    fit.dropped,
    fit.slopes,
  ]);
  expect(rolling.beta).toBe(fit.beta);
  expect(rolling.alpha).toBe(fit.alpha);
  const [lastY, lastX] = rows[rows.length - 1] as Row;
  expect(rolling.lastResidual).toBe(lastY - fit.alpha - fit.beta * lastX);
}

describe('RollingTheilSen', () => {
  it('says after each bar, bit for bit, what the batch says of the window', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('free', 'ticks', 'stale', 'regimes', 'grid'),
        fc.integer({ min: 2, max: 45 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom('separate' as const, 'joint' as const),
        (kind, window, seed, intercept) => {
          const rows = rowsOf(kind, 3 * window + 20, seed);
          const rolling = new RollingTheilSen(window, seed, { minPeriods: 2, intercept });
          for (const [i, [y, x]] of rows.entries()) {
            rolling.push(y, x);
            expectBatch(rolling, rows.slice(Math.max(0, i + 1 - window), i + 1), intercept);
          }
          expect(rolling.index).toBe(seed + rows.length);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('does so over a long window too, where the bracket of slopes is placed anew only now and then', () => {
    for (const kind of ['free', 'regimes', 'stale', 'grid']) {
      const rows = rowsOf(kind, 2000, 11);
      const rolling = new RollingTheilSen(300, 0, { minPeriods: 2 });
      for (const [i, [y, x]] of rows.entries()) {
        rolling.push(y, x);
        if (i > 300 && i % 97 === 0) expectBatch(rolling, rows.slice(i + 1 - 300, i + 1), 'separate');
      }
      expect(rolling.placements).toBeLessThan(200);
    }
  });

  it('waits for as many known bars as it was told to', () => {
    const rolling = new RollingTheilSen(4, 0, { minPeriods: 3 });
    rolling.push(1, 1);
    rolling.push(Number.NaN, 2);
    rolling.push(3, 3);
    expect([rolling.n, rolling.dropped, rolling.fault, rolling.beta]).toEqual([
      2,
      1,
      'TooFewObservations',
      Number.NaN,
    ]);
    rolling.push(4, 4);
    expect([rolling.n, rolling.dropped, rolling.fault, rolling.beta]).toEqual([3, 1, null, 1]);
  });

  it('names what stands against a line', () => {
    const rolling = new RollingTheilSen(3);
    for (const y of [1, 2, 3]) rolling.push(y, 7);
    expect(rolling.fault).toBe('ConstantSeries');
    rolling.push(1e307, 7 + 1e-15);
    expect(rolling.fault).toBe('NonFinite');
    expect(rolling.beta).toBeNaN();
  });

  it('does not take an impossible row, and goes on after it', () => {
    const rolling = new RollingTheilSen(3);
    rolling.push(1, 1);
    rolling.push(2, 2);
    expect(codeOf(() => rolling.push(Infinity, 3))).toBe('NonFinite');
    expect(codeOf(() => rolling.push(1, 1.7e308))).toBe('NonFinite');
    rolling.push(3, 3);
    expect([rolling.index, rolling.n, rolling.beta]).toEqual([3, 3, 1]);
  });

  it('refuses a window that cannot be laid', () => {
    expect(codeOf(() => new RollingTheilSen(1))).toBe('InvalidParameter');
    expect(codeOf(() => new RollingTheilSen(5, -1))).toBe('InvalidParameter');
    expect(codeOf(() => new RollingTheilSen(5, 0, { minPeriods: 6 }))).toBe('InvalidParameter');
  });
});
