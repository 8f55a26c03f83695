import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { removeTrend } from './deterministic-trend.ts';

describe('removeTrend', () => {
  it('takes a parabola out of a parabola and leaves nothing', () => {
    const values = Float64Array.from({ length: 11 }, (_, i) => 7 - 3 * i + 0.5 * i * i);
    const coefficients = new Float64Array(3);
    removeTrend(values, 11, 3, coefficients);
    for (const value of values) expect(value).toBeCloseTo(0, 13);
    // About the middle row 5: slope -3 + 5, bend 0.5, mean 7 - 15 + 12.5 + 0.5 * 10.
    expect(Array.from(coefficients, (value) => Number(value.toFixed(10)))).toEqual([9.5, 2, 0.5]);
  });

  it('leaves what is orthogonal to every power of the row', () => {
    const series = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 3 }), (given, terms) => {
        const values = Float64Array.from(given);
        removeTrend(values, values.length, terms, new Float64Array(3));
        for (let power = 0; power < terms; power++) {
          const sum = values.reduce((total, value, i) => total + value * (i / values.length) ** power, 0);
          expect(sum).toBeCloseTo(0, 8);
        }
        if (terms === 0) expect(Array.from(values)).toEqual(given);
      }),
    );
  });
});
