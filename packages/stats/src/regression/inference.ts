import { studentQuantile, studentTwoSidedP } from '../distributions/index.ts';
import type { Series } from '../input-error.ts';

/** An estimated coefficient and what is known of its error. */
export interface Coefficient {
  estimate: number;
  /** Its standard error. */
  error: number;
  /** estimate / error; null where the error is 0. */
  t: number | null;
  /** Two-sided p-value of the hypothesis that it is 0; null where the error is 0. */
  p: number | null;
  /** The 95 % confidence interval. */
  interval: [number, number];
}

/** How well a Gaussian linear model fits for the parameters it has; null where the residuals are all 0. */
export interface GaussianCriteria {
  /** -n/2 (ln(2 pi SSR / n) + 1). */
  logLikelihood: number | null;
  /** -2 ln L + 2 k, the residual variance not counted in k. */
  aic: number | null;
  /** -2 ln L + k ln n. */
  bic: number | null;
}

/** The last quantile asked for: scans fit many pairs of one length, and it costs more than the rest of a test. */
const latest = { degrees: Number.NaN, quantile: Number.NaN };

/** The t distribution's quantile of a 95 % interval at `degrees` of freedom. */
export function intervalQuantile(degrees: number): number {
  if (latest.degrees !== degrees) {
    latest.quantile = studentQuantile(0.975, degrees);
    latest.degrees = degrees;
  }
  return latest.quantile;
}

/** Tests one coefficient against 0 by Student's t; `quantile` is `intervalQuantile(degrees)`. */
export function testCoefficient(
  estimate: number,
  error: number,
  degrees: number,
  quantile: number,
): Coefficient {
  const t = error > 0 ? estimate / error : null;
  return {
    estimate,
    error,
    t,
    p: t === null ? null : studentTwoSidedP(t, degrees),
    interval: [estimate - quantile * error, estimate + quantile * error],
  };
}

/** Likelihood and information criteria of a fit by `parameters` coefficients that leaves `ssr` of `n` rows. */
export function gaussianCriteria(ssr: number, n: number, parameters: number): GaussianCriteria {
  if (!(ssr > 0)) return { logLikelihood: null, aic: null, bic: null };
  const logLikelihood = (-n / 2) * (Math.log((2 * Math.PI * ssr) / n) + 1);
  return {
    logLikelihood,
    aic: -2 * logLikelihood + 2 * parameters,
    bic: -2 * logLikelihood + parameters * Math.log(n),
  };
}

/**
 * The Durbin-Watson statistic, sum (e[t] - e[t-1])^2 / sum e[t]^2: 2 for residuals without serial correlation, near
 * 0 for a spread that wanders. Null where all residuals are 0.
 */
export function durbinWatson(residuals: Series): number | null {
  let changes = 0;
  let squares = 0;
  for (let i = 0; i < residuals.length; i++) {
    const e = residuals[i] as number;
    squares += e * e;
    if (i > 0) changes += (e - (residuals[i - 1] as number)) ** 2;
  }
  return squares > 0 ? changes / squares : null;
}
