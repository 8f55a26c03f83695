import { type ConsecutiveRows, consecutiveRows } from '../consecutive-rows.ts';
import type { Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { requirePositive } from '../require-positive.ts';
import { lagRegression } from './lag-regression.ts';
import { logTwoPi, type OrnsteinUhlenbeck, reversionOf } from './ornstein-uhlenbeck.ts';
import { peakOf } from './peak.ts';

/**
 * Fits an Ornstein-Uhlenbeck process to equally spaced rows by the exact likelihood, which includes the stationary
 * density of the first row: a little better than `ornsteinUhlenbeck` on short series, and never at or above a unit
 * root.
 *
 * theta and v have closed forms given phi, so the likelihood is a function of kappa alone, of O(1) cost after one
 * pass; its peak is found to about 1e-8. Raises as `ornsteinUhlenbeck` does.
 */
export function ornsteinUhlenbeckExact(series: Series, dt = 1): OrnsteinUhlenbeck {
  requirePositive('ornsteinUhlenbeckExact', 'dt', dt);
  const tested = consecutiveRows('ornsteinUhlenbeckExact', series, 10);
  const { fit } = lagRegression('ornsteinUhlenbeckExact', tested);
  const rows = tested.values.length;
  const profile = profileOf(tested);
  // In ln(kappa dt): from a half-life of a million series' lengths to one of a fiftieth of a row.
  const peak = peakOf((x) => profile(Math.exp(x)).logLikelihood, Math.log(1e-6 / rows), Math.log(35));
  const { theta, variance, logLikelihood } = profile(Math.exp(peak.at));
  const kappa = peak.edge === null ? Math.exp(peak.at) / dt : null;
  const flags: OrnsteinUhlenbeck['flags'] = [];
  if (peak.edge === 'low') flags.push('NotMeanReverting');
  if (peak.edge === 'high') flags.push('WithinOneRow');
  if (fit.perfect) flags.push('PerfectFit');
  return {
    n: rows,
    dropped: 0,
    flags,
    ...reversionOf(kappa, theta * tested.unit, Math.sqrt(variance) * tested.unit, dt),
    logLikelihood: Number.isFinite(logLikelihood) ? logLikelihood : null,
  };
}

interface ProfilePoint {
  theta: number;
  variance: number;
  logLikelihood: number;
}

/** The likelihood as a function of kappa dt, theta and the variance at their best. */
function profileOf({ values, unit }: ConsecutiveRows): (kappaDt: number) => ProfilePoint {
  const rows = values.length;
  const n = rows - 1;
  // About the mean, lest the squares of the level swamp those of its changes.
  const centre = meanOf(values);
  const first = (values[0] as number) - centre;
  const last = (values[n] as number) - centre;
  let levels = 0;
  let squares = 0;
  let products = 0;
  let changes = 0;
  for (let i = 0; i < n; i++) {
    const level = (values[i] as number) - centre;
    const change = (values[i + 1] as number) - (values[i] as number);
    levels += level;
    squares += level * level;
    products += change * level;
    changes += change * change;
  }
  const drift = last - first;
  return (kappaDt) => {
    const gap = -Math.expm1(-kappaDt);
    const sum = 2 - gap;
    const theta = (sum * first + drift + gap * levels) / (sum + n * gap);
    const start = gap * sum * (first - theta) ** 2;
    const cross = 2 * gap * (products - theta * drift);
    const square = gap * gap * (squares - 2 * theta * levels + n * theta * theta);
    const variance = Math.max(0, start + changes + cross + square) / rows;
    const logLikelihood = -(rows / 2) * (logTwoPi(variance, unit) + 1) + Math.log(gap * sum) / 2;
    return { theta: centre + theta, variance, logLikelihood };
  };
}
