/** Where a search ended. */
export interface Minimum {
  point: number[];
  value: number;
  evaluations: number;
}

export interface SearchLimits {
  /** Edge of the first simplex, in units of the parameters. */
  step: number;
  /** The search ends when all corners lie within this of the best, parameter by parameter… */
  pointTolerance: number;
  /** …and their values too. */
  valueTolerance: number;
  evaluations: number;
}

/**
 * A local minimum by the simplex method, without derivatives: reflection 1, expansion 2, contraction and shrinking
 * 1/2. NaN counts as Infinity. Reference: Nelder and Mead (1965).
 */
export function nelderMead(
  objective: (point: readonly number[]) => number,
  start: readonly number[],
  limits: SearchLimits,
): Minimum {
  let evaluations = 0;
  const evaluate = (point: number[]): Corner => {
    evaluations++;
    const value = objective(point);
    return { point, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = [evaluate([...start])];
  for (let i = 0; i < start.length; i++) {
    simplex.push(evaluate(start.map((value, j) => (j === i ? value + limits.step : value))));
  }
  while (true) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0] as Corner;
    if (evaluations >= limits.evaluations || isSmall(simplex, limits)) {
      return { point: best.point, value: best.value, evaluations };
    }
    const worst = simplex[start.length] as Corner;
    const centre = start.map(
      (_, j) => simplex.slice(0, -1).reduce((sum, c) => sum + at(c, j), 0) / start.length,
    );
    const along = (t: number) => evaluate(centre.map((c, j) => c + t * (c - at(worst, j))));
    simplex[start.length] = replacement(simplex, along) ?? worst;
    if (simplex[start.length] !== worst) continue;
    for (let i = 1; i < simplex.length; i++) {
      const corner = simplex[i] as Corner;
      simplex[i] = evaluate(corner.point.map((value, j) => (value + at(best, j)) / 2));
    }
  }
}

interface Corner {
  point: number[];
  value: number;
}

function at(corner: Corner, j: number): number {
  return corner.point[j] as number;
}

/** A better corner than the worst, on the line through it and the centre of the others; undefined if none is. */
function replacement(simplex: readonly Corner[], along: (t: number) => Corner): Corner | undefined {
  const best = simplex[0] as Corner;
  const worst = simplex[simplex.length - 1] as Corner;
  const second = simplex[simplex.length - 2] as Corner;
  const reflected = along(1);
  if (reflected.value < best.value) {
    const expanded = along(2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < second.value) return reflected;
  const outside = reflected.value < worst.value;
  const contracted = along(outside ? 0.5 : -0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : undefined;
}

function isSmall(simplex: readonly Corner[], { pointTolerance, valueTolerance }: SearchLimits): boolean {
  const best = simplex[0] as Corner;
  return simplex.every(
    (corner) =>
      corner.value - best.value <= valueTolerance &&
      corner.point.every((value, j) => Math.abs(value - at(best, j)) <= pointTolerance),
  );
}
