import { totalLeastSquares } from '@tandem/stats';
import { compareNumbers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';

/** The line that allows for errors in both legs. */
export const checkTotalLeastSquares: Check = (test, compare) => {
  requireKnown(test, { transform: ['price', 'log'], delta: 'any', note: 'any' });
  const { y, x } = legsOf(test);
  const fit = totalLeastSquares(y, x, numberParameter(test, 'delta'));
  const [larger, smaller] = fit.singularValues;
  const found = {
    beta: fit.beta,
    alpha: fit.alpha,
    orth_rmse: fit.orthogonalDeviation,
    numpy_svd_beta: fit.beta,
    singular_values: fit.singularValues,
  };
  // The reference's singular vectors and values are those of floating point: absolute to the larger value, and
  // worse the less the two differ.
  const condition = larger / smaller;
  const separation = 1 - (smaller / larger) ** 2;
  const base = specifiedTolerance(test);
  const tolerances: Record<string, number> = {
    numpy_svd_beta: base / separation,
    singular_values: Math.max(base, 8 * Number.EPSILON * condition),
  };
  compareNumbers(test, compare, found, (field) => tolerances[field] ?? base);
};
