import { moments } from '../moments.ts';
import type { BacktestRun, Trade } from './run.ts';

/** The figures by which backtests are compared. Money is in the currency of the prices; null: undefined. */
export interface BacktestMetrics {
  totalProfit: number;
  grossProfit: number;
  totalCost: number;
  /** Mean and sample deviation of the profit per row over the capital. */
  meanReturn: number;
  returnDeviation: number;
  /** Mean over deviation, times the root of the periods per year. */
  sharpe: number | null;
  /** Mean over the root of the mean squared loss of all rows, annualised alike. */
  sortino: number | null;
  /** Largest fall of the equity from its highest point, the starting capital included. */
  maxDrawdown: number;
  /** Largest such fall as a share of that point. */
  maxDrawdownShare: number;
  /** Traded notional over capital. */
  turnover: number;
  trades: number;
  winRate: number | null;
  /** Profits of the winners over losses of the losers; null without a loser. */
  profitFactor: number | null;
  averageBars: number | null;
  /** Share of rows at whose close a position is held. */
  exposure: number;
}

/** The equity curve and the figures of a run. */
export function metricsOf(
  run: BacktestRun,
  { capital, periodsPerYear }: { capital: number; periodsPerYear: number },
): { equity: Float64Array; metrics: BacktestMetrics } {
  const { position, gross, cost, net, trades } = run;
  const n = net.length;
  const equity = new Float64Array(n);
  let total = 0;
  let peak = capital;
  let maxDrawdown = 0;
  let maxDrawdownShare = 0;
  let squaredLosses = 0;
  let invested = 0;
  for (let t = 0; t < n; t++) {
    const profit = net[t] as number;
    total += profit;
    const value = capital + total;
    equity[t] = value;
    peak = Math.max(peak, value);
    maxDrawdown = Math.max(maxDrawdown, peak - value);
    maxDrawdownShare = Math.max(maxDrawdownShare, (peak - value) / peak);
    squaredLosses += Math.min(profit / capital, 0) ** 2;
    if (position[t] !== 0) invested++;
  }
  const { mean, deviation } = moments(net.map((profit) => profit / capital));
  const downside = Math.sqrt(squaredLosses / n);
  const annual = Math.sqrt(periodsPerYear);
  const metrics: BacktestMetrics = {
    totalProfit: total,
    grossProfit: sumOf(gross),
    totalCost: sumOf(cost),
    meanReturn: mean,
    returnDeviation: deviation,
    sharpe: deviation > 0 ? (mean / deviation) * annual : null,
    sortino: downside > 0 ? (mean / downside) * annual : null,
    maxDrawdown,
    maxDrawdownShare,
    turnover: run.turnover / capital,
    trades: trades.length,
    ...tradeMetrics(trades),
    exposure: invested / n,
  };
  return { equity, metrics };
}

function tradeMetrics(
  trades: readonly Trade[],
): Pick<BacktestMetrics, 'winRate' | 'profitFactor' | 'averageBars'> {
  if (trades.length === 0) return { winRate: null, profitFactor: null, averageBars: null };
  let winners = 0;
  let won = 0;
  let lost = 0;
  let bars = 0;
  for (const { profit, bars: length } of trades) {
    bars += length;
    if (profit > 0) {
      winners++;
      won += profit;
    } else lost -= profit;
  }
  return {
    winRate: winners / trades.length,
    profitFactor: lost > 0 ? won / lost : null,
    averageBars: bars / trades.length,
  };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
