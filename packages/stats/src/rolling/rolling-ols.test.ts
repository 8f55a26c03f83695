import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { moments } from '../moments.ts';
import { emptyFit, fitOls, type OlsFit } from '../regression/ols-fit.ts';
import { LongStream, priceLike, type Rows, windowAt } from './price-like.fixture.ts';
import { RollingOls } from './rolling-ols.ts';
import { SlidingPairSums } from './sliding-pair-sums.ts';

/** |found - wanted| within 1e-12 of the scale. */
function close(found: number, wanted: number, scale: number, what: string): void {
  expect(Math.abs(found - wanted), `${what}: ${found} should be ${wanted}`).toBeLessThanOrEqual(
    1e-12 * scale,
  );
}

/**
 * The streaming fit is the batch fit, to the digits that residuals have beside the moves that they are left from; and
 * the batch fit takes them from means that are rounded at the level of the price, which the sums do not.
 */
function sameFit(rolling: RollingOls, fit: OlsFit, known: { y: number[]; x: number[] }): void {
  const deviationY = moments(known.y, 0).deviation;
  const deviationX = moments(known.x, 0).deviation;
  const level = Math.abs(fit.meanY) + Math.abs(fit.beta * fit.meanX);
  const rounding = 4 * Number.EPSILON * level;
  const slope = Math.max(Math.abs(fit.beta), (deviationY + rounding) / deviationX);
  close(rolling.beta, fit.beta, slope, 'beta');
  close(rolling.alpha, fit.alpha, level + slope * Math.abs(fit.meanX), 'alpha');
  if (fit.perfect || rolling.perfect) {
    // Noise: only its size is a number.
    expect(rolling.residualDeviation).toBeLessThanOrEqual(4 * (rounding + Number.EPSILON * deviationY));
    return;
  }
  const { residualDeviation: spread } = fit;
  const loss = 1 + 1e-2 * (deviationY / spread) + 1e12 * (rounding / spread) ** 2;
  close(rolling.ssr, fit.ssr, fit.ssr * loss, 'ssr');
  close(rolling.residualDeviation, spread, spread * loss, 'deviation');
  close(rolling.betaError, fit.betaError, fit.betaError * loss, 'error of beta');
  close(rolling.alphaError, fit.alphaError, fit.alphaError * loss, 'error of alpha');
  close(rolling.rSquared, fit.rSquared, loss, 'R2');
  const scale = spread * Math.sqrt(fit.n) * loss + 1e12 * rounding;
  close(rolling.lastResidual, fit.lastResidual, scale, 'last residual');
  close(rolling.z * spread, fit.lastResidual, scale, 'z');
}

function compareWithBatch(rows: Rows, window: number, minPeriods: number): void {
  const rolling = new RollingOls(window, 0, { minPeriods });
  const fit = emptyFit();
  for (let t = 0; t < rows.y.length; t++) {
    rolling.push(rows.y[t] as number, rows.x[t] as number);
    const known = windowAt(rows, window, t);
    expect(rolling.n).toBe(known.n);
    const code = known.n < minPeriods ? 'TooFewObservations' : fitOls(known.y, known.x, known.n, fit);
    expect(rolling.fault).toBe(code);
    if (code !== null) {
      expect([rolling.beta, rolling.z, rolling.ssr, rolling.lastResidual].every(Number.isNaN)).toBe(true);
    } else if (Number.isNaN((rows.y[t] as number) + (rows.x[t] as number))) {
      expect([rolling.lastResidual, rolling.z].every(Number.isNaN)).toBe(true);
      close(rolling.beta, fit.beta, Math.max(Math.abs(fit.beta), fit.betaError, 1), 'beta');
    } else sameFit(rolling, fit, known);
  }
}

