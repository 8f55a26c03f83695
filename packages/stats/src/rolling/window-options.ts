import { InputError } from '../input-error.ts';

/** How many rows of a sliding window must be known before it answers. */
export interface WindowOptions {
  /** Least known rows (pandas `min_periods`); the whole window unless said otherwise. */
  minPeriods?: number | undefined;
}

/**
 * Raises `InvalidParameter` unless a window can be laid over the rows as asked; `least` is the fewest rows that
 * the estimator can answer from.
 */
export function requireWindow(
  method: string,
  window: number,
  first: number,
  minPeriods: number,
  least: number,
): void {
  if (!Number.isSafeInteger(window) || window < Math.max(2, least)) {
    throw new InputError(
      'InvalidParameter',
      `${method}: a window of ${window} rows; it needs a whole number of at least ${Math.max(2, least)}`,
    );
  }
  if (!Number.isSafeInteger(first) || first < 0) {
    throw new InputError(
      'InvalidParameter',
      `${method}: the first row's index is ${first}; it must be a whole number of at least 0`,
    );
  }
  if (!Number.isSafeInteger(minPeriods) || minPeriods < least || minPeriods > window) {
    throw new InputError(
      'InvalidParameter',
      `${method}: minPeriods is ${minPeriods}; it must be a whole number from ${least} to the window, ${window}`,
    );
  }
}

/** Raises `NonFinite`: an infinite number is no missing row, and would spoil every window that it enters. */
export function infiniteRow(method: string, index: number): never {
  throw new InputError(
    'NonFinite',
    `${method}: row ${index} is infinite; push NaN for a row that is missing`,
  );
}
