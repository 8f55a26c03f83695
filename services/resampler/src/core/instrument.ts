import { barTime, baseInterval, type Gap, type Interval, type Tick } from '@tandem/common';
import type { Identity } from './base-bar.ts';
import { type Buckets, emptyBuckets } from './buckets.ts';
import { emptyFold, type Fold } from './fold.ts';
import type { OpenGap } from './gaps.ts';
import type { Range } from './ranges.ts';

/** What has been taken in but not yet written: exactly this goes into the next write. */
export interface Pending {
  ticks: Tick[];
  /** Rows of gaps that were found. Written before the ticks behind them: a jump is seen only once. */
  gapsOpened: Gap[];
  /** Rows of gaps that changed. Written last: a gap counts as repaired once its bars are mended. */
  gapsChanged: Gap[];
  /** Closed base bars that are no longer right. */
  dirty: Range[];
  /** Those that may be right already, but whose publishing a crash may have cut off. */
  again: Range[];
}

/** Counts since the process started. */
export interface Counts {
  /** Trades taken in: new, late and repaired, and those refolded at the start. */
  received: number;
  /** Trades in bars, open ones included. */
  inBars: number;
  stored: number;
  duplicates: number;
  refused: number;
  filtered: number;
  late: number;
  repaired: number;
  gaps: number;
}

/** All that is known of one instrument of one dataset. Everything in it can be rebuilt from the store. */
export interface InstrumentState {
  readonly identity: Identity;
  /** Whether ids are consecutive numbers: then they tell of loss, repetition and order. */
  ordered: boolean | undefined;
  /** The id after the highest one accounted for. */
  nextId: number | null;
  /** Ids are stored with their trades; true if the newest were prints that left no trade. */
  headUnstored: boolean;
  /** Below it a repetition may be of a message whose effects a crash had cut off. */
  recoveredId: number;
  /** Ids of refolded trades that lie in a gap: stored before a crash, but their gap was not yet marked repaired. */
  recoveredInGaps: Set<string>;
  /** Time of the trade with the highest id. */
  lastTime: number | null;
  /** Number of the next arrival, where ids have no order. */
  arrivals: number;
  /** Ids seen lately, where ids have no order. */
  seen: Set<string>;
  watermark: number;
  /** Open time of the base bar in which the feed began: it and all before it were seen only in part. */
  start: number | null;
  /** Open time of the first base bar. */
  first: number | null;
  /** Every base bar before it has closed; null before the first one. */
  closedUntil: number | null;
  lastClose: number | null;
  open: Buckets;
  folds: Fold[];
  /** Gaps that are not repaired, those that never will be included. */
  gaps: OpenGap[];
  pending: Pending;
  readonly counts: Counts;
}

export function emptyPending(): Pending {
  return { ticks: [], gapsOpened: [], gapsChanged: [], dirty: [], again: [] };
}

/** An instrument of which nothing is known yet. */
export function newInstrument(identity: Identity, intervals: readonly Interval[]): InstrumentState {
  return {
    identity,
    ordered: undefined,
    nextId: null,
    headUnstored: false,
    recoveredId: 0,
    recoveredInGaps: new Set(),
    lastTime: null,
    arrivals: 0,
    seen: new Set(),
    watermark: 0,
    start: null,
    first: null,
    closedUntil: null,
    lastClose: null,
    open: emptyBuckets(),
    folds: intervals.filter((each) => each !== baseInterval).map((each) => emptyFold(each, barTime(0, each))),
    gaps: [],
    pending: emptyPending(),
    counts: {
      received: 0,
      inBars: 0,
      stored: 0,
      duplicates: 0,
      refused: 0,
      filtered: 0,
      late: 0,
      repaired: 0,
      gaps: 0,
    },
  };
}

/** Takes out what has to be written. */
export function takePending(state: InstrumentState): Pending {
  const pending = state.pending;
  state.pending = emptyPending();
  return pending;
}
