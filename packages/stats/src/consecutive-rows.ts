import { binaryUnit } from './binary-unit.ts';
import { InputError, type Series } from './input-error.ts';
import { isConstant } from './series.ts';

/** A series of rows that follow each other in time without a gap, in its own unit. */
export interface ConsecutiveRows {
  /** The series divided by `unit`: a copy. */
  values: Float64Array;
  /** A power of two near the largest magnitude: division is exact, and no square over- or underflows. */
  unit: number;
}

/**
 * Takes a series that must be gap-free and vary. Raises `TooFewObservations` below `least` rows, `NonFinite` for NaN and
 * Infinity, and `ConstantSeries`.
 */
export function consecutiveRows(method: string, series: Series, least: number): ConsecutiveRows {
  const n = series.length;
  if (n < least) {
    throw new InputError('TooFewObservations', `${method}: needs at least ${least} rows, got ${n}`);
  }
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const value = series[i] as number;
    if (!Number.isFinite(value)) {
      throw new InputError(
        'NonFinite',
        `${method}: row ${i} is ${value}; rows follow each other in time, so cut the series at the gap`,
      );
    }
    largest = Math.max(largest, Math.abs(value));
  }
  if (isConstant(series)) {
    throw new InputError('ConstantSeries', `${method}: the series does not vary`);
  }
  const unit = binaryUnit(largest);
  return { values: Float64Array.from({ length: n }, (_, i) => (series[i] as number) / unit), unit };
}
