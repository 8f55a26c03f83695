import { adf } from '@tandem/stats';
import { compareAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { requireKnown, wholeOrDefault, wordOf } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { statedTolerance } from '../tolerance.ts';
import { lagSelectionOf, TRENDS } from './augmentation.ts';
import { critical, probability } from './test-answers.ts';

/** The augmented Dickey-Fuller test. */
export const checkAdf: Check = (test, compare) => {
  requireKnown(test, { series: 'any', regression: 'any', autolag: 'any', maxlag: 'any' });
  const found = adf(seriesOf(test), {
    trend: wordOf(test, 'regression', TRENDS),
    lagSelection: lagSelectionOf(test),
    maxLag: wholeOrDefault(test, 'maxlag'),
    compatibility: 'statsmodels',
  });
  // Exact answers bind us tighter than the reference's.
  const tolerance = statedTolerance(test, test.exact === undefined ? 1e-8 : 1e-10);
  const criteria = statedTolerance(test, 1e-8);
  compareAnswers(test, {
    stat: (wanted) => compare.number('stat', found.stat, wanted, tolerance),
    coef: (wanted) => compare.number('coef', found.coefficient, wanted, tolerance),
    se: (wanted) => compare.number('se', found.coefficientError, wanted, tolerance),
    pvalue: probability(test, compare, found.pValue),
    usedlag: (wanted) => compare.equal('usedlag', found.lags, wanted),
    nobs: (wanted) => compare.equal('nobs', found.rows, wanted),
    maxlag: (wanted) => compare.equal('maxlag', found.maxLag, wanted),
    crit: critical(compare, found.critical),
    // Log likelihoods pass through 0: a unit there is a unit.
    icbest: (wanted) => compare.number('icbest', found.criterion, wanted, criteria, 1),
    ic_table: (wanted) => compare.numbers('ic_table', found.criteria ?? [], wanted, criteria, 1),
  });
};
