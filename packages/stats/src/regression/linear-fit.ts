import type { GaussianCriteria } from './inference.ts';

/** Remarks on a fit that stands but should be read with care. */
export type OlsFlag =
  /** The residuals are rounding noise: nothing may be concluded from their size. */
  | 'PerfectFit'
  /** y does not vary (without an intercept: is 0): R2 is undefined (null). */
  | 'ConstantResponse';

/** How well a line or a plane by ordinary least squares fits. */
export interface LinearFit extends GaussianCriteria {
  n: number;
  dropped: number;
  flags: OlsFlag[];
  /** Rows less parameters. */
  degreesOfFreedom: number;
  /** 1 - SSR / Syy, Syy about the mean of y with an intercept, about 0 (uncentred) without. */
  rSquared: number | null;
  /** R2 with SSR and Syy each divided by its degrees of freedom. */
  adjustedRSquared: number | null;
  /** F of all slopes = 0, and its p-value; null where the residuals are all 0. Of one slope the square of its t. */
  f: number | null;
  fP: number | null;
  /** Sum of squared residuals. */
  ssr: number;
  /** sqrt(SSR / degreesOfFreedom): the standard error of the regression. */
  sigma: number;
  /** 2 for residuals without serial correlation, near 0 for a spread that wanders. */
  durbinWatson: number | null;
}

/** R2 adjusted for the number of slopes, of a fit that leaves so many degrees of freedom. */
export function adjustedRSquared(rSquared: number | null, degrees: number, slopes: number): number | null {
  return rSquared === null ? null : 1 - ((1 - rSquared) * (degrees + slopes)) / degrees;
}
