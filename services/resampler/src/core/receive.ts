import type { Gap, Tick, TickMessage } from '@tandem/common';
import { baseLength, foldTick } from './buckets.ts';
import { gapOf, type OpenGap, openGap, splitGap, touchedBy } from './gaps.ts';
import type { InstrumentState } from './instrument.ts';
import { idNumber } from './message.ts';
import { bucketOf, mergeRanges, type Range } from './ranges.ts';

/** A trade dated further than this before the first bar is refused: it would invent that many empty bars. */
const earliest = 3_600_000;
const remembered = 20_000;

/**
 * Takes one message in: sorts its trades into new, repaired and repeated ones, keeps the set of gaps, and
 * moves the watermark. Bars are closed afterwards, so how messages are batched makes no difference.
 */
export function receive(state: InstrumentState, message: TickMessage): void {
  const from = message.fromId === null ? undefined : idNumber(message.fromId);
  const to = message.toId === null ? undefined : idNumber(message.toId);
  state.counts.filtered += message.filtered;
  if (from !== undefined && to !== undefined) {
    state.ordered = true;
    receiveRange(state, message, from, to);
  } else if (message.ticks.length > 0) {
    state.ordered = false;
    for (const tick of message.ticks) receiveUnordered(state, tick);
  }
  loseGap(state, message);
  if (message.watermark > state.watermark) state.watermark = message.watermark;
}

function receiveRange(state: InstrumentState, message: TickMessage, from: number, to: number): void {
  const next = state.nextId ?? firstId(state, message, from);
  if (from > next) openGaps(state, message, next, from - 1);
  if (from <= state.recoveredId) verifyAgain(state, message, from);
  for (const tick of message.ticks) {
    const id = Number(tick.id);
    if (id >= next) {
      accept(state, tick, id);
      state.lastTime = tick.time;
    } else if (gapOf(state.gaps, id) !== undefined && !state.recoveredInGaps.delete(tick.id)) {
      if (accept(state, tick, id)) state.counts.repaired += 1;
    } else {
      state.counts.duplicates += 1;
    }
  }
  if (from < next) fillGaps(state, message, from, Math.min(to, next - 1));
  if (to < next) return;
  state.nextId = to + 1;
  const last = message.ticks.at(-1);
  state.headUnstored = last === undefined || Number(last.id) !== to;
}

/**
 * The id due where none is known: of a new instrument the first that comes. If bars are known but the ids of their
 * trades are no longer kept, nobody can say that the market was quiet since: at least one is missing.
 */
function firstId(state: InstrumentState, { gap }: TickMessage, from: number): number {
  if (state.closedUntil === null) return from;
  const declared = gap === undefined ? undefined : idNumber(gap.fromId);
  return Math.max(0, Math.min(declared ?? from - 1, from - 1));
}

/** Takes a trade in; false if it is dated so that no bar can hold it. */
function accept(state: InstrumentState, tick: Tick, order: number): boolean {
  const begin = state.first ?? state.start;
  if (begin !== null && tick.time < begin - earliest) {
    state.counts.refused += 1;
    return false;
  }
  state.counts.received += 1;
  state.pending.ticks.push(tick);
  state.start ??= bucketOf(tick.time);
  if (tick.time > state.watermark) state.watermark = tick.time;
  if (state.closedUntil !== null && tick.time < state.closedUntil) {
    const bucket = bucketOf(tick.time);
    state.counts.late += 1;
    state.pending.dirty.push({ from: bucket, to: bucket + baseLength });
  } else {
    state.counts.inBars += 1;
    foldTick(state.open, tick, order);
  }
  return true;
}

function receiveUnordered(state: InstrumentState, tick: Tick): void {
  if (state.seen.has(tick.id)) {
    state.counts.duplicates += 1;
    return;
  }
  state.seen.add(tick.id);
  if (state.seen.size > remembered) {
    const [oldest] = state.seen;
    if (oldest !== undefined) state.seen.delete(oldest);
  }
  if (accept(state, tick, state.arrivals)) state.lastTime = tick.time;
  state.arrivals += 1;
}

