import { kpss } from '@tandem/stats';
import { compareAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member } from '../oracle-file.ts';
import { requireKnown, wholeOrDefault, wordOf } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { statedTolerance } from '../tolerance.ts';
import { critical } from './test-answers.ts';

/** The KPSS test, whose null is stationarity. */
export const checkKpss: Check = (test, compare) => {
  requireKnown(test, { series: 'any', regression: 'any', nlags: 'any' });
  const lags = member(test.params, 'nlags');
  const found = kpss(seriesOf(test), {
    trend: wordOf(test, 'regression', ['c', 'ct']),
    lags: lags === 'auto' || lags === 'legacy' ? lags : wholeOrDefault(test, 'nlags'),
  });
  const clipped = found.flags.includes('p<=0.01') || found.flags.includes('p>=0.10');
  const tolerance = statedTolerance(test, 1e-8);
  compareAnswers(test, {
    stat: (wanted) => compare.number('stat', found.stat, wanted, tolerance),
    // Interpolated: as good as the statistic.
    pvalue: (wanted) => compare.number('pvalue', found.pValue, wanted, tolerance, 1),
    lags: (wanted) => compare.equal('lags', found.lags, wanted),
    crit: critical(compare, found.critical),
    p_clipped: (wanted) => compare.equal('p_clipped', clipped, wanted),
  });
};
