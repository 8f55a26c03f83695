import { InputError, type Series } from '../input-error.ts';

/** Below this length a sample for the pivot costs more than it saves. */
const SAMPLED_FROM = 400;

/**
 * The k-th smallest (k from 0) of `values[from .. to)`, none of which may be NaN. Reorders that range: what stands
 * before position from + k is not larger, what stands behind is not smaller.
 *
 * Floyd and Rivest (1975), algorithm 489, CACM 18: about 1.5 n comparisons, any number of ties.
 */
export function select(values: Float64Array, k: number, from = 0, to: number = values.length): number {
  const target = from + k;
  let left = from;
  let right = to - 1;
  while (left < right) {
    if (right - left >= SAMPLED_FROM) narrow(values, target, left, right);
    const pivot = values[target] as number;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const moved = values[i] as number;
      values[i] = values[j] as number;
      values[j] = moved;
      i++;
      j--;
    }
    if (target <= j) right = j;
    else if (target >= i) left = i;
    else break;
  }
  return values[target] as number;
}

/** Puts at `target` a value whose rank in the whole range is likely just beyond it, found in a small sample around. */
function narrow(values: Float64Array, target: number, left: number, right: number): void {
  const n = right - left + 1;
  const rank = target - left + 1;
  const log = Math.log(n);
  const size = 0.5 * Math.exp((2 * log) / 3);
  const margin = 0.5 * Math.sqrt((log * size * (n - size)) / n) * Math.sign(rank - n / 2);
  const start = Math.max(left, Math.floor(target - (rank * size) / n + margin));
  const end = Math.min(right, Math.floor(target + ((n - rank) * size) / n + margin));
  if (start <= target && target <= end) select(values, target - start, start, end + 1);
}

/** Half the sum of two numbers, also where the sum overflows. */
export function midpoint(a: number, b: number): number {
  const sum = a + b;
  return Number.isFinite(sum) ? sum / 2 : a / 2 + b / 2;
}

/**
 * The median of the first `n` values (n >= 1, no NaN), which are reordered: the middle one, or the mean of the middle
 * two. O(n), no allocation.
 */
export function medianInPlace(values: Float64Array, n: number = values.length): number {
  const half = n >> 1;
  const upper = select(values, half, 0, n);
  if (n % 2 === 1) return upper;
  // Everything before the middle is not larger: its largest is the neighbour.
  let lower = values[0] as number;
  for (let i = 1; i < half; i++) if ((values[i] as number) > lower) lower = values[i] as number;
  return midpoint(lower, upper);
}

/** The median of a series without missing values. Raises `TooFewObservations` (empty) and `NonFinite`. O(n). */
export function median(values: Series): number {
  if (values.length === 0)
    throw new InputError('TooFewObservations', 'median: needs at least 1 value, got 0');
  const copy = Float64Array.from(values);
  for (let i = 0; i < copy.length; i++) {
    if (!Number.isFinite(copy[i])) {
      throw new InputError('NonFinite', `median: value ${i} is ${copy[i]}; leave missing values out first`);
    }
  }
  return medianInPlace(copy);
}
