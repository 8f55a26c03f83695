import { consecutiveRows } from '../consecutive-rows.ts';
import { InputError, type Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { requireSameLength } from '../series.ts';
import { logTwoPi, type OrnsteinUhlenbeck, reversionOf } from './ornstein-uhlenbeck.ts';
import { peakOf } from './peak.ts';

/** Whether the stationary density of the first row is part of the likelihood. */
export type OrnsteinUhlenbeckLikelihood = 'conditional' | 'exact';

/**
 * Fits an Ornstein-Uhlenbeck process to rows at any times, ticks for instance, by maximum likelihood.
 *
 * phi_i = exp(-kappa dt_i); theta and the stationary variance have closed forms given kappa, whose likelihood is
 * then searched between a half-life of a million spans and a fiftieth of the shortest step. kappa is per unit of
 * `times`. Raises what `ornsteinUhlenbeck` raises, and `LengthMismatch`, and `InvalidParameter` for times that do
 * not rise. O(n) per point of the search, about 160 of them.
 */
export function ornsteinUhlenbeckIrregular(
  series: Series,
  times: Series,
  likelihood: OrnsteinUhlenbeckLikelihood = 'conditional',
): OrnsteinUhlenbeck {
  const method = 'ornsteinUhlenbeckIrregular';
  requireSameLength(method, series, times);
  const { values, unit } = consecutiveRows(method, series, 10);
  const steps = stepsOf(method, times);
  const n = steps.length;
  const terms = likelihood === 'exact' ? n + 1 : n;
  const centre = meanOf(values);
  const levels = Float64Array.from(values, (value) => value - centre);
  const shortest = steps.reduce((least, step) => Math.min(least, step), Infinity);
  const span = (times[n] as number) - (times[0] as number);

  const profile = (kappa: number): { theta: number; variance: number; logLikelihood: number } => {
    const start = likelihood === 'exact' ? 1 : 0;
    let weighted = start * (levels[0] as number);
    let weights = start;
    for (let i = 0; i < n; i++) {
      const gap = -Math.expm1(-kappa * (steps[i] as number));
      const level = levels[i] as number;
      weighted += ((levels[i + 1] as number) - level + gap * level) / (2 - gap);
      weights += gap / (2 - gap);
    }
    const theta = weighted / weights;
    let squares = start * ((levels[0] as number) - theta) ** 2;
    let logs = 0;
    for (let i = 0; i < n; i++) {
      const gap = -Math.expm1(-kappa * (steps[i] as number));
      const level = levels[i] as number;
      const residual = (levels[i + 1] as number) - level + gap * (level - theta);
      const share = gap * (2 - gap);
      squares += (residual * residual) / share;
      logs += Math.log(share);
    }
    const variance = squares / terms;
    const logLikelihood = -(terms / 2) * (logTwoPi(variance, unit) + 1) - logs / 2;
    return { theta: centre + theta, variance, logLikelihood };
  };

  const peak = peakOf(
    (x) => profile(Math.exp(x)).logLikelihood,
    Math.log(1e-6 / span),
    Math.log(35 / shortest),
  );
  const { theta, variance, logLikelihood } = profile(Math.exp(peak.at));
  const kappa = peak.edge === null ? Math.exp(peak.at) : null;
  const flags: OrnsteinUhlenbeck['flags'] = [];
  if (peak.edge === 'low') flags.push('NotMeanReverting');
  if (peak.edge === 'high') flags.push('WithinOneRow');
  // In units of the series, whose largest value lies between 1 and 2.
  if (Math.sqrt(variance) <= 8 * Number.EPSILON) flags.push('PerfectFit');
  return {
    n: terms,
    dropped: 0,
    flags,
    // A row an infinite time after the last has the stationary deviation.
    ...reversionOf(kappa, theta * unit, Math.sqrt(variance) * unit, Infinity),
    logLikelihood: Number.isFinite(logLikelihood) ? logLikelihood : null,
  };
}

/** The time between rows, which must be above 0. */
function stepsOf(method: string, times: Series): Float64Array {
  const steps = new Float64Array(times.length - 1);
  for (let i = 0; i < steps.length; i++) {
    const step = (times[i + 1] as number) - (times[i] as number);
    if (!(step > 0 && step < Infinity)) {
      throw new InputError(
        'InvalidParameter',
        `${method}: time ${i + 1} is ${times[i + 1]} after ${times[i]}; times must be finite and rise`,
      );
    }
    steps[i] = step;
  }
  return steps;
}
