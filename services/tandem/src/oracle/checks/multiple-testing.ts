import { adjustPValues, type Correction } from '@tandem/stats';
import { wantedOf } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { inputOf } from '../series.ts';

const corrections: Readonly<Record<string, Correction>> = {
  fdr_bh: 'benjamini-hochberg',
  fdr_by: 'benjamini-yekutieli',
  holm: 'holm',
  bonferroni: 'bonferroni',
};

/** P-values of many pairs that were judged together. */
export const checkMultipleTesting: Check = (test, compare) => {
  requireKnown(test, { alpha: 'any', method: Object.keys(corrections) });
  const correction = corrections[String(member(test.params, 'method'))] as Correction;
  const found = adjustPValues(inputOf(test, 'p'), correction, numberParameter(test, 'alpha'));
  compare.numbers('p_adjusted', found.adjusted, wantedOf(test, 'p_adjusted'), 1e-12);
  compare.equal('reject', JSON.stringify(found.rejected), JSON.stringify(wantedOf(test, 'reject')));
};
