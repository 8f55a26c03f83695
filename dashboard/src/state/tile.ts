import { type Absence, type Analytics, intervalMs, type Metric, type Study } from '@tandem/common';
import { duration } from '../words/format.ts';

export type TileKind = 'warming' | 'live' | 'stale' | 'gap' | 'off';

/** How much a study's numbers may be trusted at this moment. */
export interface Tile {
  readonly kind: TileKind;
  /** "warming 87/240 bars, ~33 s" */
  readonly text: string;
  /** Whether a trader may act on it: live, and the hedge ratio is usable. */
  readonly valid: boolean;
  /** Since the bar closed (or, in a replay, since it was heard of), ms. */
  readonly age: number | null;
}

export interface Circumstances {
  /** The server's clock. */
  readonly now: number;
  readonly connected: boolean;
  /** When this page last heard of the study, by the server's clock. */
  readonly heard: number | undefined;
  /** Recorded time has nothing to do with now: age counts from when the row was heard. */
  readonly replay: boolean;
  /** Trades missing from the legs. */
  readonly missing: number;
  /** Why no new bar can be expected of a leg, in words; undefined while both feeds flow. */
  readonly trouble?: string | undefined;
}

/** One of five states, the worst that applies. */
export function tileOf(study: Study, row: Analytics | undefined, given: Circumstances): Tile {
  if (row === undefined) return { kind: 'off', text: 'off: no bar yet', valid: false, age: null };
  const length = intervalMs[study.interval];
  const since = given.replay ? (given.heard ?? given.now) : row.time + length;
  const age = Math.max(0, given.now - since);
  // A long bar stays within its time for minutes after its feed has died: the feed is heard first.
  if (!given.connected || age > staleAfter(length) || given.trouble !== undefined) {
    const why = given.connected && given.trouble !== undefined ? `, ${given.trouble}` : '';
    return { kind: 'stale', text: `stale (${duration(age)})${why}`, valid: false, age };
  }
  if (row.state === 'gap') return { kind: 'gap', text: gapText(given.missing), valid: false, age };
  if (row.state === 'warming') return { kind: 'warming', text: warmth(row, 'z', length), valid: false, age };
  if (row.state === 'invalid') return { kind: 'live', text: 'live, invalid: no entry', valid: false, age };
  return { kind: 'live', text: 'live', valid: row.z !== null, age };
}

/** A bar is heard of its own length after the one before, and a little later when its last trades straggle. */
function staleAfter(length: number): number {
  return length + Math.min(30_000, Math.max(5_000, length / 10));
}

const absences: Record<Exclude<Absence['reason'], 'warming'>, string> = {
  gap: 'a gap in the window',
  constant: 'a constant price in the window',
  'no-reversion': 'the spread does not come back',
  'within-bar': 'half of a deviation is gone within one bar',
  'not-offered': 'this method or interval has none',
  undefined: 'not defined on this window',
};

/** How far a metric is from being known, or why it is absent. */
function warmth(row: Analytics, metric: Metric, length: number): string {
  const absence = row.absent[metric];
  if (absence === undefined) return 'warming';
  const text = absenceText(absence, length);
  return absence.reason === 'warming' ? `warming ${text}` : text;
}

/** The same where there is little room: "87/240 bars, ~2.5 h". */
export function absenceText({ reason, have, need }: Absence, length: number): string {
  // With a need, it is the study's window that can never hold as many.
  if (reason === 'not-offered' && need > 0) return `needs ${need} bars: window too short`;
  if (reason !== 'warming') return absences[reason];
  return `${have}/${need} bars, ~${duration(Math.max(0, need - have) * length)}`;
}

function gapText(missing: number): string {
  if (missing <= 0) return 'gap (bars missing)';
  return `gap (${missing.toLocaleString('en-US')} ${missing === 1 ? 'trade' : 'trades'} missing)`;
}
