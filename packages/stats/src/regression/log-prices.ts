import { InputError, type Series } from '../input-error.ts';

/**
 * Natural logarithms of prices: in a regression of them beta is an elasticity, per cent of y per cent of x. NaN
 * stays NaN. Raises `NonPositivePrice` and `NonFinite`.
 */
export function logPrices(prices: Series): Float64Array {
  return Float64Array.from(prices, (price, i) => {
    if (price <= 0) {
      throw new InputError('NonPositivePrice', `logPrices: price ${i} is ${price}; a log needs it above 0`);
    }
    if (price === Infinity) throw new InputError('NonFinite', `logPrices: price ${i} is infinite`);
    return Math.log(price);
  });
}
