import { Analytics, type Bar, HedgeMethod, metrics } from '@tandem/common';
import { logReturns, moments, ols, pearson } from '@tandem/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnalyticsCore } from './analytics-core.ts';
import { bar, minute, start, study, tandem } from './market.fixture.ts';
import { pastOf } from './reach.ts';

/** The rows that a core gives for these bars, by minute since the start. */
function rowsOf(bars: readonly Bar[], changes: Partial<typeof study> = {}): Map<number, Analytics> {
  const core = new AnalyticsCore('live', [{ ...study, ...changes }]);
  for (const one of bars) core.apply(one);
  const state = core.studies[0]!;
  const rows = core.track(state, core.oldest(state), []).rows(core.newest(state));
  return new Map(rows.map((row) => [(row.time - start) / minute, row]));
}
const flat = (legs: readonly { y: Bar; x: Bar }[]): Bar[] => legs.flatMap(({ y, x }) => [y, x]);

/** Closes of y and x. */
type Legs = readonly [number | null, number | null, gap?: boolean];
const barsOf = (closes: readonly Legs[]): Bar[] =>
  closes.flatMap(([y, x, gap = false], i) => [
    bar('BTCUSDT', i, y, { gap: gap && i % 3 === 0 }),
    bar('ETHUSDT', i, x),
  ]);

const scales = fc.constantFrom('price' as const, 'log' as const);
/** A leg of any prices whatever, of few, of one level but for its last digits, of leaps, or that grows and grows. */
const wildLeg = fc.oneof(
  fc.array(fc.oneof(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), fc.constantFrom(1, 2, null)), {
    minLength: 30,
    maxLength: 30,
  }),
  fc
    .record({
      exponent: fc.integer({ min: -310, max: 300 }),
      grain: fc.constantFrom(0, Number.EPSILON, 1e-9, 0.01, 1e10),
      growth: fc.constantFrom(1, 1.01, 3, 1e-5),
      steps: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 30, maxLength: 30 }),
    })
    .map(({ exponent, grain, growth, steps }) =>
      steps.map((step, i) => {
        const price = 10 ** exponent * (1 + grain * step) * growth ** i;
        return price > 0 && price < Infinity ? price : null;
      }),
    ),
);
/** Two legs of their own, or one that is a multiple of the other, now and then with a hole. */
const wildLegs = fc
  .record({
    y: wildLeg,
    x: wildLeg,
    multiple: fc.constantFrom(0, 0, 0, 1, 2, 1 / 3),
    gaps: fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
  })
  .map(({ y, x, multiple, gaps }) =>
    y.map((price, i): Legs => {
      const other = multiple === 0 || price === null ? x[i]! : price * multiple;
      return [price, other !== null && other > 0 && other < Infinity ? other : null, gaps[i]!];
    }),
  );

