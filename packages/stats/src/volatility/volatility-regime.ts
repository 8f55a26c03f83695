import { InputError, type Series } from '../input-error.ts';

/** How a volatility stands among its own earlier values: in their lowest, middle or highest third. */
export type VolatilityRegime = 'low' | 'mid' | 'high';

/** Earlier values without which no regime is named. */
export const leastPastVolatilities = 30;

/** A regime with the bounds that made it. */
export interface VolatilityRegimeResult {
  /** Null until 30 earlier values are known, or while the value itself is missing. */
  regime: VolatilityRegime | null;
  /** Earlier values that are known. */
  n: number;
  dropped: number;
  flags: never[];
  /** The terciles of the earlier values: low below the first, high above the second. */
  lower: number | null;
  upper: number | null;
}

/**
 * The regime of a volatility by the exact terciles of `past` values, none of which may be the value itself or later:
 * quantiles of the whole sample would look ahead. Terciles lie between order statistics, linearly. Missing values
 * (NaN) are left out. Raises `NonFinite` (Infinity). O(n log n); for an endless stream use `volatilityRegimeStep`.
 */
export function volatilityRegime(past: Series, value: number): VolatilityRegimeResult {
  const known = Float64Array.from(past).filter((one) => !Number.isNaN(one));
  if (Math.abs(value) === Infinity || known.some((one) => Math.abs(one) === Infinity)) {
    throw new InputError('NonFinite', 'volatilityRegime: a volatility is infinite');
  }
  const n = known.length;
  const result = { n, dropped: past.length - n, flags: [] };
  if (n < leastPastVolatilities) return { ...result, regime: null, lower: null, upper: null };
  known.sort();
  const lower = between(known, (n - 1) / 3);
  const upper = between(known, (2 * (n - 1)) / 3);
  return { ...result, regime: regimeBetween(value, lower, upper), lower, upper };
}

/** low below the lower bound, high above the upper, mid between and on them; null for a missing value. */
export function regimeBetween(value: number, lower: number, upper: number): VolatilityRegime | null {
  if (Number.isNaN(value)) return null;
  if (value < lower) return 'low';
  return value > upper ? 'high' : 'mid';
}

/** The value at a fractional rank of sorted values. */
function between(sorted: Float64Array, rank: number): number {
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (rank - below) * (high - low);
}
