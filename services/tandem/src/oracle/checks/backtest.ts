import { type Backtest, type BacktestMetrics, backtest } from '@tandem/stats';
import { wantedOf } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member, numbersOf, type OracleCase } from '../oracle-file.ts';
import { numberParameter, requireKnown, truthOf } from '../parameters.ts';
import { inputOf } from '../series.ts';

const metricNames: Readonly<Record<string, keyof BacktestMetrics>> = {
  total_pnl: 'totalProfit',
  gross_pnl: 'grossProfit',
  total_cost: 'totalCost',
  mean_return: 'meanReturn',
  sd_return: 'returnDeviation',
  sharpe: 'sharpe',
  sortino: 'sortino',
  max_drawdown_abs: 'maxDrawdown',
  max_drawdown_pct: 'maxDrawdownShare',
  turnover: 'turnover',
  n_trades: 'trades',
  win_rate: 'winRate',
  profit_factor: 'profitFactor',
  avg_bars: 'averageBars',
  exposure: 'exposure',
};

/** Positions, trades and what they come to. */
export const checkBacktest: Check = (test, compare) => {
  requireKnown(test, {
    entry: 'any',
    exit: 'any',
    stop: 'any',
    max_hold: 'any',
    cost_bps: 'any',
    capital: 'any',
    periods_per_year: 'any',
    close_at_end: 'any',
  });
  const found = backtestOf(test);
  compare.equal('position', found.position.join(), numbersOf(wantedOf(test, 'position')).join());
  // Sums of profits may cancel to nothing; a millionth of the capital is a size that matters.
  const size = numberParameter(test, 'capital') * 1e-6;
  const trades = wantedOf(test, 'trades');
  if (!Array.isArray(trades)) throw new Error('no list of trades is expected');
  compare.equal('trades.length', found.trades.length, trades.length);
  for (const [i, trade] of found.trades.entries()) {
    const wanted: unknown = trades[i];
    for (const name of ['entry', 'exit', 'side', 'beta', 'bars', 'reason'] as const) {
      compare.equal(`trades[${i}].${name}`, trade[name], member(wanted, name));
    }
    compare.number(`trades[${i}].pnl`, trade.profit, member(wanted, 'pnl'), 1e-10, size);
  }
  const metrics = wantedOf(test, 'metrics');
  for (const [name, ours] of Object.entries(metricNames)) {
    const scale = name.endsWith('_pnl') || name === 'total_cost' || name === 'max_drawdown_abs' ? size : 0;
    compare.number(name, found.metrics[ours], member(metrics, name), 1e-10, scale);
  }
  const sums = Array.from({ length: Math.ceil(found.n / 100) }, (_, i) =>
    found.net.subarray(100 * i, 100 * (i + 1)).reduce((sum, profit) => sum + profit, 0),
  );
  compare.numbers('net_pnl_sum_by_100', sums, wantedOf(test, 'net_pnl_sum_by_100'), 1e-10, size);
};

/** The backtest that a case describes. */
function backtestOf(test: OracleCase): Backtest {
  const parameter = (name: string) => numberParameter(test, name);
  const orNull = (name: string) => (member(test.params, name) === null ? null : parameter(name));
  const input = (name: string) => inputOf(test, name);
  return backtest(
    { y: input('y'), x: input('x'), z: input('z'), beta: input('beta') },
    {
      rules: {
        shortEntry: parameter('entry'),
        longEntry: -parameter('entry'),
        exit: parameter('exit'),
        stop: orNull('stop'),
        maxHold: orNull('max_hold'),
        rearm: parameter('exit'),
      },
      costBps: parameter('cost_bps'),
      capital: parameter('capital'),
      periodsPerYear: parameter('periods_per_year'),
      closeAtEnd: truthOf(test, 'close_at_end'),
    },
  );
}
