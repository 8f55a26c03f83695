import type { Alert, AlertLabel, Direction, Inhibition, Transition } from '@tandem/common';
import type { Sample } from './compile-condition.ts';
import type { CompiledRule } from './compile-rule.ts';

/** What one rule knows of one study. Plain JSON, so that it can rest in the settings; never changed, only replaced. */
export interface RuleState {
  readonly phase: 'inactive' | 'pending' | 'firing';
  /** Consecutive bars that met the condition, on the side of `direction`; counted no further than the rule needs. */
  readonly count: number;
  readonly direction: Direction | null;
  /** Bar time of the last firing, for the cooldown. */
  readonly fired: number | null;
  /** Whether it has been told that this run of bars is inhibited. */
  readonly told: boolean;
}

/** What a rule looks at beside its own fields. */
export type Bar = Sample & {
  readonly time: number;
  readonly z?: number | null;
  readonly state?: string;
  readonly inhibitions?: readonly Inhibition[] | null;
};

/** A change that the world is told of, decided by a bar. */
export interface Change {
  readonly transition: Transition;
  readonly direction: Direction | null;
  readonly bar: Bar;
  readonly inhibited: readonly Inhibition[];
  readonly labels: readonly AlertLabel[];
  /** Of an end: bar time of its firing. */
  readonly fired?: number | null;
}

/** The state before the first bar. */
export const initialState: RuleState = {
  phase: 'inactive',
  count: 0,
  direction: null,
  fired: null,
  told: false,
};

/**
 * Evaluates one bar by one rule: `inactive -> pending -> firing -> resolved` (which is inactive again), and adds what
 * is to be told to `changes`. Returns the state itself where nothing changes, and then has made nothing.
 *
 * A pure function; bars are given in time order, each once. `follows`: whether the bar before it is the one that was
 * evaluated last, since bars in a row have no hole between them. A firing stays until the rule is re-armed, or until z
 * has crossed to the other side of its mean.
 */
export function evaluate(
  compiled: CompiledRule,
  state: RuleState,
  bar: Bar,
  follows: boolean,
  changes: Change[],
): RuleState {
  const met = compiled.when(bar);
  if (!met && state.phase === 'inactive') return state;
  const every = compiled.rule.mode === 'every';
  let now = state;
  if (state.phase === 'firing') {
    if (!compiled.rearmed(bar) && !hasCrossed(state.direction, bar)) {
      if (every && met) changes.push(qualifying(compiled, bar, ['not-rearmed']));
      return state;
    }
    if (!every) changes.push({ ...change('resolved', state.direction, bar), fired: state.fired });
    now = idle(state);
  }
  if (met) return count(compiled, now, bar, follows, changes);
  if (!every && isCutOff(compiled, now, bar, follows))
    changes.push(change('inhibited', now.direction, bar, inhibitionsOf(bar)));
  return idle(now);
}

/** Whether a run of bars that could have fired ends in a bar of which nothing is known, and nothing was told of it yet. */
function isCutOff({ rule, entry }: CompiledRule, state: RuleState, bar: Bar, follows: boolean): boolean {
  if (!entry || state.phase !== 'pending' || state.told || !follows || bar.z != null) return false;
  return isCooled(state, bar, rule.cooldown) && inhibitionsOf(bar).length > 0;
}

function isCooled({ fired }: RuleState, { time }: Bar, cooldown: number): boolean {
  return fired === null || time - fired >= cooldown;
}

/** A bar that meets the condition of a rule that is not firing. */
function count(
  compiled: CompiledRule,
  state: RuleState,
  bar: Bar,
  follows: boolean,
  changes: Change[],
): RuleState {
  const { bars, cooldown, mode } = compiled.rule;
  const direction = compiled.entry ? sideOf(bar) : null;
  const goesOn = state.phase === 'pending' && follows && state.direction === direction;
  const told = goesOn && state.told;
  const counted = goesOn ? Math.min(state.count + 1, bars) : 1;
  const cooled = isCooled(state, bar, cooldown);
  const inhibited = compiled.entry ? inhibitionsOf(bar) : none;
  const silent: AlertLabel | undefined =
    counted < bars ? 'few-bars' : !cooled ? 'cooldown' : inhibited.length > 0 ? 'inhibited' : undefined;
  if (mode === 'every') changes.push(qualifying(compiled, bar, silent === undefined ? [] : [silent]));
  else if (silent === undefined) changes.push(change('firing', direction, bar));
  else if (silent === 'inhibited' && !told) changes.push(change('inhibited', direction, bar, inhibited));
  if (silent === undefined) return { phase: 'firing', count: 0, direction, fired: bar.time, told: false };
  const next = { phase: 'pending', count: counted, direction, told: told || silent === 'inhibited' } as const;
  const same = goesOn && counted === state.count && next.told === state.told;
  return same ? state : { ...next, fired: state.fired };
}

