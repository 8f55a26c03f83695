import { InputError, type Series } from './input-error.ts';

/** Arithmetic mean of the first `n` values, by two passes: the second removes the rounding of the first. NaN for n = 0. */
export function meanOf(values: Series, n: number = values.length): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  const rough = sum / n;
  let rest = 0;
  for (let i = 0; i < n; i++) rest += (values[i] as number) - rough;
  return rough + rest / n;
}

/** Mean and standard deviation (divisor n - ddof) of a series without missing values. */
export interface Moments {
  n: number;
  mean: number;
  deviation: number;
}

/**
 * Mean and standard deviation; ddof 1 (the sample deviation) unless said otherwise.
 *
 * deviation = sqrt( sum (v - mean)^2 / (n - ddof) ), with the deviations' own mean taken out again, so that
 * prices near 100,000 with moves of 0.01 lose no digits. Raises `TooFewObservations` for n <= ddof and
 * `NonFinite` for NaN or Infinity.
 */
export function moments(values: Series, ddof = 1): Moments {
  const n = values.length;
  if (n <= ddof) {
    throw new InputError('TooFewObservations', `moments: needs more than ${ddof} values, got ${n}`);
  }
  const mean = meanOf(values, n);
  if (!Number.isFinite(mean)) {
    throw new InputError('NonFinite', 'moments: a value is NaN or infinite, or the sum overflows');
  }
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const d = (values[i] as number) - mean;
    squares += d * d;
    rest += d;
  }
  const sum = Math.max(0, squares - (rest * rest) / n);
  return { n, mean, deviation: Math.sqrt(sum / (n - ddof)) };
}
