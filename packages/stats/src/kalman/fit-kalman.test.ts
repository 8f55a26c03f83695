import { describe, expect, it } from 'vitest';
import { codeOf } from '../noise.fixture.ts';
import { fitKalman } from './fit-kalman.ts';
import { centredKalman, scaledKalman } from './kalman-prior.ts';
import { kalmanHedge } from './kalman-series.ts';

/** Standard normal numbers from a fixed seed: a congruential generator through Box and Muller. */
function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A pair whose hedge walks as the model says; variances per row. */
function market(n: number, drift: { beta: number; level: number; noise: number }, seed = 7) {
  const normal = normals(seed);
  const y = new Float64Array(n);
  const x = new Float64Array(n);
  let [price, beta, level] = [100, 1.5, 160];
  for (let t = 0; t < n; t++) {
    price += 0.5 * normal();
    beta += Math.sqrt(drift.beta) * normal();
    level += Math.sqrt(drift.level) * normal();
    x[t] = price;
    y[t] = level + beta * (price - 100) + Math.sqrt(drift.noise) * normal();
  }
  return { y, x };
}

describe('kalmanHedge', () => {
  it('has forecast errors of unit variance and no memory, if the market is as the model says', () => {
    const drift = { beta: 1e-4, level: 1e-2, noise: 0.25 };
    const { y, x } = market(3000, drift);
    const start = centredKalman(y, x);
    Object.assign(start.model, { qBeta: drift.beta, qLevel: drift.level, r: drift.noise });
    const { nis, z, scored, flags, beta } = kalmanHedge(y, x, start);
    expect(scored).toBe(2950);
    expect(Math.abs((nis as number) - 1)).toBeLessThan(3 * Math.sqrt(2 / scored));
    expect(flags).toEqual([]);
    const lagged = z.slice(51).reduce((sum, value, i) => sum + value * (z[i + 50] as number), 0) / scored;
    expect(Math.abs(lagged)).toBeLessThan(3 / Math.sqrt(scored));
    expect(beta.every(Number.isFinite)).toBe(true);
  });

  it('flags a noise that does not fit the rows', () => {
    const { y, x } = market(400, { beta: 1e-4, level: 1e-2, noise: 0.25 });
    const start = centredKalman(y, x);
    // Deviations twice as large as they are.
    Object.assign(start.model, { qBeta: 4e-4, qLevel: 4e-2, r: 1 });
    const { nis, flags } = kalmanHedge(y, x, start);
    expect(nis).toBeCloseTo(0.25, 1);
    expect(flags).toEqual(['InconsistentNoise']);
  });

  it('never looks ahead: a row changes nothing before it', () => {
    const { y, x } = market(120, { beta: 1e-4, level: 1e-2, noise: 0.25 });
    const one = kalmanHedge(y, x);
    const usual = y[100] as number;
    y[100] = 1e3;
    const other = kalmanHedge(y, x);
    expect(other.z.slice(0, 100)).toEqual(one.z.slice(0, 100));
    expect(other.beta.slice(0, 101)).not.toEqual(one.beta.slice(0, 101));
    expect(other.beta.slice(0, 100)).toEqual(one.beta.slice(0, 100));
    // The forecast is that of the rows before, whatever the row brings.
    expect(other.error[100]).toBeCloseTo((one.error[100] as number) + 1e3 - usual, 9);
    expect(other.deviation[100]).toBe(one.deviation[100]);
  });

  it('starts alike from a level at the mean of x and at 0, and from the least squares of the first rows', () => {
    const { y, x } = market(200, { beta: 0, level: 0, noise: 0.25 });
    x[7] = Number.NaN;
    const centred = centredKalman(y, x, { inSample: 40, delta: 1e-9 });
    const raw = scaledKalman(y, x, { inSample: 40, delta: 1e-9 });
    expect(centred.model.inSample).toBe(40);
    const one = kalmanHedge(y, x, centred);
    const other = kalmanHedge(y, x, raw);
    expect(one.dropped).toBe(1);
    // The drift is so small that it does not matter along which axes it goes.
    for (const t of [0, 39, 120, 199]) {
      expect(other.beta[t]).toBeCloseTo(one.beta[t] as number, 5);
      expect(other.z[t]).toBeCloseTo(one.z[t] as number, 4);
    }
  });

  it('refuses what it cannot start from, each fault by its name', () => {
    const { y, x } = market(60, { beta: 0, level: 0, noise: 0.25 });
    expect(codeOf(() => kalmanHedge(y, x.slice(1)))).toBe('LengthMismatch');
    expect(codeOf(() => kalmanHedge(y.slice(0, 49), x.slice(0, 49)))).toBe('TooFewObservations');
    expect(codeOf(() => kalmanHedge([1], [1], centredKalman(y, x)))).toBe('TooFewObservations');
    expect(codeOf(() => centredKalman(y, new Float64Array(60).fill(3)))).toBe('ConstantSeries');
    expect(codeOf(() => centredKalman(x, x))).toBe('PerfectFit');
    expect(codeOf(() => centredKalman(y, x, { delta: 0 }))).toBe('InvalidParameter');
    expect(codeOf(() => centredKalman(y, x, { inSample: 2 }))).toBe('InvalidParameter');
    y[55] = Infinity;
    expect(codeOf(() => kalmanHedge(y, x))).toBe('NonFinite');
  });
});

