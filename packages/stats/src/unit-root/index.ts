export { type Adf, type AdfFlag, type AdfOptions, adf } from './adf.ts';
export type { DeterministicTrend } from './deterministic-trend.ts';
export { type Kpss, type KpssFlag, type KpssOptions, kpss } from './kpss.ts';
export type { LagSelection } from './lag-selection.ts';
export { type CriticalValues, mackinnonCritical, mackinnonP } from './mackinnon.ts';
export {
  type PhillipsPerron,
  type PhillipsPerronFlag,
  type PhillipsPerronOptions,
  phillipsPerron,
} from './phillips-perron.ts';
export {
  type VarianceRatio,
  type VarianceRatioFlag,
  type VarianceRatioOptions,
  varianceRatio,
} from './variance-ratio.ts';
