import { crossCorrelation, hayashiYoshida } from '@tandem/stats';
import { wantedOf } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member, numbersOf } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { inputOf, logDifferences } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';

/** Which leg of bars leads the other. */
export const checkCrossCorrelation: Check = (test, compare) => {
  requireKnown(test, {
    transform: ['log_return'],
    max_lag: 'any',
    adjusted: [false],
    convention: ['r(k)=corr(dy[t+k],dx[t]); k>0: x leads y'],
  });
  const maxLag = numberParameter(test, 'max_lag');
  const found = crossCorrelation(logDifferences(test, 'y'), logDifferences(test, 'x'), maxLag);
  compare.numbers('lags', found.lags, wantedOf(test, 'lags'), 0);
  compare.numbers('r', found.r, wantedOf(test, 'r'), specifiedTolerance(test), 1);
  compare.number('band95', found.band, wantedOf(test, 'band95'), 1e-12);
};

/** Covariance, and which leg leads, of ticks that do not come together. */
export const checkHayashiYoshida: Check = (test, compare) => {
  requireKnown(test, {
    transform: ['log'],
    lags_ms: 'any',
    convention: [
      'U(l)=sum dA_i dB_j over intervals with (ta_{i-1},ta_i] overlapping (tb_{j-1}-l,tb_j-l]; l>0: A leads B by l',
    ],
  });
  const logs = (name: string) => inputOf(test, name).map(Math.log);
  const found = hayashiYoshida(inputOf(test, 'ta'), logs('a'), inputOf(test, 'tb'), logs('b'), {
    lags: [...numbersOf(member(test.params, 'lags_ms'))],
  });
  const { realisedVarianceA, realisedVarianceB } = found;
  compare.number('rv_a', realisedVarianceA, wantedOf(test, 'rv_a'), 1e-10);
  compare.number('rv_b', realisedVarianceB, wantedOf(test, 'rv_b'), 1e-10);
  compare.numbers('corr', found.correlation, wantedOf(test, 'corr'), 1e-10, 1);
  const size = Math.sqrt(realisedVarianceA * realisedVarianceB);
  compare.numbers('cov', found.covariance, wantedOf(test, 'cov'), 1e-10, size);
  // The logarithms of V8 and numpy differ in their last bit; at lags without correlation little else is left.
  compare.number('llr', found.leadLagRatio, wantedOf(test, 'llr'), 1e-9);
};
