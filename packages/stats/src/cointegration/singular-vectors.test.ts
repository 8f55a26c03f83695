import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { singularVectors } from './singular-vectors.ts';

describe('singularVectors', () => {
  it('finds the axes of a matrix that can be checked by hand', () => {
    // Columns (3, 4) and (0, 5): lengths sqrt(45) and sqrt(5) along (1, 1) and (1, -1).
    const { values, vectors } = singularVectors(Float64Array.from([3, 4, 0, 5]), 2);
    expect(values[0]).toBeCloseTo(Math.sqrt(45), 13);
    expect(values[1]).toBeCloseTo(Math.sqrt(5), 13);
    const [first, second] = vectors as [Float64Array, Float64Array];
    expect((first[1] as number) / (first[0] as number)).toBeCloseTo(1, 13);
    expect((second[1] as number) / (second[0] as number)).toBeCloseTo(-1, 13);
  });

  it('keeps all digits of a small value beside a large one', () => {
    const { values } = singularVectors(Float64Array.from([1, 0, 0, 1e-12]), 2);
    expect(values).toEqual([1, 1e-12]);
  });

  it('turns a matrix into orthogonal columns of those lengths', () => {
    const matrices = fc
      .integer({ min: 1, max: 6 })
      .chain((side) =>
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: side * side, maxLength: side * side }),
      );
    fc.assert(
      fc.property(matrices, (entries) => {
        const side = Math.sqrt(entries.length);
        const { values, vectors } = singularVectors(Float64Array.from(entries), side);
        const images = vectors.map((vector) =>
          Array.from({ length: side }, (_, i) =>
            vector.reduce((sum, part, j) => sum + part * (entries[j * side + i] as number), 0),
          ),
        );
        for (let p = 0; p < side; p++) {
          for (let q = 0; q <= p; q++) {
            const product = (images[p] as number[]).reduce(
              (sum, v, i) => sum + v * ((images[q] as number[])[i] as number),
              0,
            );
            expect(product).toBeCloseTo(p === q ? (values[p] as number) ** 2 : 0, 9);
            const angle = (vectors[p] as Float64Array).reduce(
              (sum, v, i) => sum + v * ((vectors[q] as Float64Array)[i] as number),
              0,
            );
            expect(angle).toBeCloseTo(p === q ? 1 : 0, 12);
          }
        }
      }),
    );
  });
});
