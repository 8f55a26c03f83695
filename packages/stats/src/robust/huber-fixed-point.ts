import type { HuberIteration } from './huber-iteration.ts';
import { NORMAL_MAD } from './mad.ts';

/** Regressions at most, unless said otherwise: some 4 are usual. */
export const FIXED_POINT_ITERATIONS = 500;
/** From here on, in parts of the scale per step, the rows have found their roles well enough to try. */
const RIPE = 0.02;
/** Steps after which they are given the try in any case: where most rows lie on one line, the scale only ever halves. */
const PATIENCE = 8;
/** A scale that falls to this part of itself in one leap has vanished. */
const VANISHED = 1e-12;
/** A step that moves the line by less is the rounding of its sums. */
const SETTLED = 4e-14;

/**
 * Steps until nothing moves any more; `converged` says whether that was reached within `maximum` regressions, of
 * which the iteration has made the first.
 *
 * Reweighting converges geometrically and may need hundreds of steps. But which rows are outliers, on which side,
 * and which one is the median is settled soon, and with these roles given, the conditions of the limit are linear in
 * level, slope and scale: they are solved at once. A solution stands if the next step hardly moves it; otherwise
 * reweighting goes on from where it was.
 */
export function settle(
  iteration: HuberIteration,
  maximum: number,
): { iterations: number; converged: boolean } {
  let wait = 0;
  // The move before the last leap, and the line to which a bad leap returns.
  let moved = Infinity;
  let leapt = false;
  let level = 0;
  let beta = 0;
  let centreX = 0;
  let centreY = 0;
  for (let count = 1; count < maximum; count++) {
    if (iteration.isPerfect()) return { iterations: count, converged: true };
    const move = stepAndMeasureMove(iteration);
    if (iteration.isPerfect() || move <= settledMove(iteration)) {
      return { iterations: count + 1, converged: true };
    }
    if (leapt && !(move < moved)) {
      iteration.level = level;
      iteration.beta = beta;
      iteration.centreX = centreX;
      iteration.centreY = centreY;
      iteration.measure();
      wait = count + 2 + (count >> 1);
      leapt = false;
      continue;
    }
    leapt = false;
    if (count < wait || !(move <= RIPE || count >= PATIENCE)) continue;
    ({ level, beta, centreX, centreY } = iteration);
    moved = move;
    leapt = leapToLimit(iteration);
  }
  return { iterations: maximum, converged: false };
}

/** One step; the largest change of line and scale, in parts of the scale. */
function stepAndMeasureMove(iteration: HuberIteration): number {
  const { centreX, centreY, level, beta, scale } = iteration;
  iteration.step();
  const turned = (iteration.beta - beta) * iteration.spreadX;
  const lifted = iteration.centreY - centreY + iteration.level - level - beta * (iteration.centreX - centreX);
  return Math.max(Math.abs(turned), Math.abs(lifted), Math.abs(iteration.scale - scale)) / iteration.scale;
}

/** Residuals are rounded at the size of what they are a difference of. */
function settledMove(iteration: HuberIteration): number {
  return SETTLED + (4 * Number.EPSILON * Math.abs(iteration.beta) * iteration.spreadX) / iteration.scale;
}

/**
 * Solves the conditions of the limit for the present roles of the rows and takes the solution as the line; false,
 * and nothing done, if there is none, or none towards which reweighting would go.
 *
 * With c the tuning constant, s the scale, and a sum over the outliers of the sign of their residuals:
 * sum_in (q - a - b p) + c s sum_out sign = 0, sum_in p (q - a - b p) + c s sum_out p sign = 0, and
 * 0.67449 s = |q - a - b p| of the median row, or the mean of the middle two.
 */
function leapToLimit(iteration: HuberIteration): boolean {
  const { x, y, n, residuals, lower, upper, centreX, centreY, tuning, scale } = iteration;
  const threshold = tuning * scale;
  let inside = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumXY = 0;
  let signs = 0;
  let signsX = 0;
  let upperRow = 0;
  let lowerRow = 0;
  for (let i = 0; i < n; i++) {
    const residual = residuals[i] as number;
    const magnitude = Math.abs(residual);
    const p = (x[i] as number) - centreX;
    if (magnitude > threshold) {
      const sign = residual > 0 ? 1 : -1;
      signs += sign;
      signsX += sign * p;
      continue;
    }
    if (magnitude === upper) upperRow = i;
    if (magnitude === lower) lowerRow = i;
    const q = (y[i] as number) - centreY;
    inside++;
    sumX += p;
    sumY += q;
    sumXX += p * p;
    sumXY += p * q;
  }
  const meanX = sumX / inside;
  const meanY = sumY / inside;
  const centredXX = sumXX - sumX * meanX;
  if (!(centredXX > 0)) return false;
  // Line a + b p = (a0 + a1 s) + (b0 + b1 s) p.
  const b0 = (sumXY - sumX * meanY) / centredXX;
  const b1 = (tuning * (signsX - meanX * signs)) / centredXX;
  const a0 = meanY - b0 * meanX;
  const a1 = (tuning * signs) / inside - b1 * meanX;
  let constant = 0;
  let slope = 0;
  for (const row of [upperRow, lowerRow]) {
    const sign = (residuals[row] as number) > 0 ? 0.5 : -0.5;
    const p = (x[row] as number) - centreX;
    constant += sign * ((y[row] as number) - centreY - a0 - b0 * p);
    slope -= sign * (a1 + b1 * p);
  }
  // 0.67449 s = constant + slope s. A steeper slope than 0.67449 is a limit from which reweighting moves away.
  const solved = constant / (NORMAL_MAD - slope);
  if (!(slope < NORMAL_MAD && solved > -VANISHED * scale && solved < Infinity)) return false;
  iteration.level = a0 + a1 * solved;
  iteration.beta = b0 + b1 * solved;
  iteration.measure();
  iteration.collapsed = iteration.scale <= VANISHED * scale;
  return true;
}
