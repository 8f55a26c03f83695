import { InputError, type Series } from '../input-error.ts';
import { alphaOf, type Smoothing } from './smoothing.ts';

/**
 * What an exponentially weighted average knows, as plain numbers: it may be stored as JSON between any two steps and
 * goes on with the same bits.
 */
export interface EwmaState {
  /** Values taken so far. */
  n: number;
  mean: number;
  /** Weighted mean of squared deviations from the mean, biased towards 0. */
  variance: number;
  /** Sum of the weights, and of their squares. */
  weight: number;
  squaredWeight: number;
}

/** The state before the first value. */
export const emptyEwma: Readonly<EwmaState> = { n: 0, mean: 0, variance: 0, weight: 0, squaredWeight: 0 };

/** How fast it forgets, and how the first values are weighted. */
export interface EwmaOptions {
  smoothing: Smoothing;
  /**
   * true: the weights (1 - alpha)^i are divided by their sum, so that early values count fully. false: the recursion
   * m_t = (1 - alpha) m_{t-1} + alpha v_t, in which the first value keeps the weight of all that it stands for.
   */
  adjust?: boolean;
}

/**
 * Takes one more value, in O(1): the state that follows. A missing value (NaN) adds nothing, but time passes: the
 * weights of the values before it fade all the same.
 */
export function ewmaStep(state: Readonly<EwmaState>, value: number, options: EwmaOptions): EwmaState {
  const { n, mean, variance, weight, squaredWeight } = state;
  const next = { n, mean, variance, weight, squaredWeight };
  const alpha = alphaOf(options.smoothing);
  advance(next, requireValue(value), alpha, options.adjust !== false);
  return next;
}

/** What a state says. A number that is not yet known is null. */
export interface EwmaEstimate {
  mean: number | null;
  /** With the bias towards 0 of the weights taken out; null for the first value. */
  variance: number | null;
  deviation: number | null;
  biasedVariance: number | null;
}

/** The mean, variance and deviation of a state. */
export function ewmaEstimate(state: Readonly<EwmaState>): EwmaEstimate {
  if (state.n === 0) return { mean: null, variance: null, deviation: null, biasedVariance: null };
  const variance = unbiased(state);
  const known = !Number.isNaN(variance);
  return {
    mean: state.mean,
    variance: known ? variance : null,
    deviation: known ? Math.sqrt(variance) : null,
    biasedVariance: state.variance,
  };
}

/** Exponentially weighted statistics of a series, one value per row; NaN where not yet known. */
export interface Ewma {
  n: number;
  dropped: number;
  flags: never[];
  mean: Float64Array;
  variance: Float64Array;
  deviation: Float64Array;
  biasedVariance: Float64Array;
  /** After the last row: goes on with `ewmaStep`. */
  state: EwmaState;
}

/**
 * Exponentially weighted mean, variance and standard deviation of a series of returns, row by row, each row included.
 *
 * Weights fall by 1 - alpha per row. The variance is sum w (v - mean)^2 / sum w about the weighted mean, times
 * (sum w)^2 / ((sum w)^2 - sum w^2) where the bias is taken out. Of a spread take the changes, not the ratio of
 * consecutive values: a spread crosses 0. Missing rows (NaN) count in `dropped`; the row repeats the values before it.
 * Raises `NonFinite` (Infinity, or sums that overflow) and `InvalidParameter`. O(n).
 * Reference: pandas `Series.ewm(adjust=…)`, `.var(bias=False)` and `.var(bias=True)`; weighted update after West (1979).
 */
export function ewma(values: Series, options: EwmaOptions): Ewma {
  const alpha = alphaOf(options.smoothing);
  const adjust = options.adjust !== false;
  const length = values.length;
  const state = { ...emptyEwma };
  const mean = new Float64Array(length);
  const variance = new Float64Array(length);
  const deviation = new Float64Array(length);
  const biasedVariance = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    advance(state, requireValue(values[i] as number), alpha, adjust);
    const known = state.n > 0;
    mean[i] = known ? state.mean : Number.NaN;
    variance[i] = unbiased(state);
    deviation[i] = Math.sqrt(variance[i] as number);
    biasedVariance[i] = known ? state.variance : Number.NaN;
  }
  return {
    n: state.n,
    dropped: length - state.n,
    flags: [],
    mean,
    variance,
    deviation,
    biasedVariance,
    state,
  };
}

function requireValue(value: number): number {
  if (Math.abs(value) === Infinity) {
    throw new InputError(
      'NonFinite',
      'ewma: a value is infinite; leave it out, or give NaN if it is missing',
    );
  }
  // A stored -0 comes back as 0.
  return value + 0;
}

/** One step in place. */
function advance(state: EwmaState, value: number, alpha: number, adjust: boolean): void {
  const decay = 1 - alpha;
  state.weight *= decay;
  state.squaredWeight *= decay * decay;
  if (Number.isNaN(value)) return;
  const added = state.n === 0 || adjust ? 1 : alpha;
  const weight = state.weight + added;
  const share = added / weight;
  const difference = value - state.mean;
  state.mean = state.n === 0 ? value : state.mean + share * difference;
  state.variance = state.n === 0 ? 0 : (1 - share) * (state.variance + share * difference * difference);
  if (!Number.isFinite(state.variance + state.mean)) {
    throw new InputError('NonFinite', 'ewma: the squares of the values overflow; rescale the series');
  }
  state.squaredWeight += added * added;
  // The recursion speaks of weights that add up to 1.
  state.weight = adjust ? weight : 1;
  if (!adjust) state.squaredWeight /= weight * weight;
  state.n++;
}

/** NaN while the weights do not tell a spread: before the second value. */
function unbiased({ n, variance, weight, squaredWeight }: Readonly<EwmaState>): number {
  const square = weight * weight;
  const rest = square - squaredWeight;
  return n > 0 && rest > 0 ? (square / rest) * variance : Number.NaN;
}
