import { consecutiveRows } from '../consecutive-rows.ts';
import { InputError, type Series } from '../input-error.ts';
import { moments } from '../moments.ts';
import { logSlope } from './log-slope.ts';

/** Remarks on a Hurst exponent. */
export type HurstFlag =
  /** Under 100 rows: the exponent is little more than noise. */
  | 'ShortSeries'
  /** Differences, or blocks of them, do not vary: what needs their deviation is null. */
  | 'ConstantDifferences';

/** How the spread of lagged differences grows with the lag. Below 0.5 a series reverts, above it trends. */
export interface Hurst {
  n: number;
  dropped: number;
  flags: HurstFlag[];
  /** Slope of ln(deviation of s_{t+lag} - s_t) on ln(lag): a drift does not count. */
  hurst: number | null;
  /** Half the slope of ln(mean square of the same): a drift counts as a trend. */
  hurstMeanSquare: number | null;
}

/**
 * The Hurst exponent of a level (a log price or a spread, not its returns) from lagged differences at the lags
 * `from`..`to`, deviations with divisor n. Near 0 for a stationary spread, 0.5 for a random walk. Descriptive: decide
 * by the variance ratio, which has a p-value. Raises `NonFinite` (NaN included), `TooFewObservations` (under
 * to + 2 rows), `ConstantSeries` and `InvalidParameter`. O(n (to - from)).
 */
export function hurst(series: Series, from = 2, to = 20): Hurst {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 1 && to > from)) {
    throw new InputError(
      'InvalidParameter',
      `hurst: lags ${from} to ${to}; give two whole numbers, the first at least 1, that rise`,
    );
  }
  const { values } = consecutiveRows('hurst', series, to + 2);
  const n = values.length;
  const lags = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const differences = new Float64Array(n);
  const deviations: number[] = [];
  const meanSquares: number[] = [];
  for (const lag of lags) {
    let squares = 0;
    let largest = 0;
    for (let i = 0; i + lag < n; i++) {
      const difference = (values[i + lag] as number) - (values[i] as number);
      differences[i] = difference;
      squares += difference * difference;
      largest = Math.max(largest, Math.abs(difference));
    }
    const { deviation } = moments(differences.subarray(0, n - lag), 0);
    // Values lie below 2: equal steps still differ by their rounding.
    deviations.push(deviation > 2 * Number.EPSILON * Math.max(1, largest) ? deviation : 0);
    meanSquares.push(squares / (n - lag));
  }
  const flags: HurstFlag[] = [];
  if (n < 100) flags.push('ShortSeries');
  const exponent = logSlope(lags, deviations);
  const square = logSlope(lags, meanSquares);
  if (exponent === null || square === null) flags.push('ConstantDifferences');
  return { n, dropped: 0, flags, hurst: exponent, hurstMeanSquare: square === null ? null : square / 2 };
}
