import { binaryExponent } from '../binary-unit.ts';
import type { InputCode, Series } from '../input-error.ts';
import { removeTrend } from './deterministic-trend.ts';

/**
 * What every Dickey-Fuller regression of one series is made of: change[t] = x[t+1] - x[t] on level[t] = x[t] and
 * change[t-1], change[t-2]... A buffer, filled by `prepareSample`.
 */
export interface AdfSample {
  /** Levels, scaled and without their deterministic trend. */
  level: Float64Array;
  /** Differences of consecutive levels, from row 0. */
  change: Float64Array;
  /** How many differences there are: one fewer than rows. */
  changes: number;
  terms: number;
  /** Natural log of the power of two by which the series was multiplied. */
  logScale: number;
  /** Residuals whose mean square is below this (in scaled units) are rounding noise. */
  noise: number;
}

/** An empty sample. */
export function emptySample(): AdfSample {
  return {
    level: new Float64Array(0),
    change: new Float64Array(0),
    changes: 0,
    terms: 0,
    logScale: 0,
    noise: 0,
  };
}

const trend = new Float64Array(3);

/**
 * Fills `sample` from the first `n` values. Returns the code of what makes them useless, or null.
 *
 * Differences come from the series as given; the levels lose the trend that the regression has anyway (its answer
 * does not change, its condition does), and the differences lose the difference of that trend, so that
 * level[t+1] = level[t] + change[t] still holds. The scale is a power of two: exact, and squares neither overflow
 * nor vanish.
 */
export function prepareSample(values: Series, n: number, terms: number, sample: AdfSample): InputCode | null {
  if (sample.level.length < n) {
    sample.level = new Float64Array(2 * n);
    sample.change = new Float64Array(2 * n);
  }
  const { level, change } = sample;
  let largest = 0;
  let largestChange = 0;
  let previous = values[0] as number;
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    const step = value - previous;
    // NaN for NaN, Infinity and differences that overflow.
    if (step - step !== 0) return 'NonFinite';
    if (i > 0) change[i - 1] = step;
    largest = Math.max(largest, Math.abs(value));
    largestChange = Math.max(largestChange, Math.abs(step));
    previous = value;
  }
  if (largestChange === 0) return 'ConstantSeries';
  const exponent = binaryExponent(largestChange);
  const scale = 2 ** -exponent;
  for (let i = 0; i < n; i++) level[i] = (values[i] as number) * scale;
  removeTrend(level, n, terms, trend);
  const slope = trend[1] as number;
  const bend = trend[2] as number;
  const middle = (n - 1) / 2;
  let squares = 0;
  for (let i = 0; i < n - 1; i++) {
    const step = (change[i] as number) * scale;
    squares += step * step;
    change[i] = step - slope - bend * (2 * (i - middle) + 1);
  }
  sample.changes = n - 1;
  sample.terms = terms;
  sample.logScale = -exponent * Math.LN2;
  // Either the changes follow from the past to the last bit, or what does not is the rounding of the levels.
  const rounding = 4 * Number.EPSILON * largest * scale;
  sample.noise = Math.max(rounding * rounding, Number.EPSILON * Number.EPSILON * squares);
  return null;
}
