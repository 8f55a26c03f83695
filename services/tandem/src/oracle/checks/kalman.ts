import { KalmanHedge } from '@tandem/stats';
import { requireAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member, numberOf, type OracleCase } from '../oracle-file.ts';
import { numberParameter, requireKnown, truthOf } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';
import { atIndices, wantedAt } from './at-indices.ts';
import { matrixOf, startOf } from './kalman-prior.ts';

/** The Kalman filter's rows and likelihoods. */
export const checkKalman: Check = (test, compare) => {
  requireKnown(test, {
    state: 'any',
    a0: 'any',
    P0: 'any',
    Q: 'any',
    R: 'any',
    predict_before_first_update: 'any',
    x_centre: 'any',
    note: 'any',
    warmup: 'any',
  });
  requireAnswers(test.expected, ['index', 'columns', 'rows', 'llf', 'llf_excl_warmup']);
  const { y, x } = legsOf(test);
  const filter = filterOf(test, y.length);
  const columns = member(test.expected, 'columns') as unknown[];
  let likelihood = 0;
  let squaredRounding = 0;
  let row = 0;
  const push = (t: number) => {
    filter.push(y[t] as number, x[t] as number);
    likelihood += filter.rowLogLikelihood;
    squaredRounding += (filter.z * roundingOfZ(filter, y[t] as number, x[t] as number)) ** 2;
    row = t;
  };
  atIndices(test, y.length, push, (i) => {
    const list = wantedAt(test, 'rows', i);
    if (!Array.isArray(list)) throw new Error('rows of numbers are expected');
    const answers = rowAnswers(test, filter, y[row] as number, x[row] as number);
    for (const [j, column] of columns.entries()) {
      const answer = answers[String(column)];
      if (answer === undefined) throw new Error(`the column ${String(column)} is unknown`);
      const { found, tolerance, rounding = 0 } = answer;
      compare.number(`${column}[${row}]`, found, list[j], tolerance, rounding / tolerance);
    }
  });
  const tolerance = likelihoodTolerance(test);
  // Each row adds the rounding of its own error, in either direction.
  const scale = Math.max(y.length, Math.sqrt(squaredRounding) / tolerance);
  compare.number('llf', likelihood, member(test.expected, 'llf'), tolerance, scale);
  const excluding = member(test.expected, 'llf_excl_warmup');
  compare.number('llf_excl_warmup', filter.logLikelihood, excluding, tolerance, scale);
};

/** The filter that a case describes. */
function filterOf(test: OracleCase, rows: number): KalmanHedge {
  const { params } = test;
  if (String(params.state) !== 'beta,alpha') throw new Error(`the state ${String(params.state)} is unknown`);
  const q = matrixOf(member(params, 'Q'));
  return new KalmanHedge(
    startOf(test, {
      qBeta: q.a,
      qBetaLevel: q.c,
      qLevel: q.b,
      r: numberParameter(test, 'R'),
      centre: numberOf(params.x_centre ?? 0),
      predictBeforeFirstUpdate: truthOf(test, 'predict_before_first_update'),
      // The generator leaves these rows out of the second likelihood, also where the prior was not made from them.
      inSample: numberOf(params.warmup) || Math.min(50, Math.max(8, Math.floor(rows / 5))),
    }),
  );
}

interface RowAnswer {
  found: number;
  tolerance: number;
  /** An error that is let pass whatever the size of the number: rounding at the size of what it is a difference of. */
  rounding?: number;
}

/** What the filter says after a row, by the columns' names. The tolerance of beta is stated in the case. */
function rowAnswers(test: OracleCase, filter: KalmanHedge, y: number, x: number): Record<string, RowAnswer> {
  const { beta, level, variance, z } = filter;
  const tolerance = specifiedTolerance(test);
  const ofZ = roundingOfZ(filter, y, x);
  return {
    beta: { found: beta, tolerance: numberOf(member(test.whole, 'tolerance_rel_beta')) },
    alpha: { found: level, tolerance, rounding: tolerance * sizeOf(filter, y, x) },
    P_bb: { found: filter.pBeta, tolerance },
    P_ba: { found: filter.pBetaLevel, tolerance },
    P_aa: { found: filter.pLevel, tolerance },
    e: { found: filter.error, tolerance, rounding: ofZ * Math.sqrt(variance) },
    S: { found: variance, tolerance },
    z: { found: z, tolerance, rounding: ofZ },
    llf_obs: { found: filter.rowLogLikelihood, tolerance, rounding: tolerance + Math.abs(z) * ofZ },
  };
}

/** The size of the numbers that a row's forecast error is the difference of. */
function sizeOf({ beta, level, model }: KalmanHedge, y: number, x: number): number {
  return Math.abs(y) + Math.abs(level) + Math.abs(beta * (x - model.centre));
}

/** The rounding of a row's z: that of its error, to which the state brings the rounding of all rows before. */
function roundingOfZ(filter: KalmanHedge, y: number, x: number): number {
  return (64 * Number.EPSILON * sizeOf(filter, y, x)) / Math.sqrt(filter.variance);
}

/** 20 times the stated deviation of the likelihood in floating point, as the case has it for beta. */
function likelihoodTolerance(test: OracleCase): number {
  const floating = (test.whole.deviation as Record<string, unknown> | undefined)?.joseph_float64;
  const stated = floating === undefined ? 0 : numberOf(member(floating, 'llf'));
  return Math.max(1e-10, 20 * stated);
}
