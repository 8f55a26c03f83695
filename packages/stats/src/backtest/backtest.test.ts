import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacktestOptions, backtest, defaultReversionRules, type ReversionRules } from '../index.ts';
import { ar1, codeOf, normal } from '../noise.fixture.ts';

const rules: ReversionRules = { ...defaultReversionRules, exit: 0.5, rearm: 0.5 };
const options: BacktestOptions = { rules, costBps: 0, capital: 1_000, periodsPerYear: 252 };

/** A flat market, but for what a test says. */
function rows(z: readonly number[], changes: { y?: number[]; x?: number[]; beta?: number[] } = {}) {
  const flat = (price: number) => z.map(() => price);
  return { y: flat(100), x: flat(50), beta: flat(2), z, ...changes };
}

/** Positions after each row of these z. */
const positions = (z: readonly number[], changes: Partial<ReversionRules> = {}): number[] => [
  ...backtest(rows(z), { ...options, rules: { ...rules, ...changes } }).position,
];

/** A pair of which the spread reverts, with z and beta known from the past only. */
function market(n: number, seed: number) {
  const noise = normal(seed);
  const spread = ar1(n, 0.9, seed);
  let level = 50;
  const x = Float64Array.from({ length: n }, () => {
    level += noise() / 20;
    return level;
  });
  const y = x.map((v, t) => 20 + 2 * v + (spread[t] as number) / 4);
  const z = spread.map((v) => v * Math.sqrt(1 - 0.81));
  return { y, x, z, beta: new Float64Array(n).fill(2) };
}

