import { engleGranger } from '@tandem/stats';
import { compareAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { requireKnown, wholeOrDefault, wordOf } from '../parameters.ts';
import { inputOf } from '../series.ts';
import { statedTolerance } from '../tolerance.ts';
import { lagSelectionOf, TRENDS } from './augmentation.ts';
import { critical, probability } from './test-answers.ts';

/** Engle and Granger's test of cointegration. */
export const checkEngleGranger: Check = (test, compare) => {
  requireKnown(test, { dependent: 'any', trend: 'any', autolag: 'any', maxlag: 'any' });
  const dependent = wordOf(test, 'dependent', ['y', 'x']);
  const found = engleGranger(inputOf(test, dependent), inputOf(test, dependent === 'y' ? 'x' : 'y'), {
    trend: wordOf(test, 'trend', TRENDS),
    lagSelection: lagSelectionOf(test),
    maxLag: wholeOrDefault(test, 'maxlag'),
    compatibility: 'statsmodels',
  });
  compareAnswers(test, {
    stat: (wanted) => compare.number('stat', found.stat, wanted, statedTolerance(test, 1e-8)),
    pvalue: probability(test, compare, found.pValue),
    crit: critical(compare, found.critical),
  });
};
