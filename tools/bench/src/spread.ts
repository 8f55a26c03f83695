/** Several measurements of one thing: the middle one, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The value that the share `q` of the values does not exceed, between neighbours on a straight line; null of nothing. */
export function quantile(values: readonly number[], q: number): number | null {
  if (!(q >= 0 && q <= 1)) throw new Error(`a quantile lies from 0 to 1, not at ${q}`);
  return quantileOfSorted([...values].sort(ascending), q);
}

function quantileOfSorted(sorted: readonly number[], q: number): number | null {
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}

/** How far the measurements of several rounds lie apart; there must be at least one. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort(ascending);
  const median = quantileOfSorted(sorted, 0.5);
  const [min, max] = [sorted.at(0), sorted.at(-1)];
  if (median === null || min === undefined || max === undefined)
    throw new Error('nothing was measured: there is no spread of it');
  return { median, min, max };
}

/** What half, and what all but one in a hundred of the values do not exceed, and the highest; null of nothing. */
export interface Tail {
  readonly count: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The tail of a distribution, for latencies. */
export function tailOf(values: readonly number[]): Tail {
  const sorted = [...values].sort(ascending);
  return {
    count: sorted.length,
    p50: quantileOfSorted(sorted, 0.5),
    p99: quantileOfSorted(sorted, 0.99),
    max: sorted.at(-1) ?? null,
  };
}

/** How much `y` grows per unit of `x` on the straight line of least squares; null if `x` does not vary. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number | null {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  let along = 0;
  let across = 0;
  for (const point of points) {
    along += (point.x - x) ** 2;
    across += (point.x - x) * (point.y - y);
  }
  return along > 0 ? across / along : null;
}

function ascending(one: number, other: number): number {
  return one - other;
}
