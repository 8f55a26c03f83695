import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backtest,
  defaultReversionRules,
  neutralSignal,
  type ReversionRules,
  type Signal,
  type SignalState,
  signalStep,
} from '../index.ts';

/** The states after each z; null is a z that is not known. */
function follow(
  zs: readonly (number | null)[],
  rules: ReversionRules = defaultReversionRules,
  inhibited: (bar: number) => boolean = () => false,
): SignalState[] {
  let state: SignalState = neutralSignal;
  return zs.map((z, bar) => {
    state = signalStep(state, { z, entriesInhibited: inhibited(bar) }, rules);
    return state;
  });
}
const signals = (zs: readonly (number | null)[]): Signal[] => follow(zs).map(({ signal }) => signal);

describe('signalStep', () => {
  it('opens beyond a threshold, holds, and leaves at the mean', () => {
    expect(signals([1, 2, 1, 0.1, -0.1, -1])).toEqual([
      'NEUTRAL',
      'SHORT_SPREAD',
      'HOLD',
      'HOLD',
      'EXIT',
      'NEUTRAL',
    ]);
    expect(signals([-2.5, -1, 0, 0])).toEqual(['LONG_SPREAD', 'HOLD', 'EXIT', 'NEUTRAL']);
    const [, held] = follow([2, 1.5]);
    expect(held).toEqual({ signal: 'HOLD', position: -1, armed: true, held: 1, inhibited: null });
  });

  it('gives up at the stop, and is neutral until z has been within half a deviation', () => {
    expect(signals([3, 4, 3, 0.5, 3])).toEqual([
      'SHORT_SPREAD',
      'STOP',
      'NEUTRAL',
      'NEUTRAL',
      'SHORT_SPREAD',
    ]);
  });

  it('an unknown z changes nothing, but time passes', () => {
    expect(signals([3, null, null, -0.1])).toEqual(['SHORT_SPREAD', 'HOLD', 'HOLD', 'EXIT']);
    const timed = follow([3, null, 3, 3, 0, 3], { ...defaultReversionRules, maxHold: 2 });
    expect(timed.map(({ signal }) => signal)).toEqual([
      'SHORT_SPREAD',
      'HOLD',
      'EXIT',
      'NEUTRAL',
      'NEUTRAL',
      'SHORT_SPREAD',
    ]);
  });

  it('an inhibition forbids entries visibly, and keeps no position open', () => {
    const states = follow([3, 3, 1, -0.1], defaultReversionRules, (bar) => bar !== 1);
    expect(states.map(({ signal, inhibited }) => [signal, inhibited])).toEqual([
      ['NEUTRAL', 'SHORT_SPREAD'],
      ['SHORT_SPREAD', null],
      ['HOLD', null],
      ['EXIT', null],
    ]);
    expect(follow([-3], defaultReversionRules, () => true)[0]?.inhibited).toBe('LONG_SPREAD');
  });

  const z = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -20, max: 20 }).map((v) => v / 4) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  const rules = fc.record({
    shortEntry: fc.constantFrom(1.5, 2),
    longEntry: fc.constantFrom(-1.5, -2.25),
    exit: fc.constantFrom(-0.5, 0, 0.5),
    stop: fc.constantFrom(3, 4, null),
    maxHold: fc.constantFrom(1, 5, null),
    rearm: fc.constantFrom(0, 0.5, 1),
  });

  it('holds what the backtest holds, bar by bar, whatever z does', () => {
    fc.assert(
      fc.property(fc.array(z, { minLength: 2, maxLength: 80 }), rules, (zs, one) => {
        const flat = zs.map(() => 1);
        const tested = backtest(
          { y: flat, x: flat, beta: flat, z: zs.map((v) => v ?? Number.NaN) },
          { rules: one, costBps: 0, capital: 1, periodsPerYear: 1, closeAtEnd: false },
        );
        expect(follow(zs, one).map(({ position }) => position)).toEqual([...tested.position]);
      }),
      { numRuns: 300 },
    );
  });

  it('goes on from JSON as if it had not been stored, and signals what its positions do', () => {
    fc.assert(
      fc.property(fc.array(z, { maxLength: 60 }), rules, (zs, one) => {
        const states = follow(zs, one);
        let stored: SignalState = neutralSignal;
        for (const [bar, value] of zs.entries()) {
          const before = stored.position;
          stored = JSON.parse(JSON.stringify(signalStep(stored, { z: value, entriesInhibited: false }, one)));
          expect(stored).toEqual(states[bar]);
          const { signal, position } = stored;
          const entered = before === 0 && position !== 0;
          const left = before !== 0 && position === 0;
          expect(['LONG_SPREAD', 'SHORT_SPREAD'].includes(signal)).toBe(entered);
          expect(['EXIT', 'STOP'].includes(signal)).toBe(left);
          expect(signal === 'HOLD').toBe(before !== 0 && position === before);
        }
      }),
    );
  });
});
