import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RegimeEvidence, type RegimeState, regimeOf, regimeStep, uncertainRegime } from '../index.ts';

const reverting: RegimeEvidence = {
  cointegrated: true,
  kpssP: 0.1,
  halfLife: 12,
  varianceRatio: 0.7,
  varianceRatioP: 0.01,
  broken: false,
};
const trending: RegimeEvidence = { ...reverting, cointegrated: false, varianceRatio: 1.4 };
const nothing: RegimeEvidence = {
  cointegrated: null,
  kpssP: null,
  halfLife: null,
  varianceRatio: null,
  varianceRatioP: null,
  broken: false,
};

/** The regimes after each round. */
const follow = (rounds: readonly RegimeEvidence[]): string[] => {
  let state: RegimeState = uncertainRegime;
  return rounds.map((evidence) => {
    state = regimeStep(state, evidence);
    return state.regime;
  });
};

describe('regimeOf', () => {
  it('calls a pair mean-reverting only if all three tests say so', () => {
    expect(regimeOf(reverting)).toBe('mean-reverting');
    for (const lack of [
      { cointegrated: false },
      { cointegrated: null },
      { kpssP: 0.05 },
      { kpssP: null },
      { halfLife: null },
      { halfLife: Infinity },
    ]) {
      expect(regimeOf({ ...reverting, ...lack })).toBe('uncertain');
    }
  });

  it('a variance ratio above 1 is a trend if it is no chance; a break goes before all', () => {
    expect(regimeOf(trending)).toBe('trending');
    expect(regimeOf({ ...trending, varianceRatioP: 0.05 })).toBe('uncertain');
    expect(regimeOf({ ...trending, varianceRatio: 0.6 })).toBe('uncertain');
    expect(regimeOf({ ...reverting, broken: true })).toBe('broken');
    expect(regimeOf(nothing)).toBe('uncertain');
  });
});

describe('regimeStep', () => {
  it('changes after two rounds in a row that say the same, not after one', () => {
    expect(follow([reverting, reverting, trending, reverting, trending, trending])).toEqual([
      'uncertain',
      'mean-reverting',
      'mean-reverting',
      'mean-reverting',
      'mean-reverting',
      'trending',
    ]);
    // Two rounds that contradict each other confirm nothing.
    expect(follow([reverting, trending, reverting, trending])).toEqual(new Array(4).fill('uncertain'));
  });

  it('goes on from JSON as if it had not been stored', () => {
    const evidence = fc.constantFrom(reverting, trending, nothing, { ...nothing, broken: true });
    fc.assert(
      fc.property(fc.array(evidence, { maxLength: 30 }), (rounds) => {
        let stored: RegimeState = uncertainRegime;
        const regimes = rounds.map((one) => {
          stored = JSON.parse(JSON.stringify(regimeStep(stored, one))) as RegimeState;
          return stored.regime;
        });
        expect(regimes).toEqual(follow(rounds));
      }),
    );
  });
});