describe('a row of a study', () => {
  it('holds the fit of its window, the last residual and both correlations', () => {
    const legs = tandem(30);
    const row = rowsOf(flat(legs)).get(29)!;
    const y = legs.slice(10).map((leg) => leg.y.close as number);
    const x = legs.slice(10).map((leg) => leg.x.close as number);
    const fit = ols(y, x);
    expect(row).toMatchObject({ state: 'live', n: 20, dropped: 0, yClose: y[19], xClose: x[19] });
    expect(row.beta).toBeCloseTo(fit.beta, 10);
    expect(row.alpha! / fit.alpha).toBeCloseTo(1, 10);
    expect(row.spread).toBeCloseTo(fit.lastResidual, 9);
    expect(row.spreadMean).toBe(0);
    const residuals = y.map((value, i) => value - fit.alpha - fit.beta * (x[i] as number));
    expect(row.spreadDeviation).toBeCloseTo(moments(residuals).deviation, 9);
    expect(row.z).toBeCloseTo((residuals[19] as number) / moments(residuals).deviation, 8);
    expect(row.priceCorrelation).toBeCloseTo(pearson(y, x).r, 12);
    expect(row.returnCorrelation).toBeCloseTo(pearson(logReturns(y), logReturns(x)).r, 12);
    expect(Analytics.safeParse(row).success).toBe(true);
  });

  it('on the log scale the fit is that of the logarithms', () => {
    const legs = tandem(20);
    const row = rowsOf(flat(legs), { scale: 'log' }).get(19)!;
    const fit = ols(
      legs.map((leg) => Math.log(leg.y.close as number)),
      legs.map((leg) => Math.log(leg.x.close as number)),
    );
    expect(row.beta).toBeCloseTo(fit.beta, 10);
    expect(row.spread).toBeCloseTo(fit.lastResidual, 12);
  });

  it('warms up until the window has been seen, and says how far it is', () => {
    const rows = rowsOf(flat(tandem(21)));
    expect(rows.get(0)).toMatchObject({ state: 'warming', z: null, n: 1 });
    expect(rows.get(6)?.absent.z).toEqual({ reason: 'warming', have: 7, need: 20 });
    expect(rows.get(18)?.absent.beta).toEqual({ reason: 'warming', have: 19, need: 20 });
    expect(rows.get(19)?.state).toBe('live');
  });

  it('a leg that begins later warms up from its own first bar', () => {
    const bars = flat(tandem(30)).filter((one) => one.symbol === 'BTCUSDT' || one.time >= start + 5 * minute);
    const rows = rowsOf(bars);
    expect([...rows.keys()][0]).toBe(5);
    expect(rows.get(5)?.absent.z).toEqual({ reason: 'warming', have: 1, need: 20 });
    expect([rows.get(23)?.state, rows.get(24)?.state]).toEqual(['warming', 'live']);
  });

  it('has no numbers at a bar that a gap touches, and stands on the others afterwards', () => {
    const legs = tandem(40);
    legs[25]!.y = { ...legs[25]!.y, gap: true };
    const rows = rowsOf(flat(legs));
    expect(rows.get(25)).toMatchObject({ state: 'gap', z: null, returnCorrelation: null, n: 19, dropped: 1 });
    expect(rows.get(25)?.absent.z).toEqual({ reason: 'gap', have: 19, need: 16 });
    expect(rows.get(26)).toMatchObject({ state: 'live', n: 19, dropped: 1 });
  });

  it('takes no return across a hole', () => {
    const legs = tandem(40);
    legs[30]!.x = { ...legs[30]!.x, complete: false };
    // A hundredfold price beyond the hole would be seen in any return that crossed it.
    const scaled = legs.map((leg, i) =>
      i < 30
        ? leg
        : { y: bar('BTCUSDT', i, 100 * leg.y.close!), x: i === 30 ? leg.x : bar('ETHUSDT', i, leg.x.close!) },
    );
    const row = rowsOf(flat(scaled)).get(39)!;
    const returns = (pick: (leg: (typeof legs)[number]) => number): number[] => [
      ...logReturns(legs.slice(20, 30).map(pick)),
      ...logReturns(legs.slice(31, 40).map(pick)),
    ];
    expect(row.returnCorrelation).toBeCloseTo(
      pearson(
        returns((leg) => leg.y.close!),
        returns((leg) => leg.x.close!),
      ).r,
      9,
    );
  });

  it('says gap when more than a fifth of the window is missing', () => {
    const legs = tandem(40).map((leg, i) =>
      i >= 30 && i < 35 ? { ...leg, x: { ...leg.x, gap: true } } : leg,
    );
    const rows = rowsOf(flat(legs));
    expect(rows.get(39)).toMatchObject({ state: 'gap', n: 15, z: null });
    expect(rows.get(39)?.absent.z).toEqual({ reason: 'gap', have: 15, need: 16 });
  });

  it('names a market that does not move instead of dividing by zero', () => {
    const still = rowsOf(
      Array.from({ length: 20 }, (_, i) => [bar('BTCUSDT', i, 100), bar('ETHUSDT', i, 10)]).flat(),
    );
    expect(still.get(19)).toMatchObject({ state: 'invalid', z: null, beta: null, priceCorrelation: null });
    expect(still.get(19)?.absent.beta).toEqual({ reason: 'constant', have: 20, need: 20 });
    expect(still.get(19)?.absent.returnCorrelation?.reason).toBe('constant');
    const copy = rowsOf(
      Array.from({ length: 20 }, (_, i) => [
        bar('BTCUSDT', i, 200 + 2 * i),
        bar('ETHUSDT', i, 100 + i),
      ]).flat(),
    ).get(19)!;
    expect(copy).toMatchObject({ state: 'invalid', z: null, beta: 2, priceCorrelation: 1 });
    expect(copy.absent.z?.reason).toBe('constant');
  });

  it('a hedge ratio below zero, or not distinct from it, is invalid, its numbers shown', () => {
    const legs = tandem(20);
    const mirrored = legs.map(({ y, x }, i) => ({ y, x: bar('ETHUSDT', i, 6_000 - x.close!) }));
    const row = rowsOf(flat(mirrored)).get(19)!;
    expect(row.state).toBe('invalid');
    expect(row.beta).toBeLessThan(0);
    expect(row.z).not.toBeNull();
  });

  it('never knows the future: whatever comes later, no field of a row is different', () => {
    const method = fc.constantFrom(...HedgeMethod.options);
    const seed = fc.integer({ min: 1, max: 1e6 });
    fc.assert(
      fc.property(seed, seed, method, (own, other, chosen) => {
        fc.pre(own !== other);
        const legs = tandem(90, own);
        const foreign = tandem(90, other);
        const rows = rowsOf(flat(legs), { method: chosen });
        const changed = rowsOf(flat([...legs.slice(0, 60), ...foreign.slice(60)]), { method: chosen });
        for (let i = 0; i < 60; i++) expect(changed.get(i)).toEqual(rows.get(i));
        expect(changed.get(65)).not.toEqual(rows.get(65));
      }),
      { numRuns: 60 },
    );
  });

  it.each(HedgeMethod.options)(
    'goes on after a restart at any bar with the same numbers to the last bit: %s',
    (method) => {
      const bars = flat(tandem(150, 5)).map((one, i) => (i % 131 === 7 ? { ...one, gap: true } : one));
      const core = new AnalyticsCore('live', [{ ...study, method }]);
      for (const one of bars) core.apply(one);
      const state = core.studies[0]!;
      const first = core.oldest(state);
      const undisturbed = core.track(state, first, []).rows(core.newest(state));
      for (let stop = 1; stop < 150; stop++) {
        // What is handed on went through the store: as JSON.
        const past = JSON.parse(JSON.stringify(undisturbed.slice(0, stop))) as Analytics[];
        const restarted = core
          .track(state, first + stop, past.slice(-pastOf(study)))
          .rows(core.newest(state));
        expect(restarted, `after ${stop} bars`).toEqual(undisturbed.slice(stop));
      }
    },
  );

  it('no bars whatever, huge, tiny, still, collinear or missing, give a number that is none, by any method', () => {
    fc.assert(
      fc.property(wildLegs, fc.constantFrom(...HedgeMethod.options), scales, (closes, method, scale) => {
        for (const row of rowsOf(barsOf(closes), { method, scale }).values()) {
          expect(Analytics.safeParse(row).error).toBeUndefined();
          expect(JSON.parse(JSON.stringify(row))).toEqual(row);
          expect(metrics.filter((metric) => (row[metric] === null) !== metric in row.absent)).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('the numbers of a row belong together: line, spread, mean, deviation and z, whatever the bars and the method', () => {
    fc.assert(
      fc.property(wildLegs, fc.constantFrom(...HedgeMethod.options), scales, (closes, method, scale) => {
        const levels = closes.map((leg) =>
          leg.map((price) => (scale === 'log' ? Math.log(Number(price)) : Number(price))),
        );
        for (const [minute, row] of rowsOf(barsOf(closes), { method, scale })) {
          const { alpha, beta, spread, spreadMean: mean, spreadDeviation: deviation, z } = row;
          // No z without what it is made of, and correlations that are some.
          if (z !== null) expect([beta, spread, mean, deviation].includes(null)).toBe(false);
          for (const r of [row.priceCorrelation, row.returnCorrelation])
            expect(Math.abs(r ?? 0)).toBeLessThanOrEqual(1);
          if (row.rSquared !== null) expect(Math.abs(row.rSquared - 0.5)).toBeLessThanOrEqual(0.5);
          if (alpha === null || beta === null || spread === null || mean === null || deviation === null)
            continue;
          const window = levels
            .slice(Math.max(0, minute - 19), minute + 1)
            .filter(([y, x]) => Number.isFinite(y! + x!));
          const largest = Math.max(
            Math.abs(alpha),
            ...window.flatMap(([y, x]) => [Math.abs(y!), Math.abs(beta * x!)]),
          );
          const rounding = 1e-13 * largest + 1e-9 * deviation;
          if (z !== null) expect(Math.abs(z * deviation - (spread - mean))).toBeLessThanOrEqual(rounding);
          // The filter's spread is the miss of the line before the bar.
          if (method === 'kalman') continue;
          const [y, x] = levels[minute] as [number, number];
          expect(Math.abs(spread - (y - alpha - beta * x))).toBeLessThanOrEqual(rounding);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each(HedgeMethod.options)(
    'says of a market that stands still, or is one line, that it does not vary: %s',
    (method) => {
      const still = Array.from({ length: 30 }, (): Legs => [100, 10]);
      const line = Array.from({ length: 30 }, (_, i): Legs => [2 * (100 + (i % 7)), 100 + (i % 7)]);
      for (const scale of ['price', 'log'] as const) {
        for (const legs of [still, line]) {
          const beta = scale === 'log' ? 1 : 2;
          const row = rowsOf(barsOf(legs), { method, scale, beta }).get(29)!;
          expect(row, scale).toMatchObject({ state: 'invalid', z: null });
          expect(row.absent.z?.reason, scale).toBe('constant');
        }
      }
    },
  );

  it.each(HedgeMethod.options)(
    'has no z at all, rather than one of 0, where the squares of prices overflow: %s',
    (method) => {
      const legs = Array.from({ length: 40 }, (_, i): Legs => [1 + (i % 3), 1e154 * 1.5 ** i]);
      for (const [minute, { z, absent }] of rowsOf(barsOf(legs), { method })) {
        if (minute < 19) continue;
        expect(z).toBeNull();
        expect(absent.z?.reason).toBe('undefined');
      }
    },
  );

  it('has none about a given hedge ratio so large that the squares of its spread overflow', () => {
    const row = rowsOf(flat(tandem(20)), { method: 'fixed', beta: 1e200 }).get(19)!;
    expect(row).toMatchObject({ state: 'invalid', z: null, spreadDeviation: null });
    expect(row.absent.z?.reason).toBe('undefined');
  });

  it('a price that leaps out of all bounds leaves no correlation of prices, rather than one of 0', () => {
    const legs = Array.from({ length: 30 }, (_, i): Legs => [i % 2 === 0 ? 1e139 : 1e159, 1e-100 * (1 + i)]);
    expect(rowsOf(barsOf(legs)).get(29)).toMatchObject({ priceCorrelation: null });
  });

  it('a crash to next to nothing is a return like any other', () => {
    const legs = Array.from({ length: 30 }, (_, i): Legs => [i < 29 ? 100 + (i % 5) : 1e-20, 10 + (i % 3)]);
    expect(rowsOf(barsOf(legs)).get(29)?.yReturn).toBeCloseTo(Math.log(1e-20 / 103), 10);
  });

  it('total least squares on prices says gap where too few bars follow on one another to size their changes', () => {
    const bars = flat(tandem(60)).map((one, i) => (i % 12 === 6 ? { ...one, gap: true } : one));
    const row = rowsOf(bars, { method: 'tls' }).get(58)!;
    expect(row).toMatchObject({ state: 'invalid', n: 16, beta: null, z: null });
    expect(row.absent.beta).toEqual({ reason: 'gap', have: 12, need: 16 });
    expect(row.absent.returnCorrelation).toEqual(row.absent.beta);
    expect(rowsOf(bars, { method: 'ols' }).get(58)?.state).toBe('live');
    expect(rowsOf(bars, { method: 'tls', scale: 'log' }).get(58)?.state).toBe('live');
  });

  it('a spread that is back within a bar counts as one that comes back', () => {
    const legs = tandem(400).map(
      ({ x }, i): Legs => [100 + 2 * x.close! + (i % 2 === 0 ? 5 : -5) + Math.sin(i * i), x.close!],
    );
    const rows = [...rowsOf(barsOf(legs), { window: 100 }).values()];
    expect(rows.at(-1)).toMatchObject({
      halfLife: null,
      regime: 'mean-reverting',
      qualityParts: { halfLife: 0 },
    });
    expect(rows.at(-1)?.absent.halfLife?.reason).toBe('within-bar');
  });
});
