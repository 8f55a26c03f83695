import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationOf } from '../dependence/pearson.ts';
import { InputError } from '../input-error.ts';
import { type TotalLeastSquares, totalLeastSquares } from '../regression/total-least-squares.ts';
import { LongStream, priceLike, windowAt } from './price-like.fixture.ts';
import { RollingDeming } from './rolling-deming.ts';

describe('RollingDeming', () => {
  it('lays the line through points that lie on it, and treats the legs alike', () => {
    const rolling = new RollingDeming(4);
    const swapped = new RollingDeming(4);
    for (const [y, x] of [
      [0, 1],
      [2, 0],
      [1, 3],
      [4, 4],
    ] as const) {
      rolling.push(y, x);
      swapped.push(x, y);
    }
    expect(swapped.beta).toBeCloseTo(1 / rolling.beta, 14);
    // Sxx = 10, Syy = 8.75, Sxy = 5: by hand from the formula.
    expect(rolling.beta).toBeCloseTo((-1.25 + Math.sqrt(1.25 ** 2 + 100)) / 10, 14);
    expect(rolling.alpha).toBeCloseTo(1.75 - 2 * rolling.beta, 14);
  });

  it('is total least squares on each window', () => {
    fc.assert(
      fc.property(
        priceLike,
        fc.integer({ min: 5, max: 30 }),
        fc.constantFrom(0.01, 1, 25),
        (rows, window, delta) => {
          const rolling = new RollingDeming(window, 0, { delta });
          for (let t = window; t < rows.y.length; t += 3) {
            for (let i = t === window ? 0 : t - 2; i <= t; i++) {
              rolling.push(rows.y[i] as number, rows.x[i] as number);
            }
            const { y, x, n } = windowAt(rows, window, t);
            if (n < window) {
              expect(rolling.fault).toBe('TooFewObservations');
              continue;
            }
            let batch: TotalLeastSquares;
            try {
              batch = totalLeastSquares(y, x, delta);
            } catch (error) {
              if (!(error instanceof InputError)) throw error;
              expect(rolling.fault).toBe(error.code);
              continue;
            }
            if (rolling.fault === 'Collinear') continue;
            expect(rolling.fault).toBeNull();
            const flat = Math.sqrt(batch.singularValues[1] / batch.singularValues[0]);
            // Of a cloud that is round, or lies along an axis, the direction hangs on the last digits, here as there.
            if (flat > 0.9 || Math.abs(correlationOf(y, x, n)) < 1e-3) continue;
            expect(Math.abs(rolling.beta / batch.beta - 1)).toBeLessThan(1e-10);
            const level = Math.abs(batch.alpha) + Math.abs(y[n - 1] as number) + 1;
            expect(Math.abs(rolling.alpha - batch.alpha)).toBeLessThan(1e-9 * level);
            const residual = (y[n - 1] as number) - batch.alpha - batch.beta * (x[n - 1] as number);
            expect(Math.abs(rolling.lastResidual - residual)).toBeLessThan(1e-9 * level);
            const deviation =
              batch.orthogonalDeviation * Math.sqrt((n / (n - 1)) * (delta + batch.beta ** 2));
            expect(Math.abs(rolling.residualDeviation - deviation)).toBeLessThan(
              1e-8 * deviation + 1e-13 * level,
            );
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('says how far beta moves with delta', () => {
    const at = (delta: number): RollingDeming => {
      const rolling = new RollingDeming(100, 0, { delta });
      const stream = new LongStream(100);
      for (let t = 0; t < 150; t++) {
        stream.next(false);
        rolling.push(stream.y, stream.x);
      }
      return rolling;
    };
    const h = 1e-4;
    const slope = (at(2 * Math.exp(h)).beta - at(2 * Math.exp(-h)).beta) / (2 * h);
    expect(at(2).deltaSensitivity).toBeCloseTo(slope, 7);
    expect(Math.abs(slope)).toBeGreaterThan(1e-4);
  });

  it('has no line where the legs do not vary together, and refuses a delta that is no ratio of variances', () => {
    const rolling = new RollingDeming(4);
    for (const [y, x] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      rolling.push(y, x);
    }
    expect(rolling.fault).toBe('ConstantSeries');
    expect(rolling.beta).toBeNaN();
    expect(() => new RollingDeming(5, 0, { delta: 0 })).toThrow('delta is 0');
  });
});
