import { InputError, type Series } from '../input-error.ts';

/** What the RiskMetrics recursion knows; plain, and restored from JSON with the same bits. */
export interface RiskMetricsState {
  /** Returns taken so far. */
  n: number;
  /** Variance per row after them: the forecast for the next row. Null before the first. */
  variance: number | null;
}

/** The state before the first return. */
export const emptyRiskMetrics: Readonly<RiskMetricsState> = { n: 0, variance: null };

/** The decay of the daily RiskMetrics variance. */
export const riskMetricsDecay = 0.94;

/**
 * Takes one more return (or change of a spread), in O(1): v_t = lambda v_{t-1} + (1 - lambda) r_t^2, v_0 = r_0^2. A
 * missing return (NaN) leaves the state as it is.
 */
export function riskMetricsStep(
  state: Readonly<RiskMetricsState>,
  change: number,
  decay: number = riskMetricsDecay,
): RiskMetricsState {
  requireDecay(decay);
  if (Number.isNaN(change)) return { ...state };
  const square = change * change;
  const variance = state.variance === null ? square : decay * state.variance + (1 - decay) * square;
  if (!Number.isFinite(variance)) {
    throw new InputError(
      'NonFinite',
      `riskMetrics: a return of ${change} has no finite square; rescale the series`,
    );
  }
  return { n: state.n + 1, variance };
}

/** The RiskMetrics volatility of a series of returns, row by row. NaN before the first known return. */
export interface RiskMetrics {
  n: number;
  dropped: number;
  flags: never[];
  /** The variance of a row includes its own return; it is the forecast for the row after. */
  variance: Float64Array;
  volatility: Float64Array;
  /** After the last row: goes on with `riskMetricsStep`. */
  state: RiskMetricsState;
}

/**
 * The exponentially weighted variance about 0 of J.P. Morgan's RiskMetrics (1996). Missing rows (NaN) are counted and
 * repeat the row before. Raises `NonFinite` and `InvalidParameter` (a decay outside [0, 1)). O(n).
 */
export function riskMetrics(returns: Series, decay: number = riskMetricsDecay): RiskMetrics {
  requireDecay(decay);
  const length = returns.length;
  const variance = new Float64Array(length);
  let state: RiskMetricsState = emptyRiskMetrics;
  for (let i = 0; i < length; i++) {
    state = riskMetricsStep(state, returns[i] as number, decay);
    variance[i] = state.variance ?? Number.NaN;
  }
  return {
    n: state.n,
    dropped: length - state.n,
    flags: [],
    variance,
    volatility: variance.map(Math.sqrt),
    state,
  };
}

function requireDecay(decay: number): void {
  if (decay >= 0 && decay < 1) return;
  throw new InputError(
    'InvalidParameter',
    `riskMetrics: the decay is ${decay}; give a number in [0, 1), often 0.94`,
  );
}
