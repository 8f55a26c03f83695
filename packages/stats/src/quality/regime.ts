/** What the reversion of a pair looks like. */
export type Regime = 'mean-reverting' | 'trending' | 'broken' | 'uncertain';

/** The evidence of one round of tests; null where a test was not made or has no answer. */
export interface RegimeEvidence {
  /** The Engle-Granger statistic lies below its 5 % critical value. */
  cointegrated: boolean | null;
  /** p of KPSS on the spread, whose null hypothesis is stationarity. */
  kpssP: number | null;
  /** Half-life of the spread; null or Infinity if it does not come back. */
  halfLife: number | null;
  /** Variance ratio of the spread, and its p. */
  varianceRatio: number | null;
  varianceRatioP: number | null;
  /** The break detector has struck. */
  broken: boolean;
}

/** The regime with what the next round needs. Plain: it may be stored as JSON between any two rounds. */
export interface RegimeState {
  regime: Regime;
  /** What the last rounds said instead, and how many of them in a row. */
  candidate: Regime | null;
  confirmations: number;
}

/** The state before the first round. */
export const uncertainRegime: Readonly<RegimeState> = {
  regime: 'uncertain',
  candidate: null,
  confirmations: 0,
};

/** Rounds in a row that must agree before the regime changes. */
export const neededConfirmations = 2;

/**
 * What one round of tests says by itself: `broken` if the break detector struck; `mean-reverting` if cointegrated at
 * 5 %, KPSS does not reject stationarity at 5 % and the half-life is finite; `trending` if the variance ratio is above
 * 1 at 5 %; else `uncertain`, as with missing evidence.
 */
export function regimeOf(evidence: RegimeEvidence): Regime {
  const { cointegrated, kpssP, halfLife, varianceRatio, varianceRatioP, broken } = evidence;
  if (broken) return 'broken';
  const comesBack = halfLife !== null && Number.isFinite(halfLife);
  if (cointegrated === true && kpssP !== null && kpssP > 0.05 && comesBack) return 'mean-reverting';
  const trends = varianceRatio !== null && varianceRatio > 1;
  if (trends && varianceRatioP !== null && varianceRatioP < 0.05) return 'trending';
  return 'uncertain';
}

/** The state after one more round: the regime changes once two rounds in a row say the same other thing. */
export function regimeStep(state: Readonly<RegimeState>, evidence: RegimeEvidence): RegimeState {
  const found = regimeOf(evidence);
  if (found === state.regime) return { regime: found, candidate: null, confirmations: 0 };
  const confirmations = found === state.candidate ? state.confirmations + 1 : 1;
  if (confirmations >= neededConfirmations) return { regime: found, candidate: null, confirmations: 0 };
  return { regime: state.regime, candidate: found, confirmations };
}
