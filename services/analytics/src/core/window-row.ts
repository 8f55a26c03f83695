import type { Absence, Analytics, Metric, Study } from '@tandem/common';
import { autocorrelatedError } from '@tandem/stats';
import type { Hedge } from './hedge/hedge.ts';
import { notOffered } from './hedge/hedge-of.ts';
import { hourOf, leastOf } from './reach.ts';
import { changeDeviation, type WindowFeed } from './window-feed.ts';

/** Writes into a row what its study's windows say at its bar. `returns`: of the legs into this bar. */
export function measureWindow(
  row: Analytics,
  study: Study,
  feed: WindowFeed,
  legs: { readonly y: number; readonly x: number },
): void {
  const { n, prices, returns, changes, yMoments, xMoments } = feed;
  const least = leastOf(study.window);
  const leastReturns = leastOf(study.window - 1);
  measureHedge(row, study, feed.hedge, n, { reason: 'gap', have: returns.n, need: leastReturns });
  put(row, 'priceCorrelation', prices.r, n, least);
  if (returns.n < leastReturns) {
    for (const metric of ['returnCorrelation', 'spreadVolatility'] as const) {
      row.absent[metric] = { reason: 'gap', have: returns.n, need: leastReturns };
    }
  } else {
    put(row, 'returnCorrelation', feed.returnCorrelation, returns.n, leastReturns);
    put(row, 'spreadVolatility', changeDeviation(changes, row.beta ?? Number.NaN), returns.n, leastReturns);
  }
  put(row, 'yZ', yMoments.z, n, least);
  put(row, 'xZ', xMoments.z, n, least);
  for (const [metric, value] of [
    ['yReturn', legs.y],
    ['xReturn', legs.x],
  ] as const) {
    if (Number.isNaN(value)) row.absent[metric] = { reason: 'gap', have: 1, need: 2 };
    else put(row, metric, value, 2, 2);
  }
  measureHour(row, study, feed);
  put(row, 'emptyShare', feed.empty / n, n, least);
}

/**
 * Whether the hedge ratio is above 0 beyond doubt. The classical error takes each bar for news, and so does the Kalman
 * filter's, though a spread that comes back slowly repeats itself: it is widened by the half-life, or by the window where
 * there is none.
 */
export function isDistinct(
  { beta, betaError, halfLife, absent }: Analytics,
  { window }: Pick<Study, 'window'>,
): boolean {
  if (beta === null || beta <= 0) return false;
  if (betaError === null) return true;
  const widened = halfLife !== null || absent.halfLife?.reason === 'no-reversion';
  return beta >= 2 * (widened ? autocorrelatedError(betaError, halfLife, window) : betaError);
}

/** `between`: what a hedge lacks that has bars enough, but too few that follow on one another. */
function measureHedge(row: Analytics, { method }: Study, hedge: Hedge, n: number, between: Absence): void {
  const absent = notOffered[method] as readonly Metric[];
  const { fault } = hedge;
  const numbers = {
    alpha: hedge.alpha,
    beta: hedge.beta,
    alphaError: hedge.alphaError,
    betaError: hedge.betaError,
    rSquared: hedge.rSquared,
    spread: hedge.spread,
    spreadMean: hedge.spreadMean,
    spreadDeviation: hedge.spreadDeviation,
    z: hedge.z,
  };
  for (const [metric, value] of Object.entries(numbers) as [Metric, number][]) {
    if (absent.includes(metric)) row.absent[metric] = { reason: 'not-offered', have: 0, need: 0 };
    else if (fault === null) put(row, metric, value, n, n);
    else if (fault === 'TooFewObservations' && method !== 'kalman') row.absent[metric] = between;
    else {
      const constant = fault === 'ConstantSeries' || fault === 'Collinear' || fault === 'PerfectFit';
      const reason = fault === 'TooFewObservations' ? 'warming' : constant ? 'constant' : 'undefined';
      row.absent[metric] = { reason, have: n, need: n };
    }
  }
}

function measureHour(row: Analytics, { interval }: Study, { hourChanges }: WindowFeed): void {
  const hour = hourOf(interval);
  if (hour === undefined || hourChanges === undefined) {
    row.absent.spreadVolatilityHour = { reason: 'not-offered', have: 0, need: 0 };
    return;
  }
  const need = leastOf(hour);
  const have = hourChanges.n;
  if (have < need) row.absent.spreadVolatilityHour = { reason: 'warming', have, need };
  else put(row, 'spreadVolatilityHour', changeDeviation(hourChanges, row.beta ?? Number.NaN), have, need);
}

/** Writes a number, or why there is none: NaN here comes from a series that does not vary. */
function put(row: Analytics, metric: Metric, value: number, have: number, need: number): void {
  // Adding 0 turns -0, which JSON cannot carry, into 0.
  if (Number.isFinite(value)) row[metric] = value + 0;
  else row.absent[metric] = { reason: Number.isNaN(value) ? 'constant' : 'undefined', have, need };
}
