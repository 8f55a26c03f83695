import { type CriticalValues, mackinnonCritical, mackinnonP } from '@tandem/stats';
import type { Check } from '../comparison.ts';
import { requireKnown, wholeOrDefault, wordOf } from '../parameters.ts';
import { inputOf } from '../series.ts';
import { statedTolerance } from '../tolerance.ts';
import { TRENDS } from './augmentation.ts';

/** MacKinnon's p-values of statistics. */
export const checkMackinnonP: Check = (test, compare) => {
  requireKnown(test, { regression: 'any', N: 'any' });
  const trend = wordOf(test, 'regression', TRENDS);
  const count = wholeOrDefault(test, 'N');
  const found = inputOf(test, 'stat').map((stat) => mackinnonP(stat, trend, count));
  compare.numbers('p', found, test.expected, statedTolerance(test, 1e-12));
};

/** MacKinnon's critical values for numbers of rows. */
export const checkMackinnonCritical: Check = (test, compare) => {
  requireKnown(test, { regression: 'any', N: 'any' });
  const trend = wordOf(test, 'regression', TRENDS);
  const count = wholeOrDefault(test, 'N');
  const tolerance = statedTolerance(test, 1e-12);
  const rows = inputOf(test, 'nobs');
  const wanted = test.expected as unknown[];
  compare.equal('length', rows.length, wanted.length);
  rows.forEach((row, i) => {
    const found = mackinnonCritical(trend, row, count) as CriticalValues;
    compare.numbers(`crit at ${row}`, [found['1%'], found['5%'], found['10%']], wanted[i], tolerance);
  });
};
