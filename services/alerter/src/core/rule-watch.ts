import type { Analytics, Study } from '@tandem/common';
import type { CompiledRule } from './compile-rule.ts';
import { type Change, evaluate, initialState, type RuleState } from './rule-machine.ts';

/** What is known of a study beside its rows. */
export type WatchedStudy = Pick<Study, 'id' | 'interval'> & Partial<Omit<Study, 'id' | 'interval'>>;

/** One rule on one study. */
export interface Watch {
  readonly compiled: CompiledRule;
  readonly study: WatchedStudy;
  /** Length of the study's bars, ms. */
  readonly step: number;
  /** Rows of this time and before are history. */
  readonly effectiveFrom: number;
  /** As of the last row of time `time`, whose effects are durable. No row is evaluated twice. */
  state: RuleState;
  time: number | null;
  /** The same within a batch whose effects are not yet durable. */
  next: RuleState;
  nextTime: number | null;
}

/** A change with the watch that found it. */
export interface Finding {
  readonly watch: Watch;
  readonly change: Change;
}

/** What a batch of rows leads to. Nothing has happened until `commit`: a batch whose effects fail is evaluated again. */
export interface Evaluation {
  readonly findings: readonly Finding[];
  /** Rows of a time already evaluated: amendments and repetitions. */
  readonly repeated: readonly Analytics[];
  /** Rows evaluated by at least one rule. */
  readonly evaluated: number;
  commit(): void;
}

/** Watches by study. */
export type Watches = ReadonlyMap<string, readonly Watch[]>;

export function byStudy(watches: readonly Watch[]): Watches {
  const groups = new Map<string, Watch[]>();
  for (const watch of watches) {
    const group = groups.get(watch.study.id);
    if (group === undefined) groups.set(watch.study.id, [watch]);
    else group.push(watch);
  }
  return groups;
}

/** Evaluates rows in the order given, each study and time once and only after rule and study took effect. */
export function evaluateRows(watches: Watches, rows: readonly Analytics[]): Evaluation {
  const findings: Finding[] = [];
  const repeated: Analytics[] = [];
  const touched = new Set<readonly Watch[]>();
  const changes: Change[] = [];
  let evaluated = 0;
  for (const row of rows) {
    const group = watches.get(row.study);
    if (group === undefined) continue;
    if (!touched.has(group)) {
      // What an evaluation before left behind has come to nothing.
      for (const watch of group) {
        watch.next = watch.state;
        watch.nextTime = watch.time;
      }
      touched.add(group);
    }
    let fresh = false;
    let known = false;
    for (const watch of group) {
      const before = watch.nextTime;
      if (before !== null && row.time <= before) {
        known = true;
        continue;
      }
      if (row.time <= watch.effectiveFrom) continue;
      fresh = true;
      const follows = before === null || row.time - before === watch.step;
      watch.next = evaluate(watch.compiled, watch.next, row, follows, changes);
      watch.nextTime = row.time;
      if (changes.length === 0) continue;
      for (const change of changes) findings.push({ watch, change });
      changes.length = 0;
    }
    if (fresh) evaluated++;
    else if (known) repeated.push(row);
  }
  return {
    findings,
    repeated,
    evaluated,
    commit() {
      for (const group of touched) {
        for (const watch of group) {
          watch.state = watch.next;
          watch.time = watch.nextTime;
        }
      }
    },
  };
}

/** A watch before its first row. */
export function newWatch(
  compiled: CompiledRule,
  study: WatchedStudy,
  step: number,
  effectiveFrom: number,
): Watch {
  return {
    compiled,
    study,
    step,
    effectiveFrom,
    state: initialState,
    time: null,
    next: initialState,
    nextTime: null,
  };
}
