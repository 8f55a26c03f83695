import { InputError, type Series } from '../input-error.ts';

/** Remarks on a realised volatility. */
export type RealisedVolatilityFlag =
  /** Over a fifth of the returns are missing: the sum is too small by as much. */
  'ManyMissing';

/** How far a price or a spread has moved over a stretch of time. */
export interface RealisedVolatility {
  /** Returns that are known. */
  n: number;
  dropped: number;
  flags: RealisedVolatilityFlag[];
  /** Sum of squared returns: the variance of the whole stretch. */
  variance: number;
  /** Its root: the volatility of the whole stretch, over an hour for instance. */
  volatility: number;
  /** Root of the mean square: per bar. */
  perBar: number;
}

/**
 * The realised volatility of returns, or of the changes of a spread: the root of their summed squares, about 0 and
 * not about their mean (Andersen and Bollerslev 1998). Missing returns (NaN) are left out and counted. Raises
 * `TooFewObservations` (no return) and `NonFinite`. O(n).
 */
export function realisedVolatility(returns: Series): RealisedVolatility {
  let n = 0;
  let largest = 0;
  for (let i = 0; i < returns.length; i++) {
    const size = Math.abs(returns[i] as number);
    if (Number.isNaN(size)) continue;
    if (size === Infinity) throw new InputError('NonFinite', `realisedVolatility: return ${i} is infinite`);
    largest = Math.max(largest, size);
    n++;
  }
  if (n === 0) {
    throw new InputError('TooFewObservations', 'realisedVolatility: needs at least 1 known return, got 0');
  }
  let sum = 0;
  for (let i = 0; i < returns.length && largest > 0; i++) {
    const share = (returns[i] as number) / largest;
    if (!Number.isNaN(share)) sum += share * share;
  }
  const volatility = largest * Math.sqrt(sum);
  if (!Number.isFinite(volatility * volatility)) {
    throw new InputError('NonFinite', 'realisedVolatility: the squares overflow: rescale the returns');
  }
  return {
    n,
    dropped: returns.length - n,
    flags: n < 0.8 * returns.length ? ['ManyMissing'] : [],
    variance: volatility * volatility,
    volatility,
    perBar: volatility / Math.sqrt(n),
  };
}