/** The run of bars is over. */
function idle(state: RuleState): RuleState {
  if (state.fired === null) return initialState;
  return { ...initialState, fired: state.fired };
}

/** Mode `every`: an alert of this bar, with why a transition would not have been told. */
function qualifying(compiled: CompiledRule, bar: Bar, reasons: readonly AlertLabel[]): Change {
  const inhibited = compiled.entry ? inhibitionsOf(bar) : none;
  const labels: AlertLabel[] = [...reasons];
  if (inhibited.length > 0 && !labels.includes('inhibited')) labels.push('inhibited');
  return { transition: 'firing', direction: compiled.entry ? sideOf(bar) : null, bar, inhibited, labels };
}

function change(
  transition: Transition,
  direction: Direction | null,
  bar: Bar,
  inhibited: readonly Inhibition[] = none,
): Change {
  return { transition, direction, bar, inhibited, labels: [] };
}

const none: readonly Inhibition[] = [];

/** What forbids to enter at this bar. */
export function inhibitionsOf({ inhibitions, state }: Bar): readonly Inhibition[] {
  if (inhibitions != null && inhibitions.length > 0) return inhibitions;
  return state === 'invalid' || state === 'gap' ? [state] : none;
}

function sideOf({ z }: Bar): Direction | null {
  if (z === null || z === undefined || z === 0) return null;
  return z > 0 ? 'SHORT_SPREAD' : 'LONG_SPREAD';
}

function hasCrossed(direction: Direction | null, { z }: Bar): boolean {
  if (direction === null || z === null || z === undefined) return false;
  return direction === 'SHORT_SPREAD' ? z < 0 : z > 0;
}

/** What a rule still knows when it has been changed: what it has fired is still to be resolved, all else begins anew. */
export function carried(state: RuleState): RuleState {
  return state.phase === 'firing' ? state : idle(state);
}

/**
 * The state just after the newest alert rows of a rule and study (newest first): what is known where the state that was
 * kept beside them is lost. Of a run of bars that had begun nothing is known: it is counted anew.
 */
export function stateFromAlerts(
  newestFirst: readonly Pick<Alert, 'transition' | 'time' | 'direction' | 'labels' | 'z'>[],
  bars: number,
): { state: RuleState; time: number } | undefined {
  const last = newestFirst.reduce<(typeof newestFirst)[number] | undefined>(
    // Of two alerts of one bar the resolution came first.
    (best, alert) =>
      best === undefined ||
      alert.time > best.time ||
      (alert.time === best.time && best.transition === 'resolved')
        ? alert
        : best,
    undefined,
  );
  if (last === undefined) return undefined;
  // What mode `every` labels is no firing of its own.
  const isFiring = ({ transition, labels }: typeof last) => transition === 'firing' && !labels?.length;
  const fired = newestFirst
    .filter(isFiring)
    .reduce<number | null>((newest, { time }) => Math.max(newest ?? time, time), null);
  const { direction, time, transition, labels } = last;
  // A bar without z has cut a run off.
  const over = transition === 'resolved' || (transition === 'inhibited' && last.z === null);
  if (over) return { state: { ...initialState, fired }, time };
  if (isFiring(last) || labels?.includes('not-rearmed'))
    return { state: { phase: 'firing', count: 0, direction, fired, told: false }, time };
  const count = labels?.includes('few-bars') ? 1 : bars;
  return { state: { phase: 'pending', count, direction, fired, told: transition === 'inhibited' }, time };
}
