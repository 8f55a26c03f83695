import { RollingCorrelation, RollingMoments, RollingOls } from '@tandem/stats';
import { requireAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { numberOf, type OracleCase } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { legsOf, seriesOf } from '../series.ts';
import { specifiedTolerance, statedTolerance } from '../tolerance.ts';
import { atIndices, wantedAt } from './at-indices.ts';

/** The least squares line of a sliding window. */
export const checkRollingOls: Check = (test, compare) => {
  requireKnown(test, { window: 'any', min_periods: 'any', intercept: [true], transform: 'any' });
  requireAnswers(test.expected, ['index', 'alpha', 'beta']);
  if (test.params.intercept !== true) throw new Error('a rolling line without an intercept is unknown');
  const { window, minPeriods } = windowOf(test);
  const { y, x } = legsOf(test);
  const engine = new RollingOls(window, 0, { minPeriods });
  const push = (row: number) => engine.push(y[row] as number, x[row] as number);
  const tolerance = toleranceOf(test);
  atIndices(test, y.length, push, (i) => {
    // A coefficient that is 0 but for the data's decimals: to the digits that its own error leaves it.
    const { alpha, beta, alphaError, betaError } = engine;
    compare.number(`alpha[${i}]`, alpha, wantedAt(test, 'alpha', i), tolerance, alphaError || 0);
    compare.number(`beta[${i}]`, beta, wantedAt(test, 'beta', i), tolerance, betaError || 0);
  });
};

/** The correlation of a sliding window. */
export const checkRollingCorrelation: Check = (test, compare) => {
  requireKnown(test, { window: 'any', min_periods: 'any', transform: 'any', index_note: 'any' });
  requireAnswers(test.expected, ['index', 'corr']);
  const { window, minPeriods } = windowOf(test);
  const { y, x } = legsOf(test);
  const engine = new RollingCorrelation(window, 0, { minPeriods });
  const push = (row: number) => engine.push(y[row] as number, x[row] as number);
  atIndices(test, y.length, push, (i) => {
    compare.number(`corr[${i}]`, engine.r, wantedAt(test, 'corr', i), toleranceOf(test), 1);
  });
};

/** Mean, deviation and z-score of a sliding window. */
export const checkRollingZ: Check = (test, compare) => {
  requireKnown(test, {
    series: 'any',
    window: 'any',
    min_periods: 'any',
    ddof: 'any',
    lagged: [true, false],
    transform: 'any',
  });
  requireAnswers(test.expected, ['index', 'mean', 'std', 'z', 'count']);
  const { window, minPeriods } = windowOf(test);
  const values = seriesOf(test);
  const ddof = numberParameter(test, 'ddof');
  const engine = new RollingMoments(window, 0, { minPeriods, ddof, lagged: test.params.lagged === true });
  const tolerance = toleranceOf(test);
  const counted = 'count' in (test.expected as object);
  let rows = 0;
  const push = (row: number) => {
    engine.push(values[row] as number);
    rows++;
  };
  atIndices(test, values.length, push, (i) => {
    const { mean, deviation, z, n } = engine;
    compare.number(`mean[${i}]`, mean, wantedAt(test, 'mean', i), tolerance, deviation || 0);
    compare.number(`std[${i}]`, deviation, wantedAt(test, 'std', i), tolerance);
    compare.number(`z[${i}]`, z, wantedAt(test, 'z', i), tolerance, 1);
    // pandas counts once there have been `min_periods` rows, known or not.
    const count = rows >= minPeriods ? n : Number.NaN;
    if (counted) compare.number(`count[${i}]`, count, wantedAt(test, 'count', i), 0);
  });
};

function windowOf(test: OracleCase): { window: number; minPeriods: number } {
  const window = numberParameter(test, 'window');
  return { window, minPeriods: numberOf(test.params.min_periods ?? window) };
}

function toleranceOf(test: OracleCase): number {
  return statedTolerance(test, specifiedTolerance(test));
}
