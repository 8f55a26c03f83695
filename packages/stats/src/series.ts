import { InputError, type Series } from './input-error.ts';

/** Raises `LengthMismatch` unless both legs have as many rows. */
export function requireSameLength(method: string, a: Series, b: Series): void {
  if (a.length === b.length) return;
  throw new InputError(
    'LengthMismatch',
    `${method}: the series differ in length (${a.length} and ${b.length}); align them by time first`,
  );
}

/** Whether the first `n` values are all the same. Stops at the first that differs. */
export function isConstant(values: Series, n: number = values.length): boolean {
  for (let i = 1; i < n; i++) if (values[i] !== values[0]) return false;
  return true;
}

/**
 * The pairs of `a` and `b` in which both are known, in order. Infinity is no missing value but a fault: `NonFinite`.
 */
export function knownPairs(
  method: string,
  a: Series,
  b: Series,
): { a: Float64Array; b: Float64Array; n: number; dropped: number } {
  requireSameLength(method, a, b);
  const left = new Float64Array(a.length);
  const right = new Float64Array(a.length);
  let n = 0;
  for (let i = 0; i < a.length; i++) {
    const p = a[i] as number;
    const q = b[i] as number;
    if (Math.abs(p) === Infinity || Math.abs(q) === Infinity) {
      throw new InputError('NonFinite', `${method}: row ${i} is infinite`);
    }
    if (Number.isNaN(p) || Number.isNaN(q)) continue;
    left[n] = p;
    right[n] = q;
    n++;
  }
  return { a: left, b: right, n, dropped: a.length - n };
}
