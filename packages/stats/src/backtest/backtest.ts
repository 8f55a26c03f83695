import { InputError } from '../input-error.ts';
import { requireSameLength } from '../series.ts';
import { type BacktestMetrics, metricsOf } from './metrics.ts';
import { type ReversionRules, requireRules } from './reversion-rules.ts';
import { type BacktestRows, runRules, type Trade } from './run.ts';

/** How a backtest is run. */
export interface BacktestOptions {
  rules: ReversionRules;
  /** Fee and slippage of every fill, in basis points of its notional. */
  costBps: number;
  /** In the currency of the prices; one unit of y is traded against it. */
  capital: number;
  /** Rows per year. */
  periodsPerYear: number;
  /** Close what is open at the last row (true unless given). */
  closeAtEnd?: boolean;
}

/** Remarks on a backtest. */
export type BacktestFlag =
  /** No entry: the ratios are null. */
  | 'NoTrades'
  /** Under 30 trades: win rate and profit factor say little. */
  | 'FewTrades'
  /** A position is open after the last row; it is in the equity, not among the trades. */
  | 'OpenAtEnd';

/** What trading the rules would have made. */
export interface Backtest {
  n: number;
  dropped: number;
  flags: BacktestFlag[];
  /** Position after the close of each row. */
  position: Int8Array;
  /** Profit of each row after costs. */
  net: Float64Array;
  /** Capital and the profit so far, after each row. */
  equity: Float64Array;
  trades: Trade[];
  metrics: BacktestMetrics;
}

/**
 * Trades the reversion of a spread through the past, one unit of y against beta units of x, without a look ahead.
 *
 * At the close of a row its z is known and the position decided; the profit of the next row is q . (p_{t+1} - p_t). The
 * hedge ratio stays as it was at entry. A transition costs (|dq_y| y + |dq_x| x) costBps / 10^4. One transition per
 * row; `moveAt` says which. Closes are those of consecutive rows that have both legs. Raises `LengthMismatch`,
 * `TooFewObservations` (under 2 rows), `NonFinite` (a close that is NaN, anything infinite), `NonPositivePrice` and
 * `InvalidParameter`. O(n).
 */
export function backtest(rows: BacktestRows, options: BacktestOptions): Backtest {
  const { rules, costBps, closeAtEnd = true } = options;
  requireRows(rows);
  requireOptions(options);
  const run = runRules(rows, rules, costBps, closeAtEnd);
  const { equity, metrics } = metricsOf(run, options);
  const { position, net, trades } = run;
  const n = position.length;
  const flags: BacktestFlag[] = [];
  if (trades.length === 0) flags.push('NoTrades');
  else if (trades.length < 30) flags.push('FewTrades');
  if (position[n - 1] !== 0) flags.push('OpenAtEnd');
  return { n, dropped: 0, flags, position, net, equity, trades, metrics };
}

function requireRows({ y, x, z, beta }: BacktestRows): void {
  requireSameLength('backtest', y, x);
  requireSameLength('backtest (y and z)', y, z);
  requireSameLength('backtest (y and beta)', y, beta);
  if (y.length < 2) {
    throw new InputError('TooFewObservations', `backtest: needs at least 2 rows, got ${y.length}`);
  }
  for (let t = 0; t < y.length; t++) {
    if (Math.abs(z[t] as number) === Infinity || Math.abs(beta[t] as number) === Infinity) {
      throw new InputError(
        'NonFinite',
        `backtest: z or beta of row ${t} is infinite; give NaN if it is not known`,
      );
    }
    for (const price of [y[t] as number, x[t] as number]) {
      if (!Number.isFinite(price)) {
        throw new InputError(
          'NonFinite',
          `backtest: a close of row ${t} is ${price}; leave out rows that lack a leg`,
        );
      }
      if (price <= 0) {
        throw new InputError(
          'NonPositivePrice',
          `backtest: a close of row ${t} is ${price}; costs need it above 0`,
        );
      }
    }
  }
}

function requireOptions({ rules, costBps, capital, periodsPerYear }: BacktestOptions): void {
  requireRules('backtest', rules);
  const positive = (value: number): boolean => value > 0 && value < Infinity;
  if (!positive(capital) || !positive(periodsPerYear) || !(costBps >= 0 && costBps < Infinity)) {
    throw new InputError(
      'InvalidParameter',
      `backtest: capital ${capital}, periodsPerYear ${periodsPerYear}, costBps ${costBps}; give capital and periods above 0 and costs from 0`,
    );
  }
}
