/**
 * Singular values and right singular vectors of a small square matrix, by one-sided Jacobi rotations: the columns
 * are turned pairwise until all are orthogonal; their lengths are then the singular values, each to its own full
 * relative precision, small ones too.
 *
 * `matrix` is column-major, `side` squared, and is overwritten. Values come in descending order; vector i is
 * `vectors[i]`. O(side^3) a sweep, few sweeps. Demmel and Veselic (1992).
 */
export function singularVectors(
  matrix: Float64Array,
  side: number,
): { values: number[]; vectors: Float64Array[] } {
  const turns = Array.from({ length: side }, (_, i) => {
    const vector = new Float64Array(side);
    vector[i] = 1;
    return vector;
  });
  const columns = Array.from({ length: side }, (_, j) => matrix.subarray(j * side, (j + 1) * side));
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < side - 1; p++) {
      for (let q = p + 1; q < side; q++) {
        const a = columns[p] as Float64Array;
        const b = columns[q] as Float64Array;
        const tangent = tangentToOrthogonal(a, b);
        if (tangent === 0) continue;
        turned = true;
        rotate(a, b, tangent);
        rotate(turns[p] as Float64Array, turns[q] as Float64Array, tangent);
      }
    }
  }
  const lengths = columns.map((column) => Math.hypot(...column));
  const order = lengths.map((_, i) => i).sort((i, j) => (lengths[j] as number) - (lengths[i] as number));
  return {
    values: order.map((i) => lengths[i] as number),
    vectors: order.map((i) => turns[i] as Float64Array),
  };
}

/** Tangent of the angle by which two columns must be turned to be orthogonal; 0 if they are. */
function tangentToOrthogonal(a: Float64Array, b: Float64Array): number {
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i++) {
    aa += (a[i] as number) * (a[i] as number);
    bb += (b[i] as number) * (b[i] as number);
    ab += (a[i] as number) * (b[i] as number);
  }
  if (Math.abs(ab) <= 4 * Number.EPSILON * Math.sqrt(aa * bb)) return 0;
  const cotangent = (bb - aa) / (2 * ab);
  return (cotangent < 0 ? -1 : 1) / (Math.abs(cotangent) + Math.hypot(1, cotangent));
}

function rotate(a: Float64Array, b: Float64Array, tangent: number): void {
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < a.length; i++) {
    const p = a[i] as number;
    const q = b[i] as number;
    a[i] = cosine * p - sine * q;
    b[i] = sine * p + cosine * q;
  }
}
