import { InputError, type Series } from '../input-error.ts';
import { requireSameLength } from '../series.ts';

/** A path at times that rise, one value per time. */
export interface Ticks {
  times: Float64Array;
  values: Float64Array;
}

/** Takes a leg; of ticks at the same time it keeps the last. Raises as `hayashiYoshida` says. */
export function ticksOf(leg: string, times: Series, values: Series): Ticks {
  requireSameLength(`hayashiYoshida, times and values of ${leg}`, times, values);
  const kept = new Float64Array(times.length);
  const path = new Float64Array(times.length);
  let n = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number;
    const value = values[i] as number;
    if (!Number.isFinite(time) || !Number.isFinite(value)) {
      throw new InputError(
        'NonFinite',
        `hayashiYoshida: tick ${i} of ${leg} is ${value} at ${time}; leave out what is no tick`,
      );
    }
    if (n > 0 && time < (kept[n - 1] as number)) {
      throw new InputError(
        'InvalidParameter',
        `hayashiYoshida: tick ${i} of ${leg} is earlier than the one before it; sort the ticks by time`,
      );
    }
    if (n === 0 || time > (kept[n - 1] as number)) n++;
    kept[n - 1] = time;
    path[n - 1] = value;
  }
  if (n < 2) {
    throw new InputError('TooFewObservations', `hayashiYoshida: ${leg} needs at least 2 times, got ${n}`);
  }
  return { times: kept.subarray(0, n), values: path.subarray(0, n) };
}

/** Sum of the squared changes from tick to tick. */
export function realisedVariance({ values }: Ticks): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += ((values[i] as number) - (values[i - 1] as number)) ** 2;
  return sum;
}

/** Sum of the squared changes between multiples of `step`, each with the last value at or before it. */
export function sampledVariance({ times, values }: Ticks, step: number): number {
  let sum = 0;
  let sampled = Number.NaN;
  for (let i = 0; i < times.length; i++) {
    const next = times[i + 1];
    // The last value before a grid point: the next tick lies in a later cell.
    if (next !== undefined && Math.ceil((times[i] as number) / step) === Math.ceil(next / step)) continue;
    const value = values[i] as number;
    if (!Number.isNaN(sampled)) sum += (value - sampled) ** 2;
    sampled = value;
  }
  return sum;
}
