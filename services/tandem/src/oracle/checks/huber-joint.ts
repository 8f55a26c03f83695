import { huberJoint } from '@tandem/stats';
import { compareAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { referenceRoundingOf } from './reference-rounding.ts';

/** Huber's line and scale as one minimiser, to 1e-8. How many iterations the reference needed is no answer. */
export const checkHuberJoint: Check = (test, compare) => {
  requireKnown(test, { epsilon: 'any', alpha: 'any' });
  const { y, x } = legsOf(test);
  const fit = huberJoint(y, x, {
    epsilon: numberParameter(test, 'epsilon'),
    penalty: numberParameter(test, 'alpha'),
  });
  const rounding = referenceRoundingOf(y, x).residual / fit.sigma;
  compare.equal('flags', fit.flags.join(), '');
  compareAnswers(test, {
    beta: (wanted, field) => compare.number(field, fit.beta, wanted, 1e-8),
    alpha: (wanted, field) => compare.number(field, fit.alpha, wanted, 1e-8),
    sigma: (wanted, field) => compare.number(field, fit.sigma, wanted, 1e-8 + rounding),
    objective: (wanted, field) => compare.number(field, fit.objective, wanted, 1e-8 + rounding),
    n_outliers: (wanted, field) => compare.equal(field, fit.outliers, wanted),
    iterations: () => {},
  });
};
