import { InputError } from '../input-error.ts';

/** An entry that is followed at its own prices and hedge ratio. */
export interface PinnedEntry {
  side: -1 | 1;
  /** Units of x per unit of y at entry. */
  beta: number;
  y: number;
  x: number;
}

/** What closing it now would bring, per unit of y, in the currency of the prices. */
export interface PinnedProfit {
  gross: number;
  /** Of all four fills. */
  cost: number;
  net: number;
  /** net over the notional of both legs at entry, in basis points. */
  netBps: number;
}

/**
 * Profit of a pinned entry if it were closed at the prices `y` and `x`, as a backtest would count it. Raises
 * `NonFinite` and `NonPositivePrice`.
 */
export function pinnedProfit(entry: PinnedEntry, y: number, x: number, costBps: number): PinnedProfit {
  for (const value of [entry.beta, entry.y, entry.x, y, x, costBps]) {
    if (!Number.isFinite(value))
      throw new InputError('NonFinite', `pinnedProfit: ${value} is no finite number`);
  }
  if (!(entry.y > 0 && entry.x > 0 && y > 0 && x > 0)) {
    throw new InputError('NonPositivePrice', 'pinnedProfit: a price is not above 0; costs need it');
  }
  const { side, beta } = entry;
  const opened = entry.y + Math.abs(beta) * entry.x;
  const closed = y + Math.abs(beta) * x;
  const gross = side * (y - entry.y - beta * (x - entry.x));
  const cost = ((opened + closed) * costBps) / 1e4;
  return { gross, cost, net: gross - cost, netBps: ((gross - cost) / opened) * 1e4 };
}
