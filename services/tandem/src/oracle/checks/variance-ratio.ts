import { varianceRatio } from '@tandem/stats';
import { compareAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { requireKnown, truthOf, wholeOrDefault, wordOf } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { statedTolerance } from '../tolerance.ts';
import { probability } from './test-answers.ts';

/** Lo and MacKinlay's variance ratio. */
export const checkVarianceRatio: Check = (test, compare) => {
  requireKnown(test, {
    series: 'any',
    q: 'any',
    robust: 'any',
    debiased: 'any',
    overlap: 'any',
    trend: 'any',
  });
  const found = varianceRatio(seriesOf(test), {
    q: wholeOrDefault(test, 'q'),
    robust: truthOf(test, 'robust'),
    debiased: truthOf(test, 'debiased'),
    overlap: truthOf(test, 'overlap'),
    trend: wordOf(test, 'trend', ['n', 'c']),
    compatibility: 'arch',
  });
  // Where the robust variance is 0 we have no statistic; arch divides by it.
  const stat = found.stat ?? (found.ratio - 1) / 0;
  const tolerance = statedTolerance(test, 1e-8);
  compareAnswers(test, {
    vr: (wanted) => compare.number('vr', found.ratio, wanted, tolerance),
    stat: (wanted) => compare.number('stat', stat, wanted, tolerance),
    pvalue: probability(test, compare, found.pValue ?? 0),
  });
};
