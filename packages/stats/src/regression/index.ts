export { demingFault, demingSlope } from './deming.ts';
export { type Coefficient, durbinWatson, type GaussianCriteria, gaussianCriteria } from './inference.ts';
export { type LeastSquares, type LeastSquaresOptions, leastSquares } from './least-squares.ts';
export type { LinearFit, OlsFlag } from './linear-fit.ts';
export { logPrices } from './log-prices.ts';
export { type NeweyWest, neweyWest } from './newey-west.ts';
export { type Ols, type OlsThroughOrigin, ols, olsThroughOrigin, spreadOf } from './ols.ts';
export { emptyFit, fitOls, fitThroughOrigin, type OlsFit } from './ols-fit.ts';
export {
  RecursiveLeastSquares,
  type RecursiveLines,
  recursiveLeastSquares,
} from './recursive-least-squares.ts';
export {
  type TotalLeastSquares,
  type TotalLeastSquaresFlag,
  totalLeastSquares,
} from './total-least-squares.ts';
