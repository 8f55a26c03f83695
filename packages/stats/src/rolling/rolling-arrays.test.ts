import { describe, expect, it } from 'vitest';
import { InputError } from '../input-error.ts';
import { LongStream } from './price-like.fixture.ts';
import { rollingCorrelation, rollingDeming, rollingMoments, rollingOls } from './rolling-arrays.ts';
import { RollingDeming } from './rolling-deming.ts';
import { RollingOls } from './rolling-ols.ts';

function rows(n: number): { y: Float64Array; x: Float64Array } {
  const stream = new LongStream(1);
  const y = new Float64Array(n);
  const x = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    stream.next(false);
    y[t] = stream.y;
    x[t] = stream.x;
  }
  return { y, x };
}

describe('rolled arrays', () => {
  it('hold row by row what the engines say after each push', () => {
    const { y, x } = rows(120);
    x[60] = Number.NaN;
    const ols = rollingOls(y, x, 20, { minPeriods: 15 });
    const deming = rollingDeming(y, x, 20, { minPeriods: 15, delta: 2 });
    const line = new RollingOls(20, 0, { minPeriods: 15 });
    const orthogonal = new RollingDeming(20, 0, { minPeriods: 15, delta: 2 });
    for (let t = 0; t < 120; t++) {
      line.push(y[t] as number, x[t] as number);
      orthogonal.push(y[t] as number, x[t] as number);
      expect([ols.alpha[t], ols.beta[t], ols.z[t], ols.rSquared[t]]).toEqual([
        line.alpha,
        line.beta,
        line.z,
        line.rSquared,
      ]);
      expect([deming.beta[t], deming.lastResidual[t]]).toEqual([orthogonal.beta, orthogonal.lastResidual]);
    }
    expect([ols.n, ols.dropped, ols.flags]).toEqual([120, 1, []]);
    expect(ols.beta.findIndex((beta) => !Number.isNaN(beta))).toBe(14);
  });

  it('flag a stretch that stands still, and one that lies on a line', () => {
    const flat = rollingMoments([1, 2, 2, 2, 5], 3);
    expect([...flat.deviation].map((d) => d === 0)).toEqual([false, false, false, true, false]);
    expect(flat.z[3]).toBeNaN();
    expect(flat.flags).toEqual(['ConstantWindow']);
    expect(rollingCorrelation([1, 2, 3, 4], [7, 7, 7, 9], 3).flags).toEqual(['ConstantWindow']);
    expect(rollingCorrelation([1, 2, 3, 4], [7, 8, 7, 9], 3).flags).toEqual([]);
    const x = [1, 2, 4, 4, 4, 4];
    const line = rollingOls(
      x.map((v) => 2 * v),
      x,
      4,
    );
    expect(line.flags).toEqual(['ConstantWindow', 'PerfectFit']);
  });

  it('refuse legs of different length, each by its name', () => {
    for (const roll of [rollingOls, rollingDeming, rollingCorrelation]) {
      expect(() => roll([1, 2, 3], [1, 2], 3)).toThrow(`${roll.name}: the series differ in length`);
    }
    expect(() => rollingMoments([1, Infinity, 3], 2)).toThrow(InputError);
  });
});
