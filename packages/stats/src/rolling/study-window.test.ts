import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationOf } from '../dependence/pearson.ts';
import { logReturn } from '../log-returns.ts';
import { LongStream, priceLike, type Rows } from './price-like.fixture.ts';
import { RollingOls } from './rolling-ols.ts';
import { StudyWindow } from './study-window.ts';

/** Log returns into each bar; NaN into the first and where a price is missing or not above 0. */
function returnsOf(prices: Float64Array): Float64Array {
  return prices.map((price, t) => {
    const before = prices[t - 1] ?? Number.NaN;
    return price > 0 && before > 0 ? logReturn(before, price) : Number.NaN;
  });
}

function push(study: StudyWindow, rows: Rows, returns: Rows, t: number): void {
  study.push(rows.y[t] as number, rows.x[t] as number, returns.y[t] as number, returns.x[t] as number);
}

describe('StudyWindow', () => {
  it('is the line of the levels, and the correlation of the returns between the bars of the window', () => {
    fc.assert(
      fc.property(priceLike, fc.integer({ min: 4, max: 30 }), (rows, window) => {
        const returns = { y: returnsOf(rows.y), x: returnsOf(rows.x) };
        const study = new StudyWindow(window, 0, { minPeriods: 3 });
        const ols = new RollingOls(window, 0, { minPeriods: 3 });
        for (let t = 0; t < rows.y.length; t++) {
          push(study, rows, returns, t);
          ols.push(rows.y[t] as number, rows.x[t] as number);
          expect(study.ols).toEqual(ols);
          const within = { y: [] as number[], x: [] as number[] };
          for (let i = Math.max(0, t - window + 2); i <= t; i++) {
            if (Number.isNaN((returns.y[i] as number) + (returns.x[i] as number))) continue;
            within.y.push(returns.y[i] as number);
            within.x.push(returns.x[i] as number);
          }
          const n = within.y.length;
          expect(study.returns).toBe(n);
          const r = n < 3 ? Number.NaN : correlationOf(within.y, within.x, n);
          if (Number.isNaN(r)) expect(study.returnCorrelation).toBeNaN();
          else expect(Math.abs(study.returnCorrelation - r)).toBeLessThan(1e-12);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has the numbers of one that began long ago, if fed from a window before the last round index', () => {
    fc.assert(
      fc.property(priceLike, fc.integer({ min: 3, max: 30 }), fc.nat(500), (rows, window, base) => {
        const returns = { y: returnsOf(rows.y), x: returnsOf(rows.x) };
        const end = base + rows.y.length;
        const last = Math.floor((end - 1) / window) * window;
        const first = last - window + 1;
        fc.pre(first > base);
        const old = new StudyWindow(window, base, { minPeriods: 3, minReturns: 2 });
        const young = new StudyWindow(window, first, { minPeriods: 3, minReturns: 2 });
        for (let index = base; index < end; index++) {
          push(old, rows, returns, index - base);
          if (index >= first) push(young, rows, returns, index - base);
          if (index < last) continue;
          const of = ({ ols, returns: n, returnCorrelation }: StudyWindow) => [
            ols.beta,
            ols.z,
            ols.correlation,
            n,
            returnCorrelation,
          ];
          expect(of(young)).toEqual(of(old));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes a bar whole or not at all', () => {
    const study = new StudyWindow(3);
    const same = new StudyWindow(3);
    const stream = new LongStream(3);
    for (let t = 0; t < 5; t++) {
      stream.next(false);
      if (t === 3) expect(() => study.push(stream.y, stream.x, Infinity, 0)).toThrow('StudyWindow: row 3');
      if (t === 3) expect(() => study.push(Infinity, stream.x, 0, 0)).toThrow('infinite');
      study.push(stream.y, stream.x, t / 7, t * t);
      same.push(stream.y, stream.x, t / 7, t * t);
    }
    expect(study.ols.beta).toBe(same.ols.beta);
    expect(study.returnCorrelation).toBe(same.returnCorrelation);
    expect(study.returnCorrelation).not.toBeNaN();
    expect(() => new StudyWindow(2)).toThrow('at least 3');
  });
});
