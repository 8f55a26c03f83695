import { halfLife } from '@tandem/stats';
import { wantedOf } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { requireKnown } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';

/** The half-life of a spread's deviations. */
export const checkHalfLife: Check = (test, compare) => {
  requireKnown(test, { series: 'any', unit: ['rows'] });
  const found = halfLife(seriesOf(test));
  const fields = {
    lambda_: found.lambda,
    intercept: found.intercept,
    se_lambda: found.lambdaError,
    t: found.t,
    halflife_linear: found.halfLifeLinear,
    halflife_log: found.halfLife,
    lambda_noconst: found.lambdaNoConstant,
    halflife_linear_noconst: found.halfLifeLinearNoConstant,
  };
  for (const [name, value] of Object.entries(fields)) {
    compare.number(name, value, wantedOf(test, name), specifiedTolerance(test));
  }
};
