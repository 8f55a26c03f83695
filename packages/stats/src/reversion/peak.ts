/** Points of the coarse search: about a fifth of e apart over the ranges that are asked for. */
const gridPoints = 96;
const goldenSection = (Math.sqrt(5) - 1) / 2;

/** Where a function of one variable is highest between two bounds. */
export interface Peak {
  at: number;
  value: number;
  /** The function still rises at a bound: the peak lies outside, or at infinity. */
  edge: 'low' | 'high' | null;
}

/** The highest point of `f` between `low` and `high`: a grid, then golden sections about its best point. */
export function peakOf(f: (x: number) => number, low: number, high: number): Peak {
  const step = (high - low) / (gridPoints - 1);
  let best = 0;
  let value = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < gridPoints; i++) {
    const height = f(low + i * step);
    if (height > value) {
      best = i;
      value = height;
    }
  }
  const edge = best === 0 ? 'low' : best === gridPoints - 1 ? 'high' : null;
  if (edge !== null) return { at: low + best * step, value, edge };
  let left = low + (best - 1) * step;
  let right = low + (best + 1) * step;
  let a = right - goldenSection * (right - left);
  let b = left + goldenSection * (right - left);
  let atA = f(a);
  let atB = f(b);
  // Each section keeps 0.618 of the bracket; beyond 60 the differences of f are rounding.
  for (let i = 0; i < 60; i++) {
    if (atA >= atB) {
      right = b;
      b = a;
      atB = atA;
      a = right - goldenSection * (right - left);
      atA = f(a);
    } else {
      left = a;
      a = b;
      atA = atB;
      b = left + goldenSection * (right - left);
      atB = f(b);
    }
  }
  const at = (left + right) / 2;
  return { at, value: f(at), edge };
}
