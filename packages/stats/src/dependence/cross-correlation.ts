import { normalQuantile } from '../distributions/index.ts';
import { InputError, type Series } from '../input-error.ts';
import { meanOf } from '../moments.ts';
import { isConstant, requireSameLength } from '../series.ts';

/** Remarks on a cross-correlation. */
export type CrossCorrelationFlag =
  /** The lags reach beyond a quarter of the series: the outer values stand on few pairs. */
  'FewPairsAtOuterLags';

/** How y follows x, lag by lag. */
export interface CrossCorrelation {
  n: number;
  dropped: number;
  flags: CrossCorrelationFlag[];
  /** -maxLag to maxLag, in rows. Positive: x leads y by so many rows. */
  lags: number[];
  /** One value per lag, in [-1, 1]. */
  r: number[];
  /** Half-width of the 95 % band about 0 if one of the series is white noise: 1.96 / sqrt(n). */
  band: number;
  /** The lag of the largest |r|; of equal ones the nearest to 0. */
  lead: number;
}

/**
 * The cross-correlation of two equally spaced series, of returns and never of prices.
 *
 * r(k) = sum_t (y_{t+k} - mean y)(x_t - mean x) / (n sd_y sd_x) with the means and deviations (divisor n) of the whole
 * series, so that a lag with fewer pairs is drawn to 0. On forward-filled bars the slower leg seems to follow: for
 * ticks use `hayashiYoshida`. Raises `LengthMismatch`, `NonFinite` (NaN included: rows follow each other in time),
 * `TooFewObservations` (maxLag + 2 rows), `ConstantSeries` and `InvalidParameter`. O(n maxLag).
 * Reference: statsmodels `ccf(y, x, adjusted=False)` for k >= 0.
 */
export function crossCorrelation(y: Series, x: Series, maxLag: number): CrossCorrelation {
  requireSameLength('crossCorrelation', y, x);
  if (!(Number.isInteger(maxLag) && maxLag >= 0)) {
    throw new InputError(
      'InvalidParameter',
      `crossCorrelation: maxLag is ${maxLag}; give a whole number of rows, 0 or more`,
    );
  }
  const n = y.length;
  if (n < maxLag + 2) {
    throw new InputError(
      'TooFewObservations',
      `crossCorrelation: a lag of ${maxLag} needs at least ${maxLag + 2} rows, got ${n}`,
    );
  }
  const a = standardised('y', y);
  const b = standardised('x', x);
  const lags = Array.from({ length: 2 * maxLag + 1 }, (_, i) => i - maxLag);
  const r = lags.map((lag) => {
    let sum = 0;
    for (let t = Math.max(0, -lag); t < Math.min(n, n - lag); t++) {
      sum += (a[t + lag] as number) * (b[t] as number);
    }
    return Math.max(-1, Math.min(1, sum / n));
  });
  let lead = 0;
  for (let lag = 1; lag <= maxLag; lag++) {
    for (const candidate of [lag, -lag]) {
      if (Math.abs(r[candidate + maxLag] as number) > Math.abs(r[lead + maxLag] as number)) lead = candidate;
    }
  }
  return {
    n,
    dropped: 0,
    flags: maxLag > n / 4 ? ['FewPairsAtOuterLags'] : [],
    lags,
    r,
    band: normalQuantile(0.975) / Math.sqrt(n),
    lead,
  };
}

/** (v - mean) / deviation, divisor n. Scaled by the largest deviation first, so that no square over- or underflows. */
function standardised(leg: string, values: Series): Float64Array {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new InputError(
      'NonFinite',
      `crossCorrelation: row ${i} of ${leg} is ${values[i]}; cut both series at the gap`,
    );
  }
  const mean = meanOf(values);
  const result = Float64Array.from({ length: values.length }, (_, i) => (values[i] as number) - mean);
  const largest = result.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (isConstant(values) || !(largest > 0 && largest < Infinity)) {
    throw new InputError(
      largest < Infinity ? 'ConstantSeries' : 'NonFinite',
      largest < Infinity
        ? `crossCorrelation: ${leg} does not vary, so nothing can vary with it`
        : `crossCorrelation: the sums of ${leg} overflow: rescale the series`,
    );
  }
  let squares = 0;
  for (const value of result) squares += (value / largest) ** 2;
  const deviation = largest * Math.sqrt(squares / values.length);
  return result.map((value) => value / deviation);
}
