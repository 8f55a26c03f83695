export {
  type EngleGranger,
  type EngleGrangerBoth,
  type EngleGrangerFlag,
  type EngleGrangerOptions,
  engleGranger,
  engleGrangerBoth,
} from './engle-granger.ts';
export {
  type Johansen,
  type JohansenFlag,
  type JohansenOptions,
  johansen,
} from './johansen.ts';
export type { JohansenTrend } from './johansen-critical-values.ts';
