import { type Ols, type OlsThroughOrigin, ols, olsThroughOrigin } from '@tandem/stats';
import { compareNumbers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { numbersOf, type OracleCase } from '../oracle-file.ts';
import { requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';
import { type CoefficientName, isProbability, orderOf } from './coefficients.ts';

/** Ordinary least squares, with an intercept and without. */
export const checkOls: Check = (test, compare) => {
  requireKnown(test, {
    transform: ['price', 'log'],
    intercept: [true, false],
    param_order: 'any',
    missing: ['pairwise drop'],
  });
  const { y, x } = legsOf(test);
  const fit: OlsThroughOrigin & Partial<Ols> =
    test.params.intercept === false ? olsThroughOrigin(y, x) : ols(y, x);
  const list = <T>(member: (name: CoefficientName) => T | undefined): T[] =>
    orderOf(test).map((name) => {
      const value = member(name);
      if (value === undefined) throw new Error(`a fit without an intercept has no ${name}`);
      return value;
    });
  const errors = list((name) => fit[`${name}Error`]);
  const found = {
    params: list((name) => fit[name]),
    bse: errors,
    tvalues: list((name) => fit[`${name}T`]),
    pvalues: list((name) => fit[`${name}P`]),
    conf_int95: list((name) => fit[`${name}Interval`]).flat(),
    rsquared: fit.rSquared,
    rsquared_adj: fit.adjustedRSquared,
    ssr: fit.ssr,
    sigma: fit.sigma,
    df_resid: fit.degreesOfFreedom,
    nobs: fit.n,
    fvalue: fit.f,
    f_pvalue: fit.fP,
    llf: fit.logLikelihood,
    aic: fit.aic,
    bic: fit.bic,
    durbin_watson: fit.durbinWatson,
  };
  // Differences of larger numbers, which may come to 0: their rounding is that of the terms.
  const scales: Record<string, number> = {
    conf_int95: Math.max(...errors),
    rsquared_adj: 1e-3,
    llf: fit.n,
    aic: fit.n,
    bic: fit.n,
  };
  // Where there is no exact answer, the reference's own stated error is allowed for.
  const base = specifiedTolerance(test);
  const rounding = Math.max(base, 4 * referenceError(test));
  const exact = Object.keys((test.exact as object | undefined) ?? {});
  compareNumbers(
    test,
    compare,
    found,
    (field) => (isProbability(field) ? 1e-9 : exact.includes(field) ? base : rounding),
    (field) => (isProbability(field) ? 1 : (scales[field] ?? 0)),
  );
};

/** The largest of the case's `reference_rel_error`. */
function referenceError(test: OracleCase): number {
  const stated = test.whole.reference_rel_error;
  if (stated === undefined) return 0;
  return Math.max(...Object.values(stated as object).flatMap((errors) => [...numbersOf(errors)]));
}
