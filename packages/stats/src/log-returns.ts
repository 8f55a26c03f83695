import { InputError, type Series } from './input-error.ts';

/**
 * Log returns ln(p[i+1] / p[i]) of consecutive prices: one value fewer than prices. NaN marks a missing price
 * and makes both returns that touch it NaN. Raises `NonPositivePrice` and `NonFinite`.
 */
export function logReturns(prices: Series): Float64Array {
  const returns = new Float64Array(Math.max(0, prices.length - 1));
  for (let i = 0; i < prices.length; i++) {
    const price = prices[i] as number;
    if (price <= 0) {
      throw new InputError('NonPositivePrice', `logReturns: price ${i} is ${price}; a log needs it above 0`);
    }
    if (price === Infinity) throw new InputError('NonFinite', `logReturns: price ${i} is infinite`);
    if (i > 0) returns[i - 1] = logReturn(prices[i - 1] as number, price);
  }
  return returns;
}

/**
 * ln(next / previous): from the move, because ln(next) - ln(previous) loses the digits of a small one; but where a price
 * falls by more than half, the move loses the digits of what is left, and where it more than doubles it may overflow.
 */
export function logReturn(previous: number, next: number): number {
  const move = (next - previous) / previous;
  return move > 1 || move < -0.5 ? Math.log(next) - Math.log(previous) : Math.log1p(move);
}
