import { InputError } from '../input-error.ts';
import { leastPastVolatilities, regimeBetween, type VolatilityRegime } from './volatility-regime.ts';

/**
 * The terciles of everything seen so far, in the size of a stored row: seven markers, of which the third and the fifth
 * are the terciles. Plain numbers: it may be stored as JSON between any two steps and goes on with the same bits.
 */
export interface TercileState {
  /** Values taken so far. */
  n: number;
  /** Up to the seventh value the values themselves, in order; from then on the markers' heights. */
  heights: number[];
  /** Ranks of the markers, from 1; empty before the seventh value. */
  ranks: number[];
  /** The regime of the newest value against those before it. */
  regime: VolatilityRegime | null;
}

/** The state before the first value. */
export const emptyTerciles: Readonly<TercileState> = { n: 0, heights: [], ranks: [], regime: null };

/** Shares of the values below each marker: both terciles, points halfway, and the ends. */
const shares = [0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1];

/**
 * Judges a volatility by the terciles of all values before it, then takes it in: O(1), without a look ahead.
 *
 * The terciles are those of the P-square algorithm (Jain and Chlamtac 1985; several quantiles by Raatikainen 1987):
 * estimates, exact up to the seventh value and close to the sample's terciles from some dozens on. No regime before the
 * 31st value. A missing value (NaN) has none and changes nothing. Raises `NonFinite`.
 */
export function volatilityRegimeStep(state: Readonly<TercileState>, value: number): TercileState {
  if (Math.abs(value) === Infinity) {
    throw new InputError('NonFinite', 'volatilityRegimeStep: a volatility is infinite');
  }
  if (Number.isNaN(value)) return { ...state, regime: null };
  const known = value + 0;
  const regime =
    state.n < leastPastVolatilities
      ? null
      : regimeBetween(known, state.heights[2] as number, state.heights[4] as number);
  const n = state.n + 1;
  if (state.ranks.length === 0) {
    const heights = [...state.heights, known].sort((a, b) => a - b);
    return { n, heights, ranks: n < shares.length ? [] : shares.map((_, i) => i + 1), regime };
  }
  const heights = [...state.heights];
  const ranks = [...state.ranks];
  count(heights, ranks, known);
  for (let i = 1; i < shares.length - 1; i++) adjust(heights, ranks, i, n);
  return { n, heights, ranks, regime };
}

/** Lets the ends follow the extremes, and raises the rank of every marker above the value. */
function count(heights: number[], ranks: number[], value: number): void {
  const last = heights.length - 1;
  heights[0] = Math.min(heights[0] as number, value);
  heights[last] = Math.max(heights[last] as number, value);
  for (let i = 1; i < last; i++) {
    if (value < (heights[i] as number)) ranks[i] = (ranks[i] as number) + 1;
  }
  ranks[last] = (ranks[last] as number) + 1;
}

/** Moves marker `i` by one rank if it is a rank or more from where its share belongs. */
function adjust(heights: number[], ranks: number[], i: number, n: number): void {
  const rank = ranks[i] as number;
  const wanted = 1 + (n - 1) * (shares[i] as number);
  const toNext = (ranks[i + 1] as number) - rank;
  const toPrevious = rank - (ranks[i - 1] as number);
  const move = wanted - rank >= 1 && toNext > 1 ? 1 : wanted - rank <= -1 && toPrevious > 1 ? -1 : 0;
  if (move === 0) return;
  const height = heights[i] as number;
  const rise = (heights[i + 1] as number) - height;
  const fall = height - (heights[i - 1] as number);
  // A parabola through the three markers, unless it would leave their order.
  const slope =
    ((toPrevious + move) * (rise / toNext) + (toNext - move) * (fall / toPrevious)) / (toNext + toPrevious);
  const curved = height + move * slope;
  const ordered = curved > (heights[i - 1] as number) && curved < (heights[i + 1] as number);
  heights[i] = ordered ? curved : height + (move === 1 ? rise / toNext : -fall / toPrevious);
  ranks[i] = rank + move;
}
