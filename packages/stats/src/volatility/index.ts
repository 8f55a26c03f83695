export { annualised, periodsPerYear } from './annualised.ts';
export {
  type Ewma,
  type EwmaEstimate,
  type EwmaOptions,
  type EwmaState,
  emptyEwma,
  ewma,
  ewmaEstimate,
  ewmaStep,
} from './ewma.ts';
export {
  type RealisedVolatility,
  type RealisedVolatilityFlag,
  realisedVolatility,
} from './realised-volatility.ts';
export {
  emptyRiskMetrics,
  type RiskMetrics,
  type RiskMetricsState,
  riskMetrics,
  riskMetricsDecay,
  riskMetricsStep,
} from './riskmetrics.ts';
export { alphaOf, type Smoothing } from './smoothing.ts';
export { emptyTerciles, type TercileState, volatilityRegimeStep } from './tercile-stream.ts';
export {
  leastPastVolatilities,
  type VolatilityRegime,
  type VolatilityRegimeResult,
  volatilityRegime,
} from './volatility-regime.ts';
