import {
  type Analytics,
  type Bar,
  type Instrument,
  type Interval,
  instrumentOf,
  intervalMs,
  type Study,
} from '@tandem/common';
import { type Applied, BarHistory, capacityFor } from './bar-history.ts';
import { furthest } from './reach.ts';
import { StudyTrack } from './study-track.ts';

/** Slots from `from` to `to`, both inclusive. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
}

/** A study with the bars of its legs, and the slots of its bars that have changed since they were last taken. */
export interface StudyState {
  readonly study: Study;
  readonly y: BarHistory;
  readonly x: BarHistory;
  readonly step: number;
  changed: SlotRange | undefined;
}

/** What is looked at of a bar. */
export type CoreBar = Pick<
  Bar,
  'venue' | 'symbol' | 'interval' | 'time' | 'close' | 'complete' | 'gap' | 'revision' | 'trades'
>;

/** One leg at one interval: what is kept of it, and how far back. */
export interface Leg {
  readonly instrument: Instrument;
  readonly interval: Interval;
  readonly history: BarHistory;
  /** How far any study looks back on it, slots. */
  readonly reach: number;
}

/** All studies over all legs: bars in, rows out. Knows no clock, bus or store. */
export class AnalyticsCore {
  readonly dataset: string;
  readonly legs: readonly Leg[];
  readonly studies: readonly StudyState[];
  readonly #legs = new Map<string, Leg>();
  readonly #watchers = new Map<BarHistory, StudyState[]>();

  constructor(dataset: string, studies: readonly Study[]) {
    this.dataset = dataset;
    for (const study of studies) {
      for (const instrument of [study.y, study.x]) {
        const key = legKey(instrument, study.interval);
        const users = studies.filter((s) => s.interval === study.interval && [s.y, s.x].includes(instrument));
        const reach = Math.max(...users.map(furthest));
        const step = intervalMs[study.interval];
        if (this.#legs.has(key)) continue;
        const history = new BarHistory(step, capacityFor(step, reach));
        this.#legs.set(key, { instrument, interval: study.interval, history, reach });
      }
    }
    this.legs = [...this.#legs.values()];
    this.studies = studies.map((study) => ({
      study,
      y: this.#history(study.y, study.interval),
      x: this.#history(study.x, study.interval),
      step: intervalMs[study.interval],
      changed: undefined,
    }));
    for (const state of this.studies) {
      for (const history of new Set([state.y, state.x])) {
        this.#watchers.set(history, [...(this.#watchers.get(history) ?? []), state]);
      }
    }
  }

  /** Takes a version of a bar and marks its slot in every study of it. `unwatched`: no study looks at it. */
  apply(bar: CoreBar): Applied | 'unwatched' {
    const leg = this.#legs.get(legKey(instrumentOf(bar.venue, bar.symbol), bar.interval));
    if (leg === undefined) return 'unwatched';
    const before = leg.history.first;
    const applied = leg.history.apply(bar);
    if (applied !== 'changed') return applied;
    const slot = bar.time / leg.history.step;
    // An earlier first bar also moves the end of the warm-up of those that came after it.
    const to = slot < before ? before : slot;
    for (const state of this.#watchers.get(leg.history) ?? []) {
      const { changed } = state;
      state.changed = {
        from: Math.min(slot, changed?.from ?? slot),
        to: Math.max(to, changed?.to ?? to),
      };
    }
    return applied;
  }

  /**
   * The bars that have changed, as far back as rows can be computed; forgets them. The row of the first of them may
   * be different now, and every later one: what is no function of the window is handed on from row to row.
   */
  takeChanged(state: StudyState): SlotRange | undefined {
    const { changed } = state;
    state.changed = undefined;
    if (changed === undefined) return undefined;
    const from = Math.max(changed.from, this.oldest(state));
    const to = Math.max(changed.to, from);
    return from > this.newest(state) ? undefined : { from, to };
  }

  /** Newest slot that both legs have reached. */
  newest(state: StudyState): number {
    return Math.min(state.y.head, state.x.head);
  }

  /** Oldest slot for which everything that its row looks back on is still kept, or that has the first bars of both legs. */
  oldest(state: StudyState): number {
    const kept = Math.max(state.y.oldest, state.x.oldest) + furthest(state.study);
    return Math.max(0, state.y.first, state.x.first, this.#reachesFirst(state) ? 0 : kept);
  }

  /** Computes rows from slot `from` on. `past`: the rows before it, ascending, as many as `pastOf` says. */
  track(state: StudyState, from: number, past: readonly Analytics[]): StudyTrack {
    return new StudyTrack(this.dataset, state.study, state.y, state.x, from, past);
  }

  /** Whether nothing of either leg has yet fallen out of the rings. */
  #reachesFirst(state: StudyState): boolean {
    return state.y.oldest <= state.y.first && state.x.oldest <= state.x.first;
  }

  #history(instrument: Instrument, interval: Interval): BarHistory {
    return (this.#legs.get(legKey(instrument, interval)) as Leg).history;
  }
}

function legKey(instrument: Instrument, interval: Interval): string {
  return `${interval} ${instrument}`;
}
