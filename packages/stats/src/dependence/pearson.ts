import { binaryUnit } from '../binary-unit.ts';
import { emptyPairSums, sumCentredPairs } from '../centred-pair-sums.ts';
import { InputError, type Series } from '../input-error.ts';
import { isConstant, knownPairs } from '../series.ts';
import { LEAST_SUM } from '../sums-of-squares.ts';

/** Remarks on a correlation. */
export type PearsonFlag =
  /** Under 10 pairs: chance alone easily goes beyond 0.6. */
  'FewPairs';

/** A correlation with the number of pairs that it stands on. */
export interface Pearson {
  r: number;
  n: number;
  dropped: number;
  flags: PearsonFlag[];
}

/**
 * Pearson's correlation coefficient, Sab / sqrt(Saa Sbb) of centred sums, clamped to [-1, 1].
 *
 * Pairs with a missing (NaN) member are left out and counted in `dropped`. Raises `LengthMismatch`,
 * `TooFewObservations` (fewer than 2 pairs), `NonFinite` and `ConstantSeries`. O(n).
 */
export function pearson(a: Series, b: Series): Pearson {
  const pairs = knownPairs('pearson', a, b);
  if (pairs.n < 2) {
    throw new InputError('TooFewObservations', `pearson: needs at least 2 pairs, got ${pairs.n}`);
  }
  const r = correlationOf(pairs.a, pairs.b, pairs.n);
  if (Number.isNaN(r)) {
    throw new InputError('ConstantSeries', 'pearson: a series does not vary, so nothing can vary with it');
  }
  return { r, n: pairs.n, dropped: pairs.dropped, flags: pairs.n < 10 ? ['FewPairs'] : [] };
}

/**
 * The same over the first `n` entries of two buffers without missing values, for loops that must not raise, nor
 * allocate (but where squares leave the range of doubles): NaN if a series is constant or n < 2.
 */
export function correlationOf(a: Series, b: Series, n: number): number {
  if (n < 2 || isConstant(a, n) || isConstant(b, n)) return Number.NaN;
  const r = correlationInRange(a, b, n);
  return Number.isNaN(r) ? correlationInRange(inOwnUnit(a, n), inOwnUnit(b, n), n) : r;
}

const sums = emptyPairSums();

/** NaN if a sum of squares over- or underflows. */
function correlationInRange(a: Series, b: Series, n: number): number {
  sumCentredPairs(a, b, n, sums);
  const { saa, sab, sbb } = sums;
  if (!(saa > LEAST_SUM && sbb > LEAST_SUM && saa < Infinity && sbb < Infinity)) return Number.NaN;
  // Two roots, not the root of the product, which would under- or overflow sooner.
  const r = sab / (Math.sqrt(saa) * Math.sqrt(sbb));
  return Number.isFinite(r) ? Math.max(-1, Math.min(1, r)) : Number.NaN;
}

function inOwnUnit(values: Series, n: number): Float64Array {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[i] as number));
  const unit = binaryUnit(largest);
  return Float64Array.from({ length: n }, (_, i) => (values[i] as number) / unit);
}
