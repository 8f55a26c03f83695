import {
  type Analytics,
  type Direction,
  type PreviewEnd,
  PreviewEnd as PreviewEndSchema,
  type PreviewFiring,
  type PreviewStudy,
} from '@tandem/common';
import type { CompiledRule } from './compile-rule.ts';
import { type Change, evaluate, initialState, type RuleState } from './rule-machine.ts';
import type { WatchedStudy } from './rule-watch.ts';

const day = 24 * 60 * 60_000;
const hour = 60 * 60_000;

/** Firings of one study that are listed; more are only counted. */
const mostListed = 2_000;

interface Open {
  readonly firing: PreviewFiring;
  /** Whether its end is known, though the rule has not re-armed: it was stopped. */
  ended: boolean;
}

/** What became of one study. */
export interface PreviewResult {
  readonly study: PreviewStudy;
  readonly firings: PreviewFiring[];
  readonly reverts: readonly number[];
  /** Firings that ended by the re-arm condition on a bar that still met `when`. */
  readonly overlaps: number;
}

/** What a rule would have done on the rows of one study, given in time order, a chunk at a time. */
export class StudyPreview {
  readonly #compiled: CompiledRule;
  readonly #study: WatchedStudy;
  readonly #step: number;
  readonly #changes: Change[] = [];
  readonly #ends = noEnds();
  readonly #reverts: number[] = [];
  #firings: PreviewFiring[] = [];
  #state: RuleState = initialState;
  #open: Open | undefined;
  #rows = 0;
  #judged = 0;
  #met = 0;
  #overlaps = 0;
  #from: number | null = null;
  #to: number | null = null;

  constructor(compiled: CompiledRule, study: WatchedStudy, step: number) {
    this.#compiled = compiled;
    this.#study = study;
    this.#step = step;
  }

  take(rows: readonly Analytics[]): void {
    for (const row of rows) {
      const follows = this.#to === null || row.time - this.#to === this.#step;
      this.#rows++;
      this.#from ??= row.time;
      this.#to = row.time;
      const met = this.#compiled.when(row);
      if (met) this.#met++;
      // Bars of a study that warms up are no proof of a quiet rule.
      if (met || this.#compiled.denied(row)) this.#judged++;
      this.#state = evaluate(this.#compiled, this.#state, row, follows, this.#changes);
      this.#stop(row);
      for (const change of this.#changes) {
        if (change.transition === 'resolved' && met && this.#compiled.rearmed(row)) this.#overlaps++;
        this.#note(change, row);
      }
      this.#changes.length = 0;
    }
  }

  /** So far; what fires has not ended. */
  result(): PreviewResult {
    const ends = { ...this.#ends };
    const firings = [...this.#firings];
    if (this.#open !== undefined && !this.#open.ended) {
      ends.firing++;
      firings.push(this.#open.firing);
    }
    const study: PreviewStudy = {
      study: this.#study.id,
      rows: this.#rows,
      judged: this.#judged,
      from: this.#from,
      to: this.#to,
      met: this.#met,
      ends,
      perDay: perDay(firingsIn(ends), this.#judged * this.#step),
      timeToRevert: median(this.#reverts),
    };
    return { study, firings, reverts: this.#reverts, overlaps: this.#overlaps };
  }

  #note({ transition, direction, inhibited }: Change, row: Analytics): void {
    const firing: PreviewFiring = {
      study: this.#study.id,
      time: row.time,
      direction,
      z: row.z,
      end: 'firing',
      endTime: null,
      inhibited: [...inhibited],
    };
    if (transition === 'resolved') {
      const open = this.#open;
      this.#open = undefined;
      if (open === undefined || open.ended) return;
      this.#reverts.push(row.time - open.firing.time);
      this.#list({ ...open.firing, end: 'resolved', endTime: row.time });
    } else if (transition === 'inhibited') this.#list({ ...firing, end: 'inhibited' });
    else if (this.#compiled.rule.mode === 'every') this.#list({ ...firing, end: 'bar' });
    else this.#open = { firing, ended: false };
  }

  /** A firing whose z goes beyond the study's stop is over for whoever follows it. */
  #stop(row: Analytics): void {
    const open = this.#open;
    const stop = this.#study.thresholds?.stop;
    if (open === undefined || open.ended || stop === undefined || row.z === null) return;
    if (!isBeyond(row.z, open.firing.direction, stop) || row.time === open.firing.time) return;
    open.ended = true;
    this.#list({ ...open.firing, end: 'stopped', endTime: row.time });
  }

  #list(firing: PreviewFiring): void {
    this.#ends[firing.end]++;
    this.#firings.push(firing);
    if (this.#firings.length >= 2 * mostListed) this.#firings = this.#firings.slice(-mostListed);
  }
}

function isBeyond(z: number, direction: Direction | null, stop: number): boolean {
  if (direction === null) return false;
  return direction === 'SHORT_SPREAD' ? z >= stop : z <= -stop;
}

export function noEnds(): Record<PreviewEnd, number> {
  return Object.fromEntries(PreviewEndSchema.options.map((end) => [end, 0])) as Record<PreviewEnd, number>;
}

/** Firings that were told: an inhibited one was none. */
export function firingsIn(ends: Readonly<Record<PreviewEnd, number>>): number {
  return ends.resolved + ends.stopped + ends.firing + ends.bar;
}

/** Null where less than an hour was looked at: a rate of so little says nothing. */
export function perDay(count: number, span: number): number | null {
  return span < hour ? null : (count * day) / span;
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
