import { centredKalman, type KalmanStart, logReturn } from '@tandem/stats';
import { noise } from '../noise.ts';

/** What ours and the peers compute from: the same doubles. */
export interface Series {
  /** Prices of the two legs on their ticks: y follows 18 x with a spread that reverts. */
  readonly y: Float64Array;
  readonly x: Float64Array;
  /** y - 5,000 - 18 x: what the unit root tests test, about a line that was not estimated. */
  readonly spread: Float64Array;
  /** Log returns; 0 for the first bar. */
  readonly yReturns: Float64Array;
  readonly xReturns: Float64Array;
  /** Bars of a window, of a long one, and the first bars of those windows that are computed one by one. */
  readonly window: number;
  readonly long: number;
  readonly starts: readonly number[];
  readonly kalman: KalmanStart;
}

export const bars = 20_000;

/** The seeded series of the benchmark. */
export function seriesOf(seed: number): Series {
  const next = noise(seed);
  const y = new Float64Array(bars);
  const x = new Float64Array(bars);
  let price = 3_300;
  let apart = 0;
  for (let bar = 0; bar < bars; bar += 1) {
    price += next();
    apart = 0.95 * apart + 6 * next();
    x[bar] = Math.round(price * 100) / 100;
    y[bar] = Math.round((5_000 + 18 * price + apart) * 10) / 10;
  }
  const returns = (prices: Float64Array) =>
    prices.map((after, bar) => (bar === 0 ? 0 : logReturn(prices[bar - 1]!, after)));
  return {
    y,
    x,
    spread: y.map((value, bar) => value - 5_000 - 18 * x[bar]!),
    yReturns: returns(y),
    xReturns: returns(x),
    window: 500,
    long: 2_000,
    starts: Array.from({ length: 8 }, (_, index) => 2_203 * index),
    kalman: centredKalman(y, x),
  };
}
