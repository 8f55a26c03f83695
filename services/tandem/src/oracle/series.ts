import { logPrices, logReturns } from '@tandem/stats';
import { member, numbersOf, type OracleCase } from './oracle-file.ts';

/** The input of this name. */
export function inputOf(test: OracleCase, name: string): Float64Array {
  return numbersOf(member(test.inputs, name));
}

/** Both legs, as what the parameter `transform` makes of their prices. */
export function legsOf(test: OracleCase): { y: Float64Array; x: Float64Array } {
  return { y: transformed(test, inputOf(test, 'y')), x: transformed(test, inputOf(test, 'x')) };
}

/** The series that the parameter `series` names, an input or "log_return(input)", as `transform` makes it. */
export function seriesOf(test: OracleCase): Float64Array {
  const name = member(test.params, 'series');
  if (typeof name !== 'string') throw new Error(`series = ${JSON.stringify(name)} names no series`);
  const inner = /^log_return\((\w+)\)$/.exec(name)?.[1];
  return transformed(test, inner === undefined ? inputOf(test, name) : logDifferences(test, inner));
}

/** Log returns as some references take them; `logReturns` of @tandem/stats has digits more, which they lack. */
export function logDifferences(test: OracleCase, name: string): Float64Array {
  const logs = logPrices(inputOf(test, name));
  return logs.slice(1).map((value, i) => value - (logs[i] as number));
}

/** Prices as the parameter `transform` would have them; the prices themselves without it. */
function transformed(test: OracleCase, prices: Float64Array): Float64Array {
  const { transform = 'price' } = test.params;
  if (transform === 'price') return prices;
  if (transform === 'log') return logPrices(prices);
  if (transform === 'log_return') return logReturns(prices);
  if (transform === 'simple_return') {
    return prices.subarray(1).map((v, i) => v / (prices[i] as number) - 1);
  }
  throw new Error(`the transform ${JSON.stringify(transform)} is unknown`);
}
