import { phillipsPerron } from '@tandem/stats';
import { compareAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { requireKnown, wholeOrDefault, wordOf } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { statedTolerance } from '../tolerance.ts';
import { critical, probability } from './test-answers.ts';

/** Phillips and Perron's tests of a unit root. */
export const checkPhillipsPerron: Check = (test, compare) => {
  requireKnown(test, { series: 'any', trend: 'any', test_type: 'any', lags: 'any' });
  const found = phillipsPerron(seriesOf(test), {
    trend: wordOf(test, 'trend', ['n', 'c', 'ct']),
    statistic: wordOf(test, 'test_type', ['tau', 'rho']),
    lags: wholeOrDefault(test, 'lags'),
  });
  compareAnswers(test, {
    // arch takes 1 from a rounded rho near 1, so that a statistic near 0 has absolute digits only.
    stat: (wanted) => compare.number('stat', found.stat, wanted, statedTolerance(test, 1e-8), 0.1),
    pvalue: probability(test, compare, found.pValue),
    lags: (wanted) => compare.equal('lags', found.lags, wanted),
    nobs: (wanted) => compare.equal('nobs', found.rows, wanted),
    crit: critical(compare, found.critical),
  });
};