describe('RollingOls', () => {
  it('lays the line of the newest four points, which can be checked by hand', () => {
    const rolling = new RollingOls(4);
    const rows = [
      [9, 9],
      [1, 0],
      [3, 1],
      [2, 2],
    ] as const;
    for (const [y, x] of rows) rolling.push(y, x);
    rolling.push(5, 3);
    expect(rolling.beta).toBeCloseTo(1.1, 14);
    expect(rolling.alpha).toBeCloseTo(1.1, 14);
    expect(rolling.ssr).toBeCloseTo(2.7, 13);
    expect(rolling.betaError).toBeCloseTo(Math.sqrt(1.35 / 5), 14);
    expect(rolling.rSquared).toBeCloseTo(1 - 2.7 / 8.75, 14);
    expect(rolling.lastResidual).toBeCloseTo(0.6, 14);
    expect(rolling.z).toBeCloseTo(0.6 / Math.sqrt(0.9), 13);
    expect(rolling.correlation).toBeCloseTo(5.5 / Math.sqrt(5 * 8.75), 14);
  });

  it('is least squares on each window, through gaps, flat stretches, bad ticks and windows without noise', () => {
    fc.assert(
      fc.property(priceLike, fc.integer({ min: 5, max: 40 }), fc.boolean(), (rows, window, gaps) => {
        compareWithBatch(rows, window, gaps ? Math.max(3, Math.ceil(window / 2)) : window);
      }),
      { numRuns: 250 },
    );
  });

  it('does not drift: a million bars at 100,000 in ticks of 0.01 cost no digit', () => {
    const window = 500;
    const rolling = new RollingOls(window);
    const stream = new LongStream(window);
    const rows = 1_000_123;
    for (let i = 0; i < rows; i++) {
      stream.next(i >= rows - window);
      rolling.push(stream.y, stream.x);
    }
    const { meanX, sxx, sxy, syy, ssr, lastResidual } = stream.exact();
    const deviation = Math.sqrt(ssr / (window - 1));
    close(rolling.meanX, meanX, meanX, 'mean of x');
    close(rolling.beta, sxy / sxx, 1, 'beta');
    close(rolling.ssr, ssr, ssr, 'ssr');
    close(rolling.residualDeviation, deviation, deviation, 'deviation');
    close(rolling.correlation, sxy / Math.sqrt(sxx * syy), 1, 'correlation');
    close(rolling.lastResidual, lastResidual, deviation, 'last residual');
  });

  it('has the numbers of one that began long ago, if fed from a window before the last round index', () => {
    const fields = [
      'n',
      'beta',
      'alpha',
      'ssr',
      'lastResidual',
      'z',
      'rSquared',
      'correlation',
      'fault',
    ] as const;
    fc.assert(
      fc.property(
        priceLike,
        fc.integer({ min: 3, max: 30 }),
        fc.nat(),
        fc.nat(99),
        (rows, window, pick, base) => {
          const { length } = rows.y;
          fc.pre(length > 2 * window);
          // Any base, so that the round indices lie anywhere.
          const last = Math.floor((base + length - 1) / window) * window;
          const latest = last - window + 1;
          fc.pre(latest > base);
          const begin = base + (pick % (latest - base + 1));
          const old = new RollingOls(window, base, { minPeriods: 3 });
          const young = new RollingOls(window, begin, { minPeriods: 3 });
          for (let index = base; index < base + length; index++) {
            const y = rows.y[index - base] as number;
            const x = rows.x[index - base] as number;
            old.push(y, x);
            if (index >= begin) young.push(y, x);
            if (index < last) continue;
            for (const field of fields) expect([field, young[field]]).toEqual([field, old[field]]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('forgets a tick of a thousand times the price on the bar that it leaves, not at the next round index', () => {
    const window = 50;
    const rolling = new RollingOls(window);
    const sums = new SlidingPairSums('test', window, 0, window);
    const stream = new LongStream(window);
    const y: number[] = [];
    const x: number[] = [];
    const fit = emptyFit();
    const made: number[] = [];
    for (let t = 0; t < 95; t++) {
      stream.next(false);
      y.push(stream.y);
      x.push(t === 20 ? stream.x * 1000 : stream.x);
      rolling.push(stream.y, x[t] as number);
      const before = sums.rebuilds;
      sums.push(stream.y, x[t] as number);
      if (sums.rebuilds > before) made.push(t);
      if (t < 70) continue;
      fitOls(y.slice(-window), x.slice(-window), window, fit);
      sameFit(rolling, fit, { y: y.slice(-window), x: x.slice(-window) });
    }
    // 0 and 50 are round; the first full window; and the row that the bad tick leaves on.
    expect(made.filter((t) => t >= 50)).toEqual([50, 70]);
  });

  it('makes its sums anew hardly more often than once a window, whatever the market does', () => {
    fc.assert(
      fc.property(priceLike, fc.integer({ min: 20, max: 40 }), ({ y, x }, window) => {
        const sums = new SlidingPairSums('test', window, 0, window);
        const bad = y.filter(
          (v, i) => v > 1e3 * (y[i - 1] ?? v) || (x[i] as number) > 1e2 * (x[i - 1] ?? Infinity),
        );
        for (let t = 0; t < y.length; t++) sums.push(y[t] as number, x[t] as number);
        // Flat stretches and bad ticks cost a few when they come or leave; a row at a time would be 160.
        expect(sums.rebuilds).toBeLessThan(y.length / window + 14 + 3 * bad.length);
      }),
    );
  });

  it('keeps the residuals of the same coin on two venues, where R2 is 1 to ten digits', () => {
    const window = 100;
    const rolling = new RollingOls(window);
    const fit = emptyFit();
    const stream = new LongStream(window);
    const y: number[] = [];
    const x: number[] = [];
    for (let t = 0; t < 1000; t++) {
      stream.next(false);
      x.push(stream.x);
      y.push(stream.x * 1.0001 + 1e-5 * Math.sin(t));
      rolling.push(y[t] as number, stream.x);
    }
    fitOls(y.slice(-window), x.slice(-window), window, fit);
    expect(1 - fit.rSquared).toBeLessThan(1e-10);
    expect(Math.abs(rolling.ssr / fit.ssr - 1)).toBeLessThan(1e-8);
    expect(rolling.perfect).toBe(false);
  });

  it('names why there is no line, and has one again when the cause has left the window', () => {
    const rolling = new RollingOls(3);
    const faults = [1, 2, 3, 3, 3, 1e200, 4, 5, 7, 8, 8 + 2e-15, 8].map((x, t) => {
      rolling.push(t * t, x);
      return rolling.fault;
    });
    const fine = null;
    expect(faults.slice(0, 5)).toEqual([
      'TooFewObservations',
      'TooFewObservations',
      fine,
      fine,
      'ConstantSeries',
    ]);
    expect(faults.slice(5, 9)).toEqual(['NonFinite', 'NonFinite', 'NonFinite', fine]);
    expect(faults.slice(9)).toEqual([fine, fine, 'Collinear']);
    expect(rolling.beta).toBeNaN();
  });

  it('takes up again after a gap longer than the window', () => {
    const rolling = new RollingOls(4);
    const fresh = new RollingOls(4);
    for (let t = 0; t < 9; t++) rolling.push(1e9 * t, t * t);
    for (let t = 0; t < 6; t++) rolling.push(Number.NaN, t);
    expect([rolling.n, rolling.fault]).toEqual([0, 'TooFewObservations']);
    for (const [y, x] of [
      [1, 0],
      [3, 1],
      [2, 2],
      [5, 3],
    ] as const) {
      rolling.push(y, x);
      fresh.push(y, x);
    }
    expect(rolling.beta).toBeCloseTo(1.1, 14);
    expect(rolling.ssr).toBeCloseTo(fresh.ssr, 14);
  });

  it('has no z where the residuals are only rounding', () => {
    const rolling = new RollingOls(20);
    for (let t = 0; t < 50; t++) rolling.push(3.3 * (100_000 + t * 0.1) + 7.7, 100_000 + t * 0.1);
    expect(rolling.perfect).toBe(true);
    expect(rolling.z).toBeNaN();
    expect(rolling.beta).toBeCloseTo(3.3, 9);
  });

  it('refuses an infinite price without taking it, and a window that cannot be', () => {
    const rolling = new RollingOls(3);
    rolling.push(1, 1);
    expect(() => rolling.push(1, -Infinity)).toThrow('row 1 is infinite');
    expect(() => rolling.push(Infinity, Number.NaN)).toThrow(InputError);
    rolling.push(2, 2);
    rolling.push(4, 3);
    expect(rolling.beta).toBeCloseTo(1.5, 14);
    expect(() => new RollingOls(2)).toThrow('at least 3');
    expect(() => new RollingOls(10, -1)).toThrow('index is -1');
    expect(() => new RollingOls(10, 0, { minPeriods: 11 })).toThrow('minPeriods is 11');
  });
});
