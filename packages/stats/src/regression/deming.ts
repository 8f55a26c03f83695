import type { InputCode } from '../input-error.ts';
import { LEAST_SUM } from '../sums-of-squares.ts';

/** The slope of total least squares from centred sums; NaN for Sxy = 0. delta = var(error y) / var(error x). */
export function demingSlope(sxx: number, syy: number, sxy: number, delta: number): number {
  if (sxy === 0) return Number.NaN;
  const q = syy - delta * sxx;
  const square = q * q + 4 * delta * sxy * sxy;
  // Quicker than `hypot` and no less exact, but where squares leave the range of doubles.
  const root =
    square >= LEAST_SUM && square < Infinity ? Math.sqrt(square) : Math.hypot(q, 2 * Math.sqrt(delta) * sxy);
  // Of two forms of the same root, the one that adds.
  return q >= 0 ? (q + root) / (2 * sxy) : (2 * delta * sxy) / (root - q);
}

/**
 * Why the centred sums of two legs that vary give no such slope; null if they do: squares leave the range of doubles, or
 * the legs do not vary together, so that no slope is best.
 */
export function demingFault(sxx: number, syy: number, sxy: number, delta: number): InputCode | null {
  if (!(Math.max(sxx, syy, delta * sxx) < 1e150 && Math.min(sxx, syy, delta * sxx) > 1e-150)) {
    return 'NonFinite';
  }
  const rounding = 4 * Number.EPSILON * Math.sqrt(sxx) * Math.sqrt(syy);
  return Math.abs(sxy) <= rounding ? 'ConstantSeries' : null;
}
