/**
 * The power of two at or below a magnitude, as the unit of values up to it: dividing by it is exact, and squares of what
 * is left neither overflow nor vanish. Kept within 2^-1000 and 2^1000, that its reciprocal and the square of the
 * smallest double over it are numbers too.
 */
export function binaryUnit(largest: number): number {
  return 2 ** binaryExponent(largest);
}

/** Its exponent. */
export function binaryExponent(largest: number): number {
  return Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest))));
}
