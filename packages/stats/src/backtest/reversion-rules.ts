import { InputError } from '../input-error.ts';

/** When to enter and to leave, in units of z. The same rules drive a backtest and a live signal. */
export interface ReversionRules {
  /** Short the spread at z at or above it. */
  shortEntry: number;
  /** Long the spread at z at or below it; often -shortEntry. */
  longEntry: number;
  /** Leave a short at z <= exit, a long at z >= -exit. 0: at the mean. */
  exit: number;
  /** Give up where |z| goes on to it; no entry beyond it. null: never. */
  stop: number | null;
  /** Leave after so many bars. null: never. */
  maxHold: number | null;
  /**
   * After a stop or a time stop there is no entry until |z| has been at or below it. `exit` in the reference; with an
   * exit of 0 that is next to never, so give a number above 0.
   */
  rearm: number;
}

/** The rules of Tandem's studies unless they say otherwise. */
export const defaultReversionRules: Readonly<ReversionRules> = {
  shortEntry: 2,
  longEntry: -2,
  exit: 0,
  stop: 4,
  maxHold: null,
  rearm: 0.5,
};

/** -1: short the spread (short y, long beta x). 1: long the spread. 0: none. */
export type Position = -1 | 0 | 1;

/** What to do at the close of a bar. At most one transition per bar. */
export type Move = 'stay' | 'enter-short' | 'enter-long' | 'exit' | 'stop' | 'time';

/** Whether entries are allowed at this z, after a stop may have forbidden them. A missing z (NaN) changes nothing. */
export function armedAt(armed: boolean, z: number, rules: ReversionRules): boolean {
  return armed || Math.abs(z) <= rules.rearm;
}

/**
 * The move at the close of a bar: a position that is held for `held` bars, the newest included, or none, and a z that
 * may be missing (NaN), which allows a time stop only.
 */
export function moveAt(
  position: Position,
  armed: boolean,
  held: number,
  z: number,
  rules: ReversionRules,
): Move {
  const { shortEntry, longEntry, exit, stop, maxHold } = rules;
  if (position === 0) {
    if (!armed || (stop !== null && Math.abs(z) >= stop)) return 'stay';
    if (z >= shortEntry) return 'enter-short';
    return z <= longEntry ? 'enter-long' : 'stay';
  }
  if (position * z >= -exit) return 'exit';
  if (stop !== null && position * z <= -stop) return 'stop';
  return maxHold !== null && held >= maxHold ? 'time' : 'stay';
}

/** Raises `InvalidParameter` for rules that contradict themselves: entry within exit, stop within entry. */
export function requireRules(method: string, rules: ReversionRules): void {
  const { shortEntry, longEntry, exit, stop, maxHold, rearm } = rules;
  const fault = (sentence: string): InputError =>
    new InputError('InvalidParameter', `${method}: ${sentence}`);
  if (![shortEntry, longEntry, exit, rearm].every(Number.isFinite)) {
    throw fault('a threshold is no finite number; give all of shortEntry, longEntry, exit and rearm');
  }
  if (!(shortEntry > exit && -longEntry > exit)) {
    throw fault(
      `entries at ${shortEntry} and ${longEntry} lie within the exit of ${exit}; a position would leave at once`,
    );
  }
  if (!(shortEntry > longEntry)) {
    throw fault(`the short entry ${shortEntry} is not above the long entry ${longEntry}`);
  }
  if (stop !== null && !(stop > Math.max(shortEntry, -longEntry))) {
    throw fault(`a stop of ${stop} lies within the entries; give one beyond both, or null`);
  }
  if (maxHold !== null && !(Number.isInteger(maxHold) && maxHold >= 1)) {
    throw fault(`maxHold is ${maxHold}; give a whole number of bars from 1, or null`);
  }
  if (rearm < 0) throw fault(`rearm is ${rearm}, which |z| never reaches; give a number from 0`);
}
