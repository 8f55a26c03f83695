import { armedAt, moveAt, type Position, type ReversionRules } from '../backtest/reversion-rules.ts';

/**
 * What the thresholds say at the close of a bar. LONG_SPREAD and SHORT_SPREAD open a position (SHORT_SPREAD sells y and
 * buys beta x), HOLD keeps it, EXIT closes it at the mean or by time, STOP gives it up; NEUTRAL: none is open.
 */
export type Signal = 'LONG_SPREAD' | 'SHORT_SPREAD' | 'HOLD' | 'EXIT' | 'STOP' | 'NEUTRAL';

/** The signal with what the next bar needs to know. Plain: it may be stored as JSON between any two bars. */
export interface SignalState {
  signal: Signal;
  position: Position;
  /** Entries are allowed: no stop since |z| was last near the mean. */
  armed: boolean;
  /** Bars since the entry. */
  held: number;
  /** The entry that z called for and an inhibition forbade at this bar. */
  inhibited: 'LONG_SPREAD' | 'SHORT_SPREAD' | null;
}

/** The state before the first bar. */
export const neutralSignal: Readonly<SignalState> = {
  signal: 'NEUTRAL',
  position: 0,
  armed: true,
  held: 0,
  inhibited: null,
};

/** What a bar brings. */
export interface SignalInput {
  /** z of the confirmed bar; null where it is not known. */
  z: number | null;
  /** A break, a thin market, an invalid study or a gap forbids to open a position; it never keeps one open. */
  entriesInhibited: boolean;
}

/** The state after one more bar: the machine of `backtest`, one transition per bar, without its forced close. */
export function signalStep(
  state: Readonly<SignalState>,
  { z, entriesInhibited }: SignalInput,
  rules: ReversionRules,
): SignalState {
  const { position } = state;
  const known = z ?? Number.NaN;
  const armed = armedAt(state.armed, known, rules);
  const held = position === 0 ? 0 : state.held + 1;
  const move = moveAt(position, armed, held, known, rules);
  const flat: SignalState = { signal: 'NEUTRAL', position: 0, armed, held: 0, inhibited: null };
  switch (move) {
    case 'enter-short':
    case 'enter-long': {
      const signal = move === 'enter-short' ? 'SHORT_SPREAD' : 'LONG_SPREAD';
      if (entriesInhibited) return { ...flat, inhibited: signal };
      return { ...flat, signal, position: move === 'enter-short' ? -1 : 1 };
    }
    case 'exit':
      return { ...flat, signal: 'EXIT' };
    case 'time':
      return { ...flat, signal: 'EXIT', armed: false };
    case 'stop':
      return { ...flat, signal: 'STOP', armed: false };
    default:
      return position === 0 ? flat : { ...flat, signal: 'HOLD', position, held };
  }
}
