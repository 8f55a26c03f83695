import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalTwoSidedP, ols } from '../index.ts';
import { codeOf, normal, uniform } from '../noise.fixture.ts';
import { type Huber, huber } from './index.ts';
import { medianAbsoluteDeviation } from './mad.ts';

/** y = 5 + 1.4 x + noise, x a walk from 100. */
function market(n: number, seed: number): { y: Float64Array; x: Float64Array } {
  const next = normal(seed);
  const x = new Float64Array(n);
  let level = 100;
  for (let i = 0; i < n; i++) x[i] = level += next();
  return { y: x.map((value) => 5 + 1.4 * value + next()), x };
}

const residuals = (fit: Huber, y: Float64Array, x: Float64Array): Float64Array =>
  y.map((value, i) => value - fit.alpha - fit.beta * (x[i] as number));

describe('huber', () => {
  it('keeps to the line of the market when one print is wild', () => {
    const { y, x } = market(60, 1);
    const clean = huber(y, x, { until: 'fixedPoint' });
    y[30] = (y[30] as number) + 1000;
    const wild = huber(y, x, { until: 'fixedPoint' });
    expect(Math.abs(wild.beta - clean.beta)).toBeLessThan(0.5 * clean.betaError);
    expect(Math.abs(ols(y, x).alpha - clean.alpha)).toBeGreaterThan(5);
    expect(wild.downweighted).toBeGreaterThanOrEqual(1);
  });

  it('satisfies the equations that define it: weighted residuals balance, and the scale is their MAD', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { y, x } = market(20 + seed, seed);
      const fit = huber(y, x, { until: 'fixedPoint' });
      expect(fit.converged).toBe(true);
      const r = residuals(fit, y, x);
      expect(medianAbsoluteDeviation(r, 0)).toBeCloseTo(fit.scale, 11);
      const pull = r.map((value) => Math.max(-1.345, Math.min(1.345, value / fit.scale)));
      expect(pull.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
      expect(pull.reduce((sum, value, i) => sum + value * ((x[i] as number) - 100), 0)).toBeCloseTo(0, 8);
      expect(fit.lastResidual).toBeCloseTo(r[r.length - 1] as number, 10);
    }
  });

  it('has the standard errors of its definition (H1)', () => {
    const { y, x } = market(40, 7);
    const fit = huber(y, x, { until: 'fixedPoint' });
    const u = residuals(fit, y, x).map((value) => value / fit.scale);
    const inside = u.filter((value) => Math.abs(value) <= 1.345).length / 40;
    const k = 1 + ((2 / 40) * inside * (1 - inside)) / inside ** 2;
    const pull = u.reduce((sum, value) => sum + Math.min(1.345, Math.abs(value)) ** 2, 0);
    const factor = ((k / inside) ** 2 * pull * fit.scale ** 2) / 38;
    const mean = x.reduce((sum, value) => sum + value, 0) / 40;
    const sxx = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(inside).toBeLessThan(1);
    expect(fit.betaError).toBeCloseTo(Math.sqrt(factor / sxx), 10);
    expect(fit.alphaError).toBeCloseTo(Math.sqrt(factor * (1 / 40 + mean ** 2 / sxx)), 8);
    expect(fit.betaP).toBeCloseTo(normalTwoSidedP(fit.betaZ), 14);
    expect(fit.alphaZ).toBeCloseTo(fit.alpha / fit.alphaError, 10);
  });

  it('loses no digit to the level of the prices', () => {
    // Prices to the 1024th, so that a shift of 2^33 is exact.
    const { y, x } = market(50, 8);
    const exact = (values: Float64Array): Float64Array =>
      values.map((value) => Math.round(1024 * value) / 1024);
    const near = huber(exact(y), exact(x), { until: 'fixedPoint' });
    const far = huber(
      exact(y).map((value) => value + 2 ** 33),
      exact(x).map((value) => value - 2 ** 33),
      { until: 'fixedPoint' },
    );
    expect(far.beta).toBeCloseTo(near.beta, 13);
    expect(far.scale).toBeCloseTo(near.scale, 13);
    expect(far.lastResidual).toBeCloseTo(near.lastResidual, 12);
  });

  it('finds a limit where a third of the prints stray to one side, also after a leap to a wrong place', () => {
    for (const seed of [3, 857, 911, 1097, 1915, 1958, 2296]) {
      const next = normal(seed);
      const chance = uniform(seed);
      let level = 100;
      const x = new Float64Array(20);
      const y = new Float64Array(20);
      for (let i = 0; i < 20; i++) {
        x[i] = level += next();
        y[i] = 1.4 * level + (chance() < 0.3 ? 10 * (1 + chance()) : 0.3 * next());
      }
      const fit = huber(y, x, { until: 'fixedPoint' });
      expect(fit.converged).toBe(true);
      const r = residuals(fit, y, x);
      expect(medianAbsoluteDeviation(r, 0)).toBeCloseTo(fit.scale, 11);
      const pull = r.map((value) => Math.max(-1.345, Math.min(1.345, value / fit.scale)));
      expect(pull.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
    }
  });

  it('comes to the same limit by leaps as by nothing but many small steps', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { y, x } = market(50 + seed, seed);
      const leaps = huber(y, x, { until: 'fixedPoint' });
      const steps = huber(y, x, { tolerance: 1e-300, maxIterations: 500 });
      expect(leaps.iterations).toBeLessThan(20);
      expect(leaps.beta).toBeCloseTo(steps.beta, 11);
      expect(leaps.scale).toBeCloseTo(steps.scale, 11);
    }
  });

  it('is least squares where no residual is large, with standard errors from the same sum of squares', () => {
    // Residuals of -1, 1, 1, -1 are 0.67 scales each: none is an outlier.
    const y = [0, 3, 4, 3].map((value, i) => value + 10 * i);
    const x = [0, 1, 2, 3];
    const line = ols(y, x);
    const fit = huber(y, x, { tolerance: 1e-12 });
    expect(fit.beta).toBeCloseTo(line.beta, 12);
    expect(fit.alpha).toBeCloseTo(line.alpha, 12);
    expect(fit.betaError).toBeCloseTo(line.betaError, 12);
    expect(fit.alphaError).toBeCloseTo(line.alphaError, 12);
    expect(fit.betaZ).toBeCloseTo(fit.beta / fit.betaError, 10);
    expect([fit.downweighted, fit.flags, fit.n, fit.dropped]).toEqual([0, [], 4, 0]);
  });

  it('moves with the data: other units of y and x only change the units of the answer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: -500, max: 500 }),
        (seed, powerY, powerX, shift) => {
          const { y, x } = market(40, seed);
          const [unitY, unitX] = [2 ** powerY, 2 ** powerX];
          const fit = huber(y, x, { until: 'fixedPoint' });
          const moved = huber(
            y.map((value) => unitY * (value + shift)),
            x.map((value) => unitX * value),
            { until: 'fixedPoint' },
          );
          expect(((moved.beta / fit.beta) * unitX) / unitY).toBeCloseTo(1, 10);
          expect(moved.scale / unitY).toBeCloseTo(fit.scale, 9);
          expect((moved.betaError * unitX) / unitY).toBeCloseTo(fit.betaError, 9);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('leaves out a row of which one leg is missing, and says so', () => {
    const { y, x } = market(30, 3);
    const whole = huber(y, x);
    const gaps = huber([Number.NaN, ...y, 7], [8, ...x, Number.NaN]);
    expect({ ...gaps, dropped: 0 }).toEqual(whole);
    expect(gaps.dropped).toBe(2);
  });

  it('says when it was stopped before the limit', () => {
    const { y, x } = market(60, 2);
    const fit = huber(y, x, { maxIterations: 3 });
    expect([fit.iterations, fit.converged, fit.flags]).toEqual([3, false, ['NotConverged']]);
  });

  it('refuses what has no answer, each fault by its name', () => {
    expect(codeOf(() => huber([1, 2, 3], [1, 2]))).toBe('LengthMismatch');
    expect(codeOf(() => huber([1, 2], [1, 2]))).toBe('TooFewObservations');
    expect(codeOf(() => huber([1, 2, Infinity], [1, 2, 3]))).toBe('NonFinite');
    expect(codeOf(() => huber([1, 2, 3], [1e300, -1e300, 1e300]))).toBe('NonFinite');
    expect(codeOf(() => huber([1, 2, 4], [5, 5, 5]))).toBe('ConstantSeries');
    expect(codeOf(() => huber([1, 2, 4], [1e5, 1e5 + 2e-11, 1e5]))).toBe('Collinear');
    expect(codeOf(() => huber([1, 2, 4, 3], [1, 2, 3, 4], { tuning: 0.1 }))).toBe('InvalidParameter');
    expect(codeOf(() => huber([1, 2, 4, 3], [1, 2, 3, 4], { tolerance: 0 }))).toBe('InvalidParameter');
    expect(codeOf(() => huber([1, 2, 4, 3], [1, 2, 3, 4], { maxIterations: Number.NaN }))).toBe(
      'InvalidParameter',
    );
  });

  it('has no scale where most rows lie on one line: a stale market, or an exact one', () => {
    const next = uniform(5);
    const x = Array.from({ length: 40 }, (_, i) => 50 + i + next());
    const exact = x.map((value) => 3.3 * value + 7.7);
    expect(codeOf(() => huber(exact, x))).toBe('PerfectFit');
    for (const every of [3, 5, 39]) {
      const stray = (i: number): boolean => i % every === 1;
      const y = exact.map((value, i) => (stray(i) ? value + 10 * (next() - 0.5) : value));
      expect(codeOf(() => huber(y, x, { until: 'fixedPoint' }))).toBe('PerfectFit');
      for (const level of [5, 0]) {
        const flat = x.map((_, i) => (stray(i) ? level + 10 * (next() - 0.5) : level));
        expect(codeOf(() => huber(flat, x, { until: 'fixedPoint' }))).toBe('PerfectFit');
      }
    }
  });
});
