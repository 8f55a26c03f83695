import { fitKalman, kalmanHedge } from '@tandem/stats';
import { requireAnswers } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member, numberOf } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { legsOf } from '../series.ts';
import { startOf } from './kalman-prior.ts';

const variances = { q_beta: 'qBeta', q_alpha: 'qLevel', R: 'r' } as const;

/** The variances of the Kalman filter of greatest likelihood. */
export const checkKalmanFit: Check = (test, compare) => {
  requireKnown(test, { a0: 'any', P0: 'any', warmup: 'any', free: 'any', start_scale: 'any' });
  requireAnswers(test.expected, ['llf_excl_warmup', ...Object.keys(variances)]);
  const free = String(test.params.free);
  if (free !== 'log q_beta,log q_alpha,log R') throw new Error(`the free parameters ${free} are unknown`);
  const { y, x } = legsOf(test);
  const inSample = numberParameter(test, 'warmup');
  const fit = fitKalman(y, x, startOf(test, { qBeta: 0, qLevel: 0, r: 1, inSample }));
  const expected = (field: string) => numberOf(member(test.expected, field));
  const target = expected('llf_excl_warmup');
  compare.equal('llf_excl_warmup reached', fit.logLikelihood >= target - 1e-3, true);
  // Of a lower maximum than ours the variances are no target.
  if (fit.logLikelihood > target + 1e-3) return;
  const { model, state } = fit.start;
  for (const [field, name] of Object.entries(variances)) {
    const value = expected(field);
    if (!(value > 1e-12 * expected('R'))) continue;
    const moved = kalmanHedge(y, x, { model: { ...model, [name]: value }, state }).logLikelihood;
    if (Math.abs(fit[name] / value - 1) > 0.05 && Math.abs(moved - fit.logLikelihood) < 1e-3) continue;
    compare.number(field, fit[name], value, 0.05);
  }
};
