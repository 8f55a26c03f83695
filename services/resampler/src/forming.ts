import { subjects } from '@tandem/common';
import type { Bus, Log } from '@tandem/runtime';
import { openBars } from './core/close.ts';
import type { InstrumentState } from './core/instrument.ts';

/** At most 4 a second for each instrument and interval. */
const pause = 250;

/** Publishes the bars in progress, for screens. */
export interface Forming {
  /** Says that an instrument has moved: at once if it has been still, else at the end of the pause. */
  changed(state: InstrumentState): void;
  /** Whether a change of the instrument would be published at once. */
  due(state: InstrumentState): boolean;
  stop(): void;
}

export function formingBars(bus: Bus, log: Log, clock: () => number): Forming {
  // Each failed batch leaves a forgotten state behind, which nothing here may keep alive.
  const last = new WeakMap<InstrumentState, number>();
  const timers = new Map<InstrumentState, NodeJS.Timeout>();
  const send = (state: InstrumentState) => {
    timers.delete(state);
    last.set(state, clock());
    for (const bar of openBars(state)) {
      // Nothing waits for it and nothing is lost with it: the closed bar follows.
      bus
        .publish(subjects.forming(bar.interval, bar.venue, bar.symbol), bar)
        .catch((error: unknown) => log.debug({ error }, 'a bar in progress could not be published'));
    }
  };
  const rest = (state: InstrumentState) => {
    const since = clock() - (last.get(state) ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back must not silence the screens.
    return since < 0 ? 0 : pause - since;
  };
  return {
    changed(state) {
      if (timers.has(state)) return;
      const wait = rest(state);
      if (wait <= 0) send(state);
      else timers.set(state, setTimeout(send, wait, state));
    },
    due: (state) => !timers.has(state) && rest(state) <= 0,
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
