import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseGram, solveUpper, triangularise } from './householder.ts';

const columns = fc.integer({ min: 4, max: 12 }).chain((rows) =>
  fc.array(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: rows, maxLength: rows }), {
    minLength: 4,
    maxLength: 4,
  }),
);

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

describe('triangularise', () => {
  it('keeps every length and angle', () => {
    fc.assert(
      fc.property(columns, (matrix) => {
        const rows = (matrix[0] as number[]).length;
        const buffer = Float64Array.from(matrix.flat());
        const done = triangularise(buffer, rows, 4, 3);
        const upper = matrix.map((_, j) =>
          Array.from({ length: rows }, (_, i) => (j < done && i > j ? 0 : (buffer[j * rows + i] as number))),
        );
        for (const [i, a] of matrix.entries()) {
          for (const [j, b] of matrix.entries()) {
            if (done < 3 && (i >= done || j >= done)) continue;
            expect(dot(upper[i] as number[], upper[j] as number[])).toBeCloseTo(dot(a, b), 6);
          }
        }
      }),
    );
  });

  it('stops at a column that the ones before make up', () => {
    expect(triangularise(Float64Array.from([1, 2, 3, 2, 4, 6, 1, 0, 0]), 3, 3, 3)).toBe(1);
    expect(triangularise(Float64Array.from([0, 0, 0, 1, 2, 3]), 3, 2, 2)).toBe(0);
    expect(triangularise(Float64Array.from([1, 0, 0, 1, 1e-6, 0]), 3, 2, 2)).toBe(2);
  });
});

describe('solveUpper and inverseGram', () => {
  it('give the least squares line through four points, and the inverse of its normal matrix, by hand', () => {
    // 1 and t = 0, 1, 2, 3 against 1, 3, 2, 6: X'X = [4 6; 6 14], X'y = [12; 25], so b = (0.9, 1.4).
    const table = Float64Array.from([1, 1, 1, 1, 0, 1, 2, 3, 1, 3, 2, 6]);
    expect(triangularise(table, 4, 3, 2)).toBe(2);
    const line = solveUpper(table, 4, 2, table.subarray(8, 10));
    expect(line[0]).toBeCloseTo(0.9, 14);
    expect(line[1]).toBeCloseTo(1.4, 14);
    const wanted = [
      [0.7, -0.3],
      [-0.3, 0.2],
    ];
    for (const [i, row] of inverseGram(table, 4, 2).entries()) {
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(wanted[i]?.[j] as number, 14);
    }
  });
});