/** Opens the gap of the ids `from`..`to`: as declared, and by ourselves as far as nobody has declared it. */
function openGaps(state: InstrumentState, message: TickMessage, from: number, to: number): void {
  const notice = message.gap;
  const before = state.lastTime ?? state.watermark;
  const after = message.ticks[0]?.time ?? Math.max(message.watermark, before);
  const declared = notice === undefined ? undefined : [idNumber(notice.fromId), idNumber(notice.toId)];
  const low = Math.max(declared?.[0] ?? Number.POSITIVE_INFINITY, from);
  const high = Math.min(declared?.[1] ?? Number.NEGATIVE_INFINITY, to);
  if (notice === undefined && state.nextId === null) {
    // To fetch the one id that is known to be missing would not make the rest known.
    addGap(state, from, to, before, after, 'what was traded since the last bar is not known', 'lost');
    return;
  }
  if (notice === undefined || low > high) {
    addGap(state, from, to, before, after, 'undeclared jump', 'open');
    return;
  }
  // Times from outside are held to what is known here, so that no message can blank the whole history.
  const newest = Math.max(state.watermark, message.watermark, after);
  const begin = Math.min(Math.max(notice.fromTime, before - earliest), newest);
  const end = Math.min(Math.max(notice.toTime, begin), newest);
  if (low > from) addGap(state, from, low - 1, before, Math.max(begin, before), 'undeclared jump', 'open');
  addGap(state, low, high, begin, end, notice.reason, notice.repairable ? 'open' : 'lost');
  if (high < to) addGap(state, high + 1, to, end, after, 'undeclared jump', 'open');
}

function addGap(
  state: InstrumentState,
  from: number,
  to: number,
  time: number,
  toTime: number,
  reason: string,
  gapState: Gap['state'],
): void {
  const { dataset, venue, symbol } = state.identity;
  const row: Gap = {
    dataset,
    venue,
    symbol,
    fromId: String(from),
    toId: String(to),
    time,
    toTime: Math.max(time, toTime),
    missing: to - from + 1,
    reason,
    state: gapState,
  };
  const gap = openGap(row);
  state.gaps.push(gap);
  state.pending.gapsOpened.push(row);
  state.counts.gaps += 1;
  state.nextId = to + 1;
  markDirty(state, [touchedBy(gap)], state.pending.dirty);
}

/** The venue has said that it no longer holds these ids. */
function loseGap(state: InstrumentState, message: TickMessage): void {
  const notice = message.gap;
  if (notice === undefined || notice.repairable) return;
  const from = idNumber(notice.fromId);
  const to = idNumber(notice.toId);
  if (from === undefined || to === undefined) return;
  for (const gap of state.gaps.filter((each) => each.row.state === 'open')) {
    if (gap.to < from || gap.from > to) continue;
    replaceGap(state, gap, splitGap(gap, { from, to, firstTime: undefined, lastTime: undefined }, 'lost'));
  }
}

/** Ids that were missing have arrived, trades or not. */
function fillGaps(state: InstrumentState, message: TickMessage, from: number, to: number): void {
  for (const gap of [...state.gaps]) {
    if (gap.to < from || gap.from > to) continue;
    const inside = message.ticks.filter((tick) => Number(tick.id) >= gap.from && Number(tick.id) <= gap.to);
    const piece = { from, to, firstTime: inside[0]?.time, lastTime: inside.at(-1)?.time };
    replaceGap(state, gap, splitGap(gap, piece, 'repaired'));
    markDirty(state, freedRanges(gap, state.gaps), state.pending.dirty);
  }
}

/** The base bars that a gap touched and that no gap touches any more. */
function freedRanges(gap: OpenGap, left: readonly OpenGap[]): Range[] {
  let freed: Range[] = [touchedBy(gap)];
  for (const other of left) {
    const touched = touchedBy(other);
    freed = freed.flatMap((range) => [
      { from: range.from, to: Math.min(range.to, touched.from) },
      { from: Math.max(range.from, touched.to), to: range.to },
    ]);
    freed = freed.filter((range) => range.from < range.to);
  }
  return freed;
}

function replaceGap(state: InstrumentState, gap: OpenGap, by: { rows: Gap[]; left: OpenGap[] }): void {
  state.gaps = [...state.gaps.filter((each) => each !== gap), ...by.left];
  state.pending.gapsChanged.push(...by.rows);
}

/** A message came again after a restart: the crash may have come between its trades, or its gap, and their bars. */
function verifyAgain(state: InstrumentState, message: TickMessage, from: number): void {
  const begin = (state.first ?? 0) - earliest;
  const ranges: Range[] = message.ticks
    .filter((tick) => tick.time >= begin && tick.time < (state.closedUntil ?? 0))
    .map((tick) => ({ from: bucketOf(tick.time), to: bucketOf(tick.time) + baseLength }));
  state.pending.again.push(...mergeRanges(ranges));
  let before = state.gaps.find((gap) => gap.to === from - 1);
  while (before !== undefined) {
    markDirty(state, [touchedBy(before)], state.pending.again);
    const next = before.from - 1;
    before = state.gaps.find((gap) => gap.to === next);
  }
}

function markDirty(state: InstrumentState, ranges: readonly Range[], into: Range[]): void {
  if (state.closedUntil === null || state.first === null) return;
  for (const range of ranges) {
    const from = Math.max(range.from, state.first);
    const to = Math.min(range.to, state.closedUntil);
    if (from < to) into.push({ from, to });
  }
}