describe('backtest', () => {
  it('sells a rich spread, and earns what it falls by after the entry, less the cost of four fills', () => {
    const found = backtest(
      rows([0, 2.5, 1, 0.2, 0], {
        y: [100, 105, 103, 101, 99],
        x: [50, 50, 51, 51, 40],
        beta: [1, 2, 3, 4, 5],
      }),
      { ...options, costBps: 10 },
    );
    expect([...found.position]).toEqual([0, -1, -1, 0, 0]);
    // Short 1 y at 105, long 2 x at 50: y falls by 4, x rises by 1. What the entry row itself did is not earned.
    const cost = ((105 + 2 * 50 + 101 + 2 * 51) * 10) / 1e4;
    expect(found.trades).toEqual([
      {
        entry: 1,
        exit: 3,
        side: -1,
        beta: 2,
        bars: 2,
        reason: 'exit',
        profit: expect.closeTo(4 + 2 - cost, 12),
      },
    ]);
    expect([...found.net]).toEqual(
      [0, -(205 * 10) / 1e4, 2 + 2, 2 - (203 * 10) / 1e4, 0].map((v) => expect.closeTo(v, 12)),
    );
    expect(found.equity[4]).toBeCloseTo(1_006 - cost, 12);
    expect(found.metrics).toMatchObject({
      grossProfit: 6,
      totalCost: expect.closeTo(cost, 12),
      totalProfit: expect.closeTo(6 - cost, 12),
      turnover: expect.closeTo(0.408, 12),
      trades: 1,
      winRate: 1,
      profitFactor: null,
      averageBars: 2,
      exposure: 0.4,
      maxDrawdown: expect.closeTo(0.205, 12),
      maxDrawdownShare: expect.closeTo(0.205 / 1_000, 12),
    });
    expect([found.n, found.dropped, found.flags]).toEqual([5, 0, ['FewTrades']]);
  });

  it('mean, deviation and ratios are those of the profit per row', () => {
    const found = backtest(rows([0, -3, -1, 0, 0], { y: [100, 100, 103, 102, 102] }), options);
    expect([...found.net]).toEqual([0, 0, 3, -1, 0]);
    const deviation = Math.sqrt((3 * 0.4 ** 2 + 2.6 ** 2 + 1.4 ** 2) / 4) / 1_000;
    expect(found.metrics.meanReturn).toBeCloseTo(0.0004, 15);
    expect(found.metrics.returnDeviation).toBeCloseTo(deviation, 15);
    expect(found.metrics.sharpe).toBeCloseTo((0.0004 / deviation) * Math.sqrt(252), 10);
    expect(found.metrics.sortino).toBeCloseTo((0.0004 / (0.001 / Math.sqrt(5))) * Math.sqrt(252), 10);
    expect(found.metrics.maxDrawdown).toBe(1);
    expect(found.metrics.maxDrawdownShare).toBeCloseTo(1 / 1_003, 15);
  });

  it('enters on the threshold, leaves on the exit, and never turns round within a bar', () => {
    expect(positions([2, 1, 0.5, 0.4, 0])).toEqual([-1, -1, 0, 0, 0]);
    expect(positions([-2, -1, -0.5, 0, 0])).toEqual([1, 1, 0, 0, 0]);
    expect(positions([1.99, -1.99, 0, 0, 0])).toEqual([0, 0, 0, 0, 0]);
    // From rich to cheap at once: out at the first bar, in at the next.
    expect(positions([3, -3, -3, 0, 0])).toEqual([-1, 0, 1, 0, 0]);
    expect(positions([3, -0.2, 0, 0, 0], { exit: -0.5, rearm: 0.1 })).toEqual([-1, -1, -1, -1, 0]);
    expect(positions([1.5, 0, -1.2, 0, 0], { shortEntry: 1.5, longEntry: -1.2 })).toEqual([-1, 0, 1, 0, 0]);
  });

  it('after a stop stays out until the spread has been near its mean', () => {
    expect(positions([3, 4, 3, 1, 3, 0.5, 3, 0])).toEqual([-1, 0, 0, 0, 0, 0, -1, 0]);
    expect(positions([-3, -4, -3, -0.5, -3, 0])).toEqual([1, 0, 0, 0, 1, 0]);
    // No entry beyond the stop.
    expect(positions([4, 5, 3, 0, 0])).toEqual([0, 0, -1, 0, 0]);
    expect(positions([3, 9, 3, 0, 0], { stop: null })).toEqual([-1, -1, -1, 0, 0]);
    // With an exit at the mean itself a stop would last for ever, were there no threshold to re-arm at.
    expect(positions([3, 4, 0.4, 3, 0], { exit: 0, rearm: 0 })).toEqual([-1, 0, 0, 0, 0]);
    expect(positions([3, 4, 0.4, 3, 0], { exit: 0, rearm: 0.5 })).toEqual([-1, 0, 0, -1, 0]);
  });

  it('after too long a time gives up, z known or not, and stays out likewise', () => {
    expect(positions([3, 3, 3, 3, 0.5, 3, 0], { maxHold: 2 })).toEqual([-1, -1, 0, 0, 0, -1, 0]);
    expect(positions([3, Number.NaN, Number.NaN, 0], { maxHold: 2 })).toEqual([-1, -1, 0, 0]);
    expect(
      backtest(rows([3, 3, 3, 0]), { ...options, rules: { ...rules, maxHold: 2 } }).trades[0]?.reason,
    ).toBe('time');
  });

  it('does nothing while z is not known, nor enters without a hedge ratio', () => {
    const nan = Number.NaN;
    expect(positions([3, nan, nan, 0, 0])).toEqual([-1, -1, -1, 0, 0]);
    const found = backtest(rows([3, 3, 3, 0], { beta: [nan, nan, 2, nan] }), options);
    expect([...found.position]).toEqual([0, 0, -1, 0]);
  });

  it('closes at the end, or says that it did not', () => {
    const closed = backtest(rows([0, 3, 3]), options);
    expect([closed.trades[0]?.reason, closed.position[2]]).toEqual(['end', 0]);
    const open = backtest(rows([0, 3, 3]), { ...options, closeAtEnd: false });
    expect([open.trades, open.position[2], open.flags]).toEqual([[], -1, ['NoTrades', 'OpenAtEnd']]);
    const none = backtest(rows([0, 0, 0]), options);
    expect(none.metrics).toMatchObject({
      sharpe: null,
      sortino: null,
      winRate: null,
      profitFactor: null,
      averageBars: null,
    });
  });

  it('earns on a spread that reverts, and loses its costs on one of pure chance', () => {
    const gained = backtest(market(5_000, 1), { ...options, costBps: 1 });
    expect(gained.metrics.sharpe).toBeGreaterThan(1);
    expect(gained.metrics.winRate).toBeGreaterThan(0.7);
    expect(gained.flags).toEqual([]);
    const blind = { ...market(5_000, 1), z: market(5_000, 2).z };
    const lost = backtest(blind, { ...options, costBps: 20 });
    expect(Math.abs(lost.metrics.grossProfit)).toBeLessThan(lost.metrics.totalCost / 2);
    expect(lost.metrics.totalProfit).toBeLessThan(0);
  });

  it('never looks ahead: what comes later changes no earlier position or profit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 2, max: 58 }), (seed, now) => {
        const past = market(60, seed);
        const other = market(60, seed + 1);
        const mix = (a: Float64Array, b: Float64Array) => a.map((v, t) => (t <= now ? v : (b[t] as number)));
        const changed = {
          y: mix(past.y, other.y),
          x: mix(past.x, other.x),
          z: mix(past.z, other.z),
          beta: mix(past.beta, other.beta),
        };
        const a = backtest(past, options);
        const b = backtest(changed, options);
        expect(b.position.slice(0, now + 1)).toEqual(a.position.slice(0, now + 1));
        expect(b.net.slice(0, now + 1)).toEqual(a.net.slice(0, now + 1));
      }),
      { numRuns: 50 },
    );
  });

  it('the trades add up to the equity, and prices in another currency change no ratio', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const pair = market(300, seed);
        const found = backtest(pair, { ...options, costBps: 3 });
        const sum = found.trades.reduce((total, { profit }) => total + profit, 0);
        expect(found.metrics.totalProfit).toBeCloseTo(sum, 9);
        expect(found.metrics.grossProfit - found.metrics.totalCost).toBeCloseTo(sum, 9);
        const dearer = { ...pair, y: pair.y.map((v) => 8 * v), x: pair.x.map((v) => 8 * v) };
        const scaled = backtest(dearer, { ...options, costBps: 3, capital: 8_000 });
        expect(scaled.metrics.sharpe ?? 0).toBeCloseTo(found.metrics.sharpe ?? 0, 9);
        expect(scaled.metrics.turnover).toBeCloseTo(found.metrics.turnover, 9);
        // Turned upside down, long is short.
        const mirrored = backtest({ ...pair, z: pair.z.map((v) => -v) }, options);
        expect(mirrored.position.map((v) => -v)).toEqual(found.position);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses what it cannot run, each fault by its name', () => {
    const z = [0, 3, 0];
    const run = (changes: object, other: object = {}) =>
      codeOf(() => backtest({ ...rows(z), ...changes }, { ...options, ...other }));
    expect(run({ y: [1, 2] })).toBe('LengthMismatch');
    expect(run({ z: [1, 2] })).toBe('LengthMismatch');
    expect(run({ y: [1], x: [1], z: [1], beta: [1] })).toBe('TooFewObservations');
    expect(run({ y: [1, Number.NaN, 1] })).toBe('NonFinite');
    expect(run({ z: [1, Infinity, 1] })).toBe('NonFinite');
    expect(run({ x: [1, 0, 1] })).toBe('NonPositivePrice');
    expect(run({}, { capital: 0 })).toBe('InvalidParameter');
    expect(run({}, { costBps: -1 })).toBe('InvalidParameter');
    const faulty: Partial<ReversionRules>[] = [
      { exit: 2 },
      { longEntry: 0.1 },
      { shortEntry: -3, exit: -5, longEntry: -2 },
      { stop: 1.5 },
      { maxHold: 0 },
      { rearm: -1 },
      { shortEntry: Number.NaN },
    ];
    for (const one of faulty) expect(run({}, { rules: { ...rules, ...one } })).toBe('InvalidParameter');
  });
});
