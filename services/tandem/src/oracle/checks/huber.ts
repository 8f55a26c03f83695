import { type Huber, huber, InputError } from '@tandem/stats';
import { compareAnswers, type Rule, wantedOf } from '../answers.ts';
import type { Check, Comparison } from '../comparison.ts';
import { numberOf, type OracleCase } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { type CoefficientName, orderOf } from './coefficients.ts';
import { referenceRoundingOf } from './reference-rounding.ts';

/**
 * Huber's line. With conv = 'dev' the iterates are compared, to 1e-6 and with their number; with conv = 'coefs', whose
 * tolerance is below the rounding, the limit, to 1e-8. That the reference went on to its last allowed iteration there
 * is no answer.
 */
export const checkHuber: Check = (test, compare) => {
  requireKnown(test, {
    t: 'any',
    scale: ['mad(center=0)'],
    tol: 'any',
    maxiter: 'any',
    conv: ['dev', 'coefs'],
    start: ['ols'],
    param_order: 'any',
  });
  const { y, x } = legsOf(test);
  const tuning = numberParameter(test, 't');
  const tolerance = numberParameter(test, 'tol');
  const maxIterations = numberParameter(test, 'maxiter');
  const limit = test.params.conv === 'coefs';
  if (limit && tolerance > 1e-12) throw new Error(`conv = coefs with tol = ${tolerance} is unknown`);
  const fitUntil = (stop: number): Huber =>
    huber(y, x, limit ? { tuning, until: 'fixedPoint' } : { tuning, tolerance: stop, maxIterations });
  const error = referenceRoundingOf(y, x);
  // Most rows lie on one line: where the reference finds no more than its own rounding, we say so.
  if (numberOf(wantedOf(test, 'scale')) <= error.residual) {
    const code = codeOf(() => fitUntil(tolerance));
    compare.equal('fault', code, 'PerfectFit');
    return;
  }
  const fit = fitUntil(tolerance);
  const rounding = error.residual / fit.scale;
  const digits = limit ? 1e-8 : 1e-6;
  const close = digits + rounding;
  const noise = rounding * devianceOf(y, x, fit, tuning);
  const { least, most } = iterationsBetween(fitUntil, tolerance, noise);
  const coefficientDigits = (name: CoefficientName) => digits + error[name] / Math.abs(fit[name]);
  compareAnswers(test, {
    ...coefficientRules(test, compare, fit, coefficientDigits, close, 1e-9 + rounding),
    scale: (wanted, field) => compare.number(field, fit.scale, wanted, close),
    weights_lt1: (wanted, field) => compare.equal(field, fit.downweighted, wanted),
    iterations: (wanted, field) => {
      if (limit) compare.equal('converged', fit.converged, true);
      else compare.equal(field, Math.min(Math.max(numberOf(wanted), least), most), wanted);
    },
    converged: (wanted, field) => {
      if (least === most) compare.equal(field, fit.converged, wanted);
    },
  });
};

/** Rules for the coefficients, their errors and z-values (to `errorDigits`) and p-values (absolutely). */
function coefficientRules(
  test: OracleCase,
  compare: Comparison,
  fit: Huber,
  digitsOf: (name: CoefficientName) => number,
  errorDigits: number,
  probabilityDigits: number,
): Readonly<Record<string, Rule>> {
  const order = orderOf(test);
  const list = (found: (name: CoefficientName) => number, digits: number, scale: number): Rule => {
    return (wanted, field) => compare.numbers(field, order.map(found), wanted, digits, scale);
  };
  return {
    params: (wanted) => {
      const theirs = wanted as unknown[];
      for (const [i, name] of order.entries()) {
        compare.number(`params[${i}]`, fit[name], theirs[i], digitsOf(name));
      }
      compare.equal('params.length', theirs.length, order.length);
    },
    bse: list((name) => fit[`${name}Error`], errorDigits, 0),
    tvalues: list((name) => fit[`${name}Z`], errorDigits, 0),
    pvalues: list((name) => fit[`${name}P`], probabilityDigits, 1),
  };
}

/**
 * Between which numbers of iterations the reference may stop: it does when its deviance changes by less than the
 * tolerance, as far as the rounding of that deviance, `noise`, lets it see that. Mostly the two are the same.
 */
function iterationsBetween(
  fitUntil: (tolerance: number) => Huber,
  tolerance: number,
  noise: number,
): { least: number; most: number } {
  const least = fitUntil(tolerance + noise).iterations;
  return { least, most: noise < tolerance ? fitUntil(tolerance - noise).iterations : Infinity };
}

/** The deviance by which the reference stops, at our line. */
function devianceOf(y: Float64Array, x: Float64Array, fit: Huber, tuning: number): number {
  const residuals = y.map((value, i) => value - fit.alpha - fit.beta * (x[i] as number));
  const threshold = tuning * fit.scale;
  const variance =
    residuals.reduce((sum, r) => sum + Math.abs(r) * Math.min(Math.abs(r), threshold), 0) / (fit.n - 2);
  return residuals.reduce((sum, r) => {
    const u = Math.abs(r) / variance;
    return sum + (u <= tuning ? 0.5 * u * u : tuning * (u - 0.5 * tuning));
  }, 0);
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}
