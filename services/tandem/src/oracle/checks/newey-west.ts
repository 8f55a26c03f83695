import { neweyWest, ols } from '@tandem/stats';
import { compareNumbers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';
import { isProbability, orderOf } from './coefficients.ts';

/** Errors of least squares that allow for autocorrelation. */
export const checkNeweyWest: Check = (test, compare) => {
  requireKnown(test, {
    transform: ['price', 'log'],
    maxlags: 'any',
    kernel: ['bartlett'],
    use_correction: [false],
    intercept: [true],
    param_order: 'any',
  });
  const { y, x } = legsOf(test);
  const fit = neweyWest(y, x, numberParameter(test, 'maxlags'));
  const order = orderOf(test);
  const found = {
    params: order.map((name) => fit[name]),
    bse: order.map((name) => fit[`${name}Error`]),
    tvalues: order.map((name) => fit[`${name}Z`]),
    pvalues: order.map((name) => fit[`${name}P`]),
  };
  // The reference's residuals carry the rounding of its coefficients, to the first order in S. Measured against
  // exact arithmetic it is off by up to 7 of this unit where that is more than 1e-11.
  const { meanX, meanY, sigma, betaError, n } = ols(y, x);
  const deviationX = sigma / betaError / Math.sqrt(n);
  const unit = Number.EPSILON * Math.abs(meanX / deviationX) * Math.abs(meanY / sigma);
  const tolerance = Math.max(specifiedTolerance(test), 20 * unit);
  compareNumbers(
    test,
    compare,
    found,
    (field) => (isProbability(field) ? Math.max(1e-9, tolerance) : tolerance),
    (field) => (isProbability(field) ? 1 : 0),
  );
};
