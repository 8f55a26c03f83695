import { hurst, rescaledRange } from '@tandem/stats';
import { wantedOf } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member, numbersOf } from '../oracle-file.ts';
import { requireKnown } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';

/** Hurst's exponent from how differences grow with their lag. */
export const checkHurst: Check = (test, compare) => {
  requireKnown(test, { series: 'any', lags: 'any', input: ['level'] });
  const [from, to] = numbersOf(member(test.params, 'lags'));
  const found = hurst(seriesOf(test), from, to);
  const tolerance = specifiedTolerance(test);
  compare.number('H_std_ddof0', found.hurst, wantedOf(test, 'H_std_ddof0'), tolerance, 1);
  compare.number('H_msd', found.hurstMeanSquare, wantedOf(test, 'H_msd'), tolerance, 1);
};

/** Hurst's exponent from rescaled ranges. */
export const checkRescaledRange: Check = (test, compare) => {
  requireKnown(test, {
    series: 'any',
    sizes: 'any',
    input: ['first differences'],
    blocks: ['floor(N/k) consecutive from the start'],
    range: ['max-min of the k partial sums (no leading 0)'],
    sd: ['ddof 0'],
  });
  const found = rescaledRange(seriesOf(test), [...numbersOf(member(test.params, 'sizes'))]);
  const tolerance = specifiedTolerance(test);
  compare.numbers('rs', found.rescaledRanges, wantedOf(test, 'rs'), tolerance);
  compare.number('H', found.hurst, wantedOf(test, 'H'), tolerance, 1);
};
