import { InputError, type Series } from '../input-error.ts';
import { medianInPlace } from './select.ts';

/** The upper quartile of the standard normal: the median of |Z|, by which a MAD becomes a standard deviation. */
export const NORMAL_MAD = 0.6744897501960817;

/**
 * Median absolute deviation, scaled to estimate the standard deviation of a normal sample:
 * median |v - centre| / 0.67449, in units of the values; centre is their median unless given. Half of the values
 * may be anything before it breaks down.
 *
 * Raises `TooFewObservations` (empty) and `NonFinite`. O(n). Reference: statsmodels `robust.mad`.
 */
export function medianAbsoluteDeviation(values: Series, centre?: number): number {
  if (values.length === 0) {
    throw new InputError('TooFewObservations', 'medianAbsoluteDeviation: needs at least 1 value, got 0');
  }
  const work = Float64Array.from(values);
  for (let i = 0; i < work.length; i++) {
    if (Number.isFinite(work[i])) continue;
    throw new InputError(
      'NonFinite',
      `medianAbsoluteDeviation: value ${i} is ${work[i]}; leave missing values out first`,
    );
  }
  const middle = centre ?? medianInPlace(work);
  for (let i = 0; i < work.length; i++) work[i] = Math.abs((work[i] as number) - middle);
  return medianInPlace(work) / NORMAL_MAD;
}
