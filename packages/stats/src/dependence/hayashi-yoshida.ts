import { InputError, type Series } from '../input-error.ts';
import { realisedVariance, sampledVariance, type Ticks, ticksOf } from './tick-path.ts';

/** Remarks on a Hayashi-Yoshida estimate. */
export type HayashiYoshidaFlag =
  /** No lag below 0 correlates, or none was asked for: the lead-lag ratio is null. */
  | 'NoLeadLagRatio'
  /** Under 50 ticks on a leg. */
  | 'FewTicks';

/** The lags to look at, and the clock of the second normaliser. */
export interface HayashiYoshidaOptions {
  /** In the unit of the times. Positive: A leads B by so much. 0 only, unless given. */
  lags?: readonly number[];
  /** Step of the grid on which `sampledCorrelation` takes the variances, in the unit of the times (1000: 1 s). */
  sampling?: number;
}

/** How two instruments move together, from ticks that come at different times. */
export interface HayashiYoshida {
  /** Returns of A and of B: a time with several ticks counts once, with its last value. */
  n: { a: number; b: number };
  /** Ticks that a later one of the same time replaced. */
  dropped: { a: number; b: number };
  flags: HayashiYoshidaFlag[];
  lags: number[];
  /** Covariance over the whole span, per lag. */
  covariance: number[];
  /** Covariance over the root of the realised variances of all ticks. Not bounded by 1; noise of the ticks lowers it. */
  correlation: number[];
  /** The same with variances on the sampling grid, which the bounce between bid and ask inflates less; null where
   * a leg does not move from one grid point to another. */
  sampledCorrelation: (number | null)[];
  realisedVarianceA: number;
  realisedVarianceB: number;
  /** Sum of squared correlations at lags above 0 over that at lags below: above 1, A leads. */
  leadLagRatio: number | null;
  /** The lag of the largest |correlation|; of equal ones the nearest to 0. */
  lead: number;
}

/**
 * The covariance and correlation of Hayashi and Yoshida (2005), and its shifted form (Hoffmann, Rosenbaum and Yoshida
 * 2013), of two paths (log prices) observed at times of their own.
 *
 * U(l) = sum of dA_i dB_j over all pairs of intervals of which (ta_{i-1}, ta_i] and (tb_{j-1} - l, tb_j - l] overlap.
 * No grid, hence neither the Epps effect nor a false lead of the livelier leg. Raises `LengthMismatch`,
 * `TooFewObservations` (under 2 times on a leg), `NonFinite` (NaN included), `ConstantSeries` and `InvalidParameter`
 * (times that fall, lags or sampling that are no numbers). O(n + m) per lag.
 */
export function hayashiYoshida(
  timesA: Series,
  valuesA: Series,
  timesB: Series,
  valuesB: Series,
  options: HayashiYoshidaOptions = {},
): HayashiYoshida {
  const { lags = [0], sampling = 1000 } = options;
  if (lags.length === 0 || !lags.every(Number.isFinite) || !(sampling > 0 && sampling < Infinity)) {
    throw new InputError(
      'InvalidParameter',
      `hayashiYoshida: lags ${lags.join(', ')}, sampling ${sampling}; give finite lags and a step above 0`,
    );
  }
  const a = ticksOf('A', timesA, valuesA);
  const b = ticksOf('B', timesB, valuesB);
  const realisedVarianceA = realisedVariance(a);
  const realisedVarianceB = realisedVariance(b);
  if (!Number.isFinite(realisedVarianceA + realisedVarianceB)) {
    throw new InputError(
      'NonFinite',
      'hayashiYoshida: the squares of the moves overflow: rescale the values',
    );
  }
  if (!(realisedVarianceA > 0 && realisedVarianceB > 0)) {
    throw new InputError(
      'ConstantSeries',
      'hayashiYoshida: a leg does not move, so nothing can move with it',
    );
  }
  const norm = Math.sqrt(realisedVarianceA) * Math.sqrt(realisedVarianceB);
  const sampledNorm = Math.sqrt(sampledVariance(a, sampling)) * Math.sqrt(sampledVariance(b, sampling));
  const covariance = lags.map((lag) => overlapping(a, b, lag));
  const correlation = covariance.map((value) => value / norm);
  const leadLagRatio = ratioOf(lags, correlation);
  const flags: HayashiYoshidaFlag[] = [];
  if (leadLagRatio === null) flags.push('NoLeadLagRatio');
  if (Math.min(a.times.length, b.times.length) < 50) flags.push('FewTicks');
  return {
    n: { a: a.times.length - 1, b: b.times.length - 1 },
    dropped: { a: timesA.length - a.times.length, b: timesB.length - b.times.length },
    flags,
    lags: [...lags],
    covariance,
    correlation,
    sampledCorrelation: covariance.map((value) => (sampledNorm > 0 ? value / sampledNorm : null)),
    realisedVarianceA,
    realisedVarianceB,
    leadLagRatio,
    lead: leadOf(lags, correlation),
  };
}

/**
 * U(lag). The B intervals that overlap one A interval follow each other, so their returns add up to one difference of
 * B: from its last time at or before the interval's start to its first at or after the end.
 */
function overlapping(a: Ticks, b: Ticks, lag: number): number {
  const { times, values } = b;
  const last = times.length - 1;
  let before = 0;
  let after = 0;
  let sum = 0;
  let lost = 0;
  for (let i = 1; i < a.times.length; i++) {
    const start = (a.times[i - 1] as number) + lag;
    const end = (a.times[i] as number) + lag;
    if (end <= (times[0] as number)) continue;
    if (start >= (times[last] as number)) break;
    while (before < last && (times[before + 1] as number) <= start) before++;
    while (after < last && (times[after] as number) < end) after++;
    const move = (a.values[i] as number) - (a.values[i - 1] as number);
    const term = move * ((values[after] as number) - (values[before] as number)) - lost;
    // Kahan: at lags without correlation the terms cancel almost wholly.
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sum;
}

function ratioOf(lags: readonly number[], correlation: readonly number[]): number | null {
  let forward = 0;
  let backward = 0;
  for (const [i, lag] of lags.entries()) {
    const square = (correlation[i] as number) ** 2;
    if (lag > 0) forward += square;
    else if (lag < 0) backward += square;
  }
  const ratio = forward / backward;
  return Number.isFinite(ratio) ? ratio : null;
}

function leadOf(lags: readonly number[], correlation: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < lags.length; i++) {
    const gain = Math.abs(correlation[i] as number) - Math.abs(correlation[best] as number);
    const nearer = Math.abs(lags[i] as number) < Math.abs(lags[best] as number);
    if (gain > 0 || (gain === 0 && nearer)) best = i;
  }
  return lags[best] as number;
}
