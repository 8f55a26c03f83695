import { setTimeout as sleep } from 'node:timers/promises';
import { type Analytics, subjects } from '@tandem/common';
import { backoff, type ServiceContext } from '@tandem/runtime';
import type { AnalyticsCore, SlotRange, StudyState } from './core/analytics-core.ts';
import { furthest, pastOf } from './core/reach.ts';
import { sameRow } from './core/same-row.ts';
import type { StudyTrack } from './core/study-track.ts';

/** Rows computed, compared and written at a time: bounds memory, and how long others in the process wait. */
const chunk = 128;

/** Rows that may have been amended, from slot `next` to the newest. */
interface Repair {
  next: number;
  /** Last slot of which a bar has changed. */
  changed: number;
  /** Rows in a row that were the same as in the table. */
  same: number;
  track: StudyTrack | undefined;
}

/**
 * Brings the table `analytics` and its stream to what the bars say.
 *
 * New rows (later than any stored row of their study) are written and published in time order. From the first row
 * that may have been amended, all rows to the newest wait for `repair`, which takes them up in chunks, oldest first,
 * each row going on from the one before it, and writes and publishes what differs from the table. So what is written
 * is published, and a study's new rows never come out of order.
 */
export class RowKeeper {
  /** Newest row of each study, for the provisional numbers. */
  readonly newest = new Map<string, Analytics>();
  readonly #context: ServiceContext;
  readonly #core: AnalyticsCore;
  readonly #signal: AbortSignal;
  readonly #onFault: (fault: string | undefined) => void;
  /** Slot of the next new row of each study, and what computes it. */
  readonly #positions = new Map<StudyState, number>();
  readonly #tracks = new Map<StudyState, StudyTrack>();
  readonly #repairs = new Map<StudyState, Repair>();

  constructor(
    context: ServiceContext,
    core: AnalyticsCore,
    signal: AbortSignal,
    onFault: (fault: string | undefined) => void,
  ) {
    this.#context = context;
    this.#core = core;
    this.#signal = signal;
    this.#onFault = onFault;
  }

  /** Rows that are still to be compared with the table. */
  get waiting(): number {
    let rows = 0;
    for (const [state, { next }] of this.#repairs) rows += Math.max(0, this.#position(state) - next);
    return rows;
  }

  /** Computes, writes and publishes all new rows; what may have been amended is left to `repair`. */
  async advance(): Promise<void> {
    const rows: Analytics[] = [];
    for (const state of this.#core.studies) {
      const changed = this.#core.takeChanged(state);
      if (changed === undefined) continue;
      const position = this.#position(state);
      if (changed.from < position) this.#amended(state, changed);
      const from = Math.max(position, this.#core.oldest(state));
      const newest = this.#core.newest(state);
      if (from > newest) continue;
      const known = this.#tracks.get(state);
      const track = known?.next === from ? known : await this.#begin(state, from);
      this.#tracks.set(state, track);
      while (track.next <= newest) {
        rows.push(...track.rows(Math.min(newest, track.next + chunk - 1)));
        this.#positions.set(state, track.next);
        // A long history goes out study by study; the few rows of a live bar go out together.
        if (rows.length >= chunk) await this.#put(rows.splice(0));
      }
    }
    await this.#put(rows);
  }

  /** Takes up to one chunk of the rows that may have been amended. */
  async repair(): Promise<void> {
    const first = this.#repairs.entries().next().value;
    if (first === undefined) return;
    const [state, repair] = first;
    const end = this.#position(state);
    const from = Math.max(repair.next, this.#core.oldest(state));
    if (from >= end) return void this.#repairs.delete(state);
    const track = repair.track?.next === from ? repair.track : await this.#begin(state, from);
    const to = Math.min(end - 1, from + chunk - 1);
    const rows = track.rows(to);
    const stored = await this.#stored(state, from, to);
    const differs = (row: Analytics): boolean => {
      const old = stored.get(row.time);
      return old === undefined || !sameRow(row, old);
    };
    const different = rows.filter(differs);
    await this.#put(different);
    const last = rows.findLastIndex((row) => different.includes(row));
    repair.same = last < 0 ? repair.same + rows.length : rows.length - 1 - last;
    repair.next = to + 1;
    repair.track = track;
    // Beyond the windows of what was amended, rows that are the same once stay the same.
    const healed = to >= repair.changed + furthest(state.study) && repair.same >= pastOf(state.study);
    if (!healed && to < end - 1) return;
    this.#repairs.delete(state);
    // New rows go on from what was mended.
    if (!healed) this.#tracks.set(state, track);
  }

  #position(state: StudyState): number {
    const position = this.#positions.get(state);
    if (position !== undefined) return position;
    const newest = this.newest.get(state.study.id);
    return newest === undefined ? -1 : newest.time / state.step + 1;
  }

  #amended(state: StudyState, { from, to }: SlotRange): void {
    // Its windows hold what was amended.
    this.#tracks.delete(state);
    const known = this.#repairs.get(state);
    if (known === undefined) {
      this.#repairs.set(state, { next: from, changed: to, same: 0, track: undefined });
      return;
    }
    known.changed = Math.max(known.changed, to);
    if (from >= known.next) return;
    known.next = from;
    known.same = 0;
    known.track = undefined;
  }

  /** What computes rows from slot `from` on, going on from the stored rows before it. */
  async #begin(state: StudyState, from: number): Promise<StudyTrack> {
    const query = {
      where: { dataset: this.#core.dataset, study: state.study.id },
      to: from * state.step,
      order: 'descending' as const,
      limit: pastOf(state.study),
    };
    await this.#persistently(() => this.#context.store.settled('analytics'));
    const past = await this.#persistently(() => this.#context.store.query('analytics', query));
    return this.#core.track(state, from, past.reverse());
  }

  async #stored(state: StudyState, from: number, to: number): Promise<Map<number, Analytics>> {
    const query = {
      where: { dataset: this.#core.dataset, study: state.study.id },
      from: from * state.step,
      to: (to + 1) * state.step,
    };
    await this.#persistently(() => this.#context.store.settled('analytics'));
    const rows = await this.#persistently(() => this.#context.store.query('analytics', query));
    return new Map(rows.map((row) => [row.time, row]));
  }

  async #put(rows: Analytics[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#persistently(() => this.#context.store.write([{ table: 'analytics', rows }]));
    rows.sort((a, b) => a.time - b.time);
    for (const row of rows) {
      const newest = this.newest.get(row.study);
      if (newest === undefined || row.time >= newest.time) this.newest.set(row.study, row);
    }
    // All at once: the bus keeps the order of the calls, and its acknowledgements overlap.
    await Promise.all(rows.map((row) => this.#context.bus.publish(subjects.analytics(row.study), row)));
  }

  /** A store that is away is waited for: nothing is skipped, and the health says so. */
  async #persistently<Result>(action: () => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await action();
        if (attempt > 1) this.#onFault(undefined);
        return result;
      } catch (error) {
        if (this.#signal.aborted) throw error;
        this.#onFault((error as Error).message);
        const wait = backoff(attempt, Math.random());
        await sleep(wait, undefined, { signal: this.#signal }).catch(() => {});
        if (this.#signal.aborted) throw error;
      }
    }
  }
}
