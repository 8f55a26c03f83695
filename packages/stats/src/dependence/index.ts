export {
  type CorrelationMatrix,
  type CorrelationMatrixFlag,
  type CorrelationMatrixOptions,
  correlationMatrix,
} from './correlation-matrix.ts';
export { type CrossCorrelation, type CrossCorrelationFlag, crossCorrelation } from './cross-correlation.ts';
export {
  type HayashiYoshida,
  type HayashiYoshidaFlag,
  type HayashiYoshidaOptions,
  hayashiYoshida,
} from './hayashi-yoshida.ts';
export { correlationOf, type Pearson, type PearsonFlag, pearson } from './pearson.ts';
