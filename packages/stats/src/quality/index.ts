export {
  autocorrelatedError,
  type BreakInput,
  type BreakReason,
  type BreakState,
  breakStep,
  unbroken,
} from './break-detector.ts';
export { type EdgeInput, edgeBps } from './edge.ts';
export {
  type Quality,
  type QualityFlag,
  type QualityInput,
  type QualityPart,
  qualityScore,
  qualityWeights,
} from './quality-score.ts';
export {
  neededConfirmations,
  type Regime,
  type RegimeEvidence,
  type RegimeState,
  regimeOf,
  regimeStep,
  uncertainRegime,
} from './regime.ts';
export { neutralSignal, type Signal, type SignalInput, type SignalState, signalStep } from './signal.ts';
