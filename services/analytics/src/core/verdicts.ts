import type { Analytics, Inhibition, Study } from '@tandem/common';
import {
  autocorrelatedError,
  type BreakState,
  breakStep,
  edgeBps,
  neutralSignal,
  qualityScore,
  type RegimeState,
  type ReversionRules,
  regimeStep,
  type SignalState,
  signalStep,
  unbroken,
  uncertainRegime,
} from '@tandem/stats';
import type { WindowTests } from './window-tests.ts';

/** Share of empty bars beyond which a market is too thin to enter. */
const thinShare = 0.2;
/** |z| below which entries are allowed again after a stop. */
const rearm = 0.5;

/** What the verdicts of a row hand on to the next. Plain JSON. */
export interface VerdictState {
  readonly signal: SignalState;
  readonly regime: RegimeState;
  readonly break: BreakState;
}

/** Before the first row that can be judged. */
export const noVerdicts: VerdictState = { signal: neutralSignal, regime: uncertainRegime, break: unbroken };

/**
 * Judges a row whose numbers are known: break, regime, what forbids to enter, signal, quality, edge. Writes them into
 * the row and returns what the next row needs. `tests`: of this bar, if it is one after which they were run.
 */
export function judge(
  row: Analytics,
  study: Study,
  state: VerdictState,
  tests: WindowTests | undefined,
  betaDeviation: number | null,
): VerdictState {
  const { beta, betaError } = row;
  const halfLife = halfLifeOf(row);
  const broken = breakStep(
    state.break,
    {
      beta,
      betaError: betaError === null ? null : autocorrelatedError(betaError, halfLife, study.window),
      kalmanZ: study.method === 'kalman' ? row.z : null,
    },
    study.window,
  );
  const regime =
    tests === undefined
      ? state.regime
      : regimeStep(state.regime, {
          cointegrated: tests.cointegrated,
          kpssP: tests.kpssP,
          halfLife,
          varianceRatio: row.varianceRatio,
          varianceRatioP: tests.varianceRatioP,
          broken: broken.broken,
        });
  const inhibitions: Inhibition[] = [];
  if (row.state === 'invalid') inhibitions.push('invalid');
  if (broken.broken) inhibitions.push('break');
  if ((row.emptyShare ?? 0) > thinShare) inhibitions.push('thin-market');
  const signal = signalStep(
    state.signal,
    { z: row.z, entriesInhibited: inhibitions.length > 0 },
    rulesOf(study),
  );
  row.inhibitions = inhibitions;
  row.regime = regime.regime;
  row.signal = signal.signal;
  price(row, study, betaDeviation);
  return { signal, regime, break: broken };
}

/** A row without a z: a position that is open stays so, and nothing is entered. */
export function waitThrough(
  row: Analytics,
  study: Study,
  state: VerdictState,
  inhibitions: Inhibition[],
): VerdictState {
  const signal = signalStep(state.signal, { z: null, entriesInhibited: true }, rulesOf(study));
  row.inhibitions = inhibitions;
  row.regime = state.regime.regime;
  row.signal = signal.signal;
  return { ...state, signal };
}

/** The half-life to judge by: 0 within a bar, Infinity for a spread that does not come back, null where not known. */
function halfLifeOf({ halfLife, absent }: Analytics): number | null {
  if (absent.halfLife?.reason === 'within-bar') return 0;
  return absent.halfLife?.reason === 'no-reversion' ? Number.POSITIVE_INFINITY : halfLife;
}

/** Quality and edge: what an entry would stand on, and what it would be expected to leave after costs. */
function price(row: Analytics, study: Study, betaDeviation: number | null): void {
  const { beta, spreadDeviation, z, yClose, xClose } = row;
  const fillCostBps = study.costs.feeBps + study.costs.slippageBps;
  const notional =
    beta === null || yClose === null || xClose === null
      ? null
      : study.scale === 'log'
        ? 1 + Math.abs(beta)
        : yClose + Math.abs(beta) * xClose;
  const quality = qualityScore({
    cointegrationP: row.cointegrationP,
    halfLife: halfLifeOf(row),
    window: study.window,
    returnCorrelation: row.returnCorrelation,
    beta,
    betaDeviation,
    varianceRatio: row.varianceRatio,
    spreadDeviation,
    // Two legs, each filled at the entry and at the exit.
    roundTripCost: notional === null ? null : (2 * fillCostBps * notional) / 1e4,
  });
  row.quality = quality.score;
  row.qualityParts = quality.score === null ? null : quality.parts;
  if (quality.score === null) row.absent.quality = { reason: 'undefined', have: 0, need: 1 };
  row.edgeBps =
    z === null || spreadDeviation === null || beta === null || yClose === null || xClose === null
      ? null
      : edgeBps({
          z,
          spreadDeviation,
          exit: study.thresholds.exit,
          beta,
          scale: study.scale,
          y: yClose,
          x: xClose,
          fillCostBps,
        });
  const why = row.absent.z ?? { reason: 'undefined' as const, have: row.n, need: row.n };
  if (row.edgeBps === null) row.absent.edgeBps = why;
}

function rulesOf({ thresholds }: Study): ReversionRules {
  const { shortEntry, longEntry, exit, stop } = thresholds;
  return { shortEntry, longEntry, exit, stop, maxHold: null, rearm: Math.max(rearm, exit) };
}