describe('fitKalman', () => {
  it('makes the rows likelier than the variances that they were made with, and those are not far', () => {
    const drift = { beta: 4e-4, level: 2e-2, noise: 0.25 };
    const { y, x } = market(1000, drift);
    const start = centredKalman(y, x);
    const fit = fitKalman(y, x, start);
    Object.assign(start.model, { qBeta: drift.beta, qLevel: drift.level, r: drift.noise });
    const truth = kalmanHedge(y, x, start).logLikelihood;
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(truth);
    // Twice the gain is chi-square with 3 degrees of freedom.
    expect(fit.logLikelihood - truth).toBeLessThan(8);
    expect(fit.qLevel / drift.level).toBeGreaterThan(0.5);
    expect(fit.qLevel / drift.level).toBeLessThan(2);
    expect(fit.r / drift.noise).toBeGreaterThan(0.8);
    expect(fit.r / drift.noise).toBeLessThan(1.25);
    expect(fit.flags).toEqual([]);
    expect(kalmanHedge(y, x, fit.start).logLikelihood).toBe(fit.logLikelihood);
    expect(kalmanHedge(y, x, fit.start).nis).toBeCloseTo(1, 1);
  });

  it('is at the top of the likelihood: no variance alone gains by a change of 20 %', () => {
    const { y, x } = market(500, { beta: 4e-4, level: 2e-2, noise: 0.25 });
    const fit = fitKalman(y, x);
    for (const name of ['qBeta', 'qLevel', 'r'] as const) {
      for (const factor of [0.8, 1.25]) {
        const model = { ...fit.start.model, [name]: fit[name] * factor };
        const moved = kalmanHedge(y, x, { model, state: fit.start.state }).logLikelihood;
        expect(moved).toBeLessThan(fit.logLikelihood);
      }
    }
  });

  it('puts the drifts of a hedge that stands still at 0, and says so', () => {
    const { y, x } = market(300, { beta: 0, level: 0, noise: 0.25 }, 7);
    const fit = fitKalman(y, x);
    expect(fit.flags).toEqual(['BetaDoesNotDrift', 'LevelDoesNotDrift']);
    expect([fit.qBeta, fit.qLevel]).toEqual([0, 0]);
    expect(fit.r).toBeCloseTo(0.25, 1);
  });

  it('finds no noise in a spread that is itself a random walk', () => {
    const { y, x } = market(300, { beta: 0, level: 0.04, noise: 0 }, 7);
    const { flags, r, qLevel } = fitKalman(y, x);
    expect(flags).toContain('NoNoise');
    expect(r).toBeLessThan(1e-3 * qLevel);
  });

  it('scales with the prices', () => {
    const { y, x } = market(200, { beta: 4e-4, level: 2e-2, noise: 0.25 });
    const fit = fitKalman(y, x);
    const scaled = fitKalman(
      y.map((v) => 1000 * v),
      x.map((v) => 10 * v),
    );
    expect(scaled.r / (1e6 * fit.r)).toBeCloseTo(1, 3);
    expect(scaled.qLevel / (1e6 * fit.qLevel)).toBeCloseTo(1, 3);
    expect(scaled.qBeta / (1e4 * fit.qBeta)).toBeCloseTo(1, 2);
    expect(scaled.logLikelihood).toBeCloseTo(fit.logLikelihood - 150 * Math.log(1000), 4);
  });

  it('refuses rows that hold no variance, or too few of them', () => {
    const { y, x } = market(80, { beta: 0, level: 0, noise: 0.25 });
    const start = centredKalman(y, x);
    expect(codeOf(() => fitKalman(y.slice(0, 59), x.slice(0, 59), start))).toBe('TooFewObservations');
    expect(codeOf(() => fitKalman(x, x, start))).toBe('PerfectFit');
    expect(codeOf(() => fitKalman(y, new Float64Array(80), start))).toBe('ConstantSeries');
  });
});
