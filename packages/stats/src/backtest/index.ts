export {
  type Backtest,
  type BacktestFlag,
  type BacktestOptions,
  backtest,
} from './backtest.ts';
export { type DeflatedSharpe, type DeflatedSharpeFlag, deflatedSharpe } from './deflated-sharpe.ts';
export type { BacktestMetrics } from './metrics.ts';
export { type PinnedEntry, type PinnedProfit, pinnedProfit } from './pinned-entry.ts';
export {
  armedAt,
  defaultReversionRules,
  type Move,
  moveAt,
  type Position,
  type ReversionRules,
} from './reversion-rules.ts';
export type { BacktestRows, Trade } from './run.ts';
