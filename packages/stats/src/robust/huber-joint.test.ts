import { describe, expect, it } from 'vitest';
import { codeOf, normal, uniform } from '../noise.fixture.ts';
import { huberJoint } from './index.ts';

/** The objective, as scikit-learn writes it. */
function objective(
  y: readonly number[],
  x: readonly number[],
  { alpha, beta, sigma }: { alpha: number; beta: number; sigma: number },
  epsilon: number,
  penalty: number,
): number {
  let sum = y.length * sigma + penalty * beta * beta;
  for (const [i, value] of y.entries()) {
    const residual = Math.abs(value - alpha - beta * (x[i] as number));
    sum +=
      residual <= epsilon * sigma
        ? (residual * residual) / sigma
        : 2 * epsilon * residual - epsilon * epsilon * sigma;
  }
  return sum;
}

function market(n: number, seed: number, level: number, unit: number): { y: number[]; x: number[] } {
  const next = normal(seed);
  const wild = uniform(seed);
  const x = Array.from({ length: n }, () => level + unit * next());
  const y = x.map((value) => 3 + 2 * value + unit * (wild() < 0.1 ? 30 : 0.5) * next());
  return { y, x };
}

describe('huberJoint', () => {
  it('stands at the least value: no step aside lowers the objective, at any level and unit of the prices', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const unit = 10 ** ((seed % 7) - 3);
      const { y, x } = market(15 + seed, seed, 1000 * unit, unit);
      const penalty = seed % 3 === 0 ? 100 * unit : 1e-4;
      const fit = huberJoint(y, x, { penalty });
      expect(fit.flags).toEqual([]);
      const least = objective(y, x, fit, 1.35, penalty);
      expect(fit.objective / least).toBeCloseTo(1, 12);
      const centre = x.reduce((sum, value) => sum + value, 0) / x.length;
      for (const size of [1e-1, 1e-3, 1e-5]) {
        for (const [turn, lift, scale] of [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ] as const) {
          for (const sign of [-1, 1]) {
            const beta = fit.beta + sign * size * turn * 0.1;
            // Turned about the middle of the data.
            const alpha = fit.alpha - (beta - fit.beta) * centre + sign * size * lift * unit;
            const sigma = fit.sigma * (1 + sign * size * scale);
            expect(objective(y, x, { alpha, beta, sigma }, 1.35, penalty)).toBeGreaterThan(least);
          }
        }
      }
    }
  });

  it('is least squares where epsilon leaves no outlier, with the root mean square as scale', () => {
    // y = 2 + x with residuals -1, 1, 1, -1.
    const fit = huberJoint([1, 4, 5, 4], [0, 1, 2, 3], { epsilon: 100, penalty: 0 });
    expect(fit.beta).toBeCloseTo(1, 14);
    expect(fit.alpha).toBeCloseTo(2, 14);
    expect(fit.sigma).toBeCloseTo(1, 14);
    // n sigma + sum r^2 / sigma.
    expect(fit.objective).toBeCloseTo(8, 13);
    expect([fit.n, fit.dropped, fit.outliers]).toEqual([4, 0, 0]);
    expect(fit.lastResidual).toBeCloseTo(-1, 14);
  });

  it('shrinks beta by the penalty, which depends on the units', () => {
    const { y, x } = market(50, 4, 100, 1);
    const beta = (penalty: number): number => huberJoint(y, x, { penalty }).beta;
    expect(beta(1e6)).toBeLessThan(0.01);
    expect(beta(10)).toBeLessThan(beta(0));
  });

  it('refuses what has no answer, each fault by its name', () => {
    const x = [1, 2, 3, 4, 5, 6, 7];
    expect(codeOf(() => huberJoint([1, 2, 3], [1, 2]))).toBe('LengthMismatch');
    expect(codeOf(() => huberJoint([1, 2], [1, 2]))).toBe('TooFewObservations');
    expect(codeOf(() => huberJoint([1, 2, 3], [5, 5, 5]))).toBe('ConstantSeries');
    expect(codeOf(() => huberJoint([1, 2, Infinity], [1, 2, 3]))).toBe('NonFinite');
    expect(codeOf(() => huberJoint([1, 2, 4, 4], [1, 2, 3, 4], { epsilon: 1 }))).toBe('InvalidParameter');
    expect(codeOf(() => huberJoint([1, 2, 4, 4], [1, 2, 3, 4], { penalty: -1 }))).toBe('InvalidParameter');
    expect(codeOf(() => huberJoint(x, x))).toBe('PerfectFit');
    // Five of seven rows on one line: the least value is at sigma = 0.
    expect(codeOf(() => huberJoint([1, 2, 3, 4, 5, 60, -7], x))).toBe('PerfectFit');
    expect(codeOf(() => huberJoint([5, 5, 5, 5, 5, 5, 5], x))).toBe('PerfectFit');
  });
});
