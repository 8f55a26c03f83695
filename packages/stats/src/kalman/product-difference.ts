import { lostOfProduct } from '../exact-product.ts';

/**
 * a b - c d to nearly full precision, also where the products agree in most digits: each product is split into its
 * rounded value and the exact rest. Reference: Dekker (1971).
 */
export function productDifference(a: number, b: number, c: number, d: number): number {
  const ab = a * b;
  const cd = c * d;
  const exact = ab - cd + (lostOfProduct(a, b, ab) - lostOfProduct(c, d, cd));
  // Splitting overflows for factors above 1e300 or so.
  return Number.isFinite(exact) ? exact : ab - cd;
}
