import { ewma, riskMetrics, type Smoothing } from '@tandem/stats';
import { wantedOf } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { numbersOf, type OracleCase } from '../oracle-file.ts';
import { numberParameter, requireKnown, truthOf } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';

/** Exponentially weighted mean and deviation. */
export const checkEwma: Check = (test, compare) => {
  requireKnown(test, { series: 'any', adjust: 'any', alpha: 'any', halflife: 'any', span: 'any' });
  const found = ewma(seriesOf(test), { smoothing: smoothingOf(test), adjust: truthOf(test, 'adjust') });
  const tolerance = specifiedTolerance(test);
  const list = (field: string, values: Float64Array, scale: number) =>
    compare.numbers(field, atIndex(test, values), wantedOf(test, field), tolerance, scale);
  const size = Math.sqrt(Math.max(...found.biasedVariance));
  list('mean', found.mean, size);
  const least = leastOf(found.biasedVariance);
  list('std_unbiased', found.deviation, least);
  list('var_biased', found.biasedVariance, least ** 2);
};

function smoothingOf(test: OracleCase): Smoothing {
  const { alpha, halflife, span } = test.params;
  if (typeof alpha === 'number') return { alpha };
  if (typeof halflife === 'number') return { halfLife: halflife };
  if (typeof span === 'number') return { span };
  throw new Error('neither alpha nor halflife nor span is given');
}

/** Volatility as RiskMetrics has it. */
export const checkRiskMetrics: Check = (test, compare) => {
  requireKnown(test, { series: 'any', lam: 'any', init: ['first squared return'] });
  const found = riskMetrics(seriesOf(test), numberParameter(test, 'lam'));
  const tolerance = specifiedTolerance(test);
  const list = (field: string, values: Float64Array, scale: number) =>
    compare.numbers(field, atIndex(test, values), wantedOf(test, field), tolerance, scale);
  const least = leastOf(found.variance);
  list('var', found.variance, least ** 2);
  list('vol', found.volatility, least);
};

/**
 * A deviation below which digits are lost: returns that are nearly equal, as the first ones may be, differ by the
 * last bits of their logarithms.
 */
function leastOf(variances: Float64Array): number {
  return Math.sqrt(Math.max(...variances)) / 100;
}

/** The values at the rows that the case names. */
function atIndex(test: OracleCase, values: Float64Array): number[] {
  return [...numbersOf(wantedOf(test, 'index'))].map((i) => values[i] as number);
}
