/**
 * What rounding took from a product: a b - product, exactly, for product = a * b as the machine has it. Not for factors
 * above some 1e300. Reference: Dekker (1971).
 */
export function lostOfProduct(a: number, b: number, product: number): number {
  const highA = upperHalf(a);
  const highB = upperHalf(b);
  const lowA = a - highA;
  const lowB = b - highB;
  return highA * highB - product + highA * lowB + lowA * highB + lowA * lowB;
}

/** The upper 26 bits of a double, so that products of two halves are exact. */
function upperHalf(value: number): number {
  const shifted = 134_217_729 * value;
  return shifted - (shifted - value);
}
