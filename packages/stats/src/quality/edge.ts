/** What an entry now would be expected to earn. */
export interface EdgeInput {
  z: number;
  /** Standard deviation that z is in units of: price units of y, or log units on the log scale. */
  spreadDeviation: number;
  /** |z| at which a position leaves. */
  exit: number;
  beta: number;
  scale: 'price' | 'log';
  /** Prices of the legs. */
  y: number;
  x: number;
  /** Fee and slippage of one fill, in basis points of its notional. */
  fillCostBps: number;
}

/**
 * Expected move of the spread from z to the exit, less the cost of all four fills, in basis points of the notional of
 * both legs. Below 0 an entry costs more than the way to the mean brings.
 *
 * move = (|z| - exit) deviation; notional y + |beta| x per unit of y, on the log scale 1 + |beta| per unit of notional
 * of y. Both legs are filled twice, so the costs are twice those of a fill. Null where a number is not finite or a price
 * not above 0. The spread need not arrive: this is no forecast.
 */
export function edgeBps(input: EdgeInput): number | null {
  const { z, spreadDeviation, exit, beta, scale, y, x, fillCostBps } = input;
  if (!(y > 0 && x > 0)) return null;
  const move = (Math.abs(z) - exit) * spreadDeviation;
  const notional = scale === 'log' ? 1 + Math.abs(beta) : y + Math.abs(beta) * x;
  const edge = (move / notional) * 1e4 - 2 * fillCostBps;
  return Number.isFinite(edge) ? edge : null;
}
