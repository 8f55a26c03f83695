import type { Gap } from '@tandem/common';
import { bucketOf, type Range } from './ranges.ts';

/** A range of missing ids as numbers, beside its row. */
export interface OpenGap {
  readonly from: number;
  readonly to: number;
  readonly row: Gap;
}

export function openGap(row: Gap): OpenGap {
  return { from: Number(row.fromId), to: Number(row.toId), row };
}

/** The base bars that a gap touches: from the last trade before it to the first after it, both included. */
export function touchedBy(gap: OpenGap): Range {
  const from = bucketOf(gap.row.time);
  return { from, to: Math.max(from, bucketOf(gap.row.toTime)) + 1_000 };
}

/** Whether an unrepaired gap touches the base bar. */
export function isTouched(gaps: readonly OpenGap[], time: number): boolean {
  return gaps.some((gap) => {
    const touched = touchedBy(gap);
    return time >= touched.from && time < touched.to;
  });
}

/** The unrepaired gap that an id lies in. */
export function gapOf(gaps: readonly OpenGap[], id: number): OpenGap | undefined {
  return gaps.find((gap) => id >= gap.from && id <= gap.to);
}

/** Ids that have arrived for a gap, with the times of the first and last trade among them, if there were any. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
}

function row(gap: OpenGap, from: number, to: number, changes: Partial<Gap>): Gap {
  return {
    ...gap.row,
    fromId: String(from),
    toId: String(to),
    missing: to - from + 1,
    ...changes,
  };
}

/**
 * Splits a gap by the ids that arrived: what is left before, the repaired ids, what is left after. The rows
 * tile the original one, and the row of its first id keeps its key, so that an upsert replaces it.
 */
export function splitGap(gap: OpenGap, piece: Piece, state: Gap['state']): { rows: Gap[]; left: OpenGap[] } {
  const from = Math.max(piece.from, gap.from);
  const to = Math.min(piece.to, gap.to);
  // Trade times need not follow the ids exactly: what is left never touches more than the whole did.
  const within = (time: number) => Math.min(Math.max(time, gap.row.time), gap.row.toTime);
  const firstTime = within(piece.firstTime ?? gap.row.toTime);
  const lastTime = within(piece.lastTime ?? gap.row.time);
  const before = from > gap.from ? [row(gap, gap.from, from - 1, { toTime: firstTime })] : [];
  const after = to < gap.to ? [row(gap, to + 1, gap.to, { time: lastTime })] : [];
  const middle = row(gap, from, to, {
    state,
    // A changed middle that stays unrepaired (lost) keeps touching what the whole gap touched.
    toTime: after.length > 0 && state === 'repaired' ? lastTime : gap.row.toTime,
  });
  const rows = [...before, middle, ...after];
  return { rows, left: rows.filter((each) => each.state !== 'repaired').map(openGap) };
}
