import { type Johansen, type JohansenTrend, johansen } from '@tandem/stats';
import { compareAnswers, type Rule } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { inputOf } from '../series.ts';
import { statedTolerance } from '../tolerance.ts';
import { exactJohansen } from './exact-johansen.ts';

const JOHANSEN_TRENDS: Readonly<Record<number, JohansenTrend>> = { [-1]: 'n', 0: 'c', 1: 'ct' };

/** Johansen's test of cointegration. */
export const checkJohansen: Check = (test, compare) => {
  requireKnown(test, { det_order: 'any', k_ar_diff: 'any', columns: 'any' });
  const names = member(test.params, 'columns') as string[];
  const detOrder = numberParameter(test, 'det_order');
  const lags = numberParameter(test, 'k_ar_diff');
  const trend = JOHANSEN_TRENDS[detOrder];
  if (trend === undefined) throw new Error(`det_order = ${detOrder} is unknown`);
  const series = names.map((name) => inputOf(test, name));
  const found = johansen(series, { trend, lags, compatibility: 'statsmodels' });
  const [first, second] = found.vectors[0] as [number, number];
  const answers = {
    eig: found.eigenvalues,
    trace: found.trace,
    maxeig: found.maxEigenvalue,
    evec0_normalised_hedge: -second / first,
  };
  const digits = series.length === 2 ? digitsOf(series, detOrder, lags) : null;
  const tolerance = statedTolerance(test, Math.max(1e-7, digits?.reference ?? 0));
  const answer = (field: keyof typeof answers): Rule => {
    const ours = [answers[field]].flat();
    return (wanted) => {
      if (tolerance < 1e-2) compare.numbers(field, ours, [wanted].flat(), tolerance);
      if (digits === null || digits.reference <= 1e-7) return;
      compare.numbers(`exact ${field}`, ours, [digits.answers[field]].flat(), digits.own);
    };
  };
  const table = (rows: Johansen['traceCritical']): Rule => {
    return (wanted, field) => compare.numbers(field, rows.flat(), (wanted as unknown[][]).flat(), 1e-12);
  };
  compareAnswers(test, {
    eig: answer('eig'),
    trace: answer('trace'),
    maxeig: answer('maxeig'),
    trace_crit_90_95_99: table(found.traceCritical),
    maxeig_crit_90_95_99: table(found.maxEigenvalueCritical),
    evec0_normalised_hedge: answer('evec0_normalised_hedge'),
  });
};

/**
 * How many digits the reference and we can have of a case, with the exact answers for where the reference has fewer
 * than the 7 that the specification asks for: on near_collinear it has none, and answers eigenvalues of 17 and of
 * -85 where squared correlations are due.
 *
 * The reference inverts moment matrices, whose condition multiplies its rounding; a QR in float64 loses the root of
 * that.
 */
function digitsOf(series: readonly Float64Array[], detOrder: number, lags: number) {
  const exact = exactJohansen(series, detOrder, lags);
  const smallest = exact.eigenvalues[1];
  return {
    reference: (4 * Number.EPSILON * exact.condition) / smallest,
    own: 1e-7 + 16 * Number.EPSILON * Math.sqrt(exact.condition / smallest),
    answers: {
      eig: exact.eigenvalues,
      trace: exact.trace,
      maxeig: exact.maxEigenvalue,
      evec0_normalised_hedge: exact.hedge,
    },
  };
}
