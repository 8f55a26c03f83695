import { ornsteinUhlenbeck, ornsteinUhlenbeckExact } from '@tandem/stats';
import { wantedOf } from '../answers.ts';
import type { Check } from '../comparison.ts';
import { member } from '../oracle-file.ts';
import { numberParameter, requireKnown } from '../parameters.ts';
import { seriesOf } from '../series.ts';
import { specifiedTolerance } from '../tolerance.ts';

/** The Ornstein-Uhlenbeck process of greatest likelihood, conditional on the first row and exact. */
export const checkOrnsteinUhlenbeck: Check = (test, compare) => {
  requireKnown(test, { series: 'any', dt: 'any', conditional: [true] });
  const series = seriesOf(test);
  const dt = numberParameter(test, 'dt');
  const found = ornsteinUhlenbeck(series, dt);
  const tolerance = specifiedTolerance(test);
  const fields = {
    kappa: found.kappa,
    theta: found.theta,
    sigma: found.sigma,
    stationary_sd: found.stationaryDeviation,
    halflife: found.halfLife,
    resid_var_mle: found.residualVariance,
  };
  for (const [name, value] of Object.entries(fields)) {
    compare.number(name, value, wantedOf(test, name), tolerance);
  }
  // Differences of terms of these sizes.
  compare.number('llf', found.logLikelihood, wantedOf(test, 'llf'), tolerance, found.n);
  const bias = 'kappa_bias_corrected_T';
  compare.number(bias, found.kappaBiasCorrected, wantedOf(test, bias), tolerance, found.kappa ?? 0);

  const wanted = member(test.whole, 'exact_likelihood');
  const stated = /^(\S+) relative$/.exec(String(member(wanted, 'tolerance')))?.[1];
  if (stated === undefined) throw new Error('the tolerance of the exact likelihood is no relative one');
  const exact = ornsteinUhlenbeckExact(series, dt);
  compare.number('exact.kappa', exact.kappa, member(wanted, 'kappa'), Number(stated));
  compare.number('exact.sigma', exact.sigma, member(wanted, 'sigma'), Number(stated));
  compare.number('exact.llf', exact.logLikelihood, member(wanted, 'llf'), Number(stated));
  // A location: its size is that of the process about it.
  const size = exact.stationaryDeviation ?? 0;
  compare.number('exact.theta', exact.theta, member(wanted, 'theta'), Number(stated), size);
};
