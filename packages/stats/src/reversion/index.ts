export { type BertramInput, type BertramThresholds, bertramThresholds } from './bertram.ts';
export { type HalfLife, type HalfLifeOptions, halfLife } from './half-life.ts';
export { type Hurst, type HurstFlag, hurst } from './hurst.ts';
export {
  type ConditionalOrnsteinUhlenbeck,
  type OrnsteinUhlenbeck,
  ornsteinUhlenbeck,
} from './ornstein-uhlenbeck.ts';
export { ornsteinUhlenbeckExact } from './ornstein-uhlenbeck-exact.ts';
export {
  type OrnsteinUhlenbeckLikelihood,
  ornsteinUhlenbeckIrregular,
} from './ornstein-uhlenbeck-irregular.ts';
export { type RescaledRange, rescaledRange } from './rescaled-range.ts';
export type { ReversionFlag } from './reversion-flag.ts';
