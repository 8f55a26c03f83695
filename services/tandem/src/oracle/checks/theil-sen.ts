import { theilSen } from '@tandem/stats';
import { compareAnswers, type Rule } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';

/** The line through the median slope. The same divisions give the same doubles: 1e-13. */
export const checkTheilSen: Check = (test, compare) => {
  requireKnown(test, { alpha: 'any', method: ['separate', 'joint'] });
  const { y, x } = legsOf(test);
  const alpha = numberParameter(test, 'alpha');
  const fit = theilSen(y, x, {
    intercept: test.params.method === 'joint' ? 'joint' : 'separate',
    // scipy takes 0.05 for 0.95.
    confidence: alpha > 0.5 ? alpha : 1 - alpha,
  });
  const number = (found: number | null): Rule => {
    return (wanted, field) => compare.number(field, found, wanted, 1e-13);
  };
  compareAnswers(test, {
    slope: number(fit.beta),
    intercept: number(fit.alpha),
    low_slope: number(fit.betaLow),
    high_slope: number(fit.betaHigh),
    n_slopes: (wanted, field) => compare.equal(field, fit.slopes, wanted),
  });
};
