import { describe, expect, it } from 'vitest';
import { autocorrelatedError, type BreakInput, type BreakState, breakStep, ols, unbroken } from '../index.ts';
import { ar1, codeOf, normal } from '../noise.fixture.ts';

const steady: BreakInput = { beta: 2, betaError: 0.1, kalmanZ: 0.5 };

/** The states after each bar, through JSON. */
function follow(bars: readonly BreakInput[], window: number): BreakState[] {
  let state: BreakState = unbroken;
  return bars.map((bar) => {
    state = JSON.parse(JSON.stringify(breakStep(state, bar, window))) as BreakState;
    return state;
  });
}
const broken = (bars: readonly BreakInput[], window: number): boolean[] =>
  follow(bars, window).map((state) => state.broken);

/** Bars of a rolling regression on `window` rows, spread with memory `phi`, beta 2 until row `change`, then 2.5. */
function bars(n: number, window: number, phi: number, seed: number, change = Infinity): BreakInput[] {
  const noise = normal(seed);
  const spread = ar1(n, phi, seed + 1);
  const x = ar1(n, 0.98, seed + 2).map((v) => v + noise() / 10);
  const y = x.map((v, t) => (t < change ? 2 : 2.5) * v + (spread[t] as number) * Math.sqrt(1 - phi * phi));
  return Array.from({ length: n - window + 1 }, (_, i) => {
    const { beta, betaError } = ols(y.slice(i, i + window), x.slice(i, i + window));
    const halfLife = phi > 0 ? -Math.LN2 / Math.log(phi) : 0.1;
    return { beta, betaError: autocorrelatedError(betaError, halfLife, window), kalmanZ: noise() };
  });
}

describe('breakStep', () => {
  it('compares beta with the estimate of a window that has no bar in common', () => {
    const moved = { ...steady, beta: 2.31 };
    // Window 3: the estimate of bar 0 is the reference from bar 3 on, that of bar 3 from bar 6, that of 6 from 9.
    const states = follow([steady, moved, moved, moved, moved, moved, moved], 3);
    expect(states.map((state) => state.broken)).toEqual([false, false, false, true, true, true, false]);
    expect(states[3]?.reasons).toEqual(['BetaMoved']);
    expect(states[6]?.reference).toEqual({ beta: 2.31, error: 0.1 });
    expect(broken([steady, steady, steady, { ...steady, beta: 2.29 }], 3)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('a beta from a window that tells little, because x hardly moved in it, is no break', () => {
    const vague = { ...steady, beta: 2.9, betaError: 0.5 };
    expect(broken([steady, steady, steady, vague], 3)).toEqual([false, false, false, false]);
    // Three of the root mean square of 0.1 and 0.5 are 1.08.
    expect(broken([steady, steady, steady, { ...vague, beta: 3.07 }], 3).at(-1)).toBe(false);
    expect(broken([steady, steady, steady, { ...vague, beta: 3.09 }], 3).at(-1)).toBe(true);
  });

  it('three of five forecasts that miss by more than four deviations are a break, two are not', () => {
    const hit = { ...steady, kalmanZ: -4.5 };
    expect(broken([hit, steady, hit, steady, hit, steady, steady], 9)).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(broken([hit, hit, { ...steady, kalmanZ: null }, hit], 9)).toEqual([false, false, false, true]);
    expect(follow([hit, hit, hit], 9)[2]?.reasons).toEqual(['Surprises']);
  });

  it('judges nothing without estimates, and waits for one to compare with', () => {
    const blank = { beta: null, betaError: null, kalmanZ: null };
    expect(broken([blank, blank, blank, blank], 2)).toEqual([false, false, false, false]);
    expect(follow([steady, blank, blank, steady], 2).at(-1)?.reference).toEqual({ beta: 2, error: 0.1 });
    expect(codeOf(() => breakStep(unbroken, steady, 1))).toBe('InvalidParameter');
  });

  it('finds a hedge ratio that jumps by a quarter within a window, and seldom one that does not', () => {
    const window = 60;
    for (const phi of [0, 0.8]) {
      let alarms = 0;
      let judged = 0;
      let found = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const calm = broken(bars(400, window, phi, 10 * seed), window).slice(window);
        alarms += calm.filter(Boolean).length;
        judged += calm.length;
        const jump = broken(bars(400, window, phi, 10 * seed, 250), window);
        if (jump.slice(250 - window, 250 + window).some(Boolean)) found++;
      }
      expect(alarms / judged).toBeLessThan(0.08);
      expect(found).toBeGreaterThanOrEqual(phi === 0 ? 19 : 12);
    }
  });
});

describe('autocorrelatedError', () => {
  it('a spread that halves in a bar triples the variance of beta; without a half-life the window is taken', () => {
    expect(autocorrelatedError(1, 1, 100)).toBeCloseTo(Math.sqrt(3), 14);
    expect(autocorrelatedError(0.5, null, 100)).toBe(autocorrelatedError(0.5, 100, 100));
    expect(autocorrelatedError(0.5, 1e9, 100)).toBe(autocorrelatedError(0.5, 100, 100));
    expect(autocorrelatedError(1, 0.01, 100)).toBeCloseTo(1, 12);
  });
});
