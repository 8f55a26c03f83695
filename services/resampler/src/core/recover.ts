import type { Bar, Gap, Interval, Tick } from '@tandem/common';
import { barTime, intervalMs } from '@tandem/common';
import type { Identity } from './base-bar.ts';
import { baseLength, foldTick } from './buckets.ts';
import { foldBars } from './fold.ts';
import { gapOf, openGap } from './gaps.ts';
import { type InstrumentState, newInstrument } from './instrument.ts';
import { idNumber } from './message.ts';
import { bucketOf } from './ranges.ts';

/** What the store holds of an instrument, as far as its state can be told from it. */
export interface StoredRows {
  /** The first base bar of all. */
  readonly firstBar: Bar | undefined;
  /** The newest base bars, in order of time: at least those of every larger bar in progress. */
  readonly bars: readonly Bar[];
  /** Trades at or after the end of the last closed base bar, by time. */
  readonly ticks: readonly Tick[];
  /** Trades with the newest times, enough that the highest id is among them. */
  readonly newest: readonly Tick[];
  readonly gaps: readonly Gap[];
  /** The id after the highest one accounted for, where prints that left no trade were the last. */
  readonly head: number | null;
}

/** Where base bars have closed: after the last one, less those at the end that were seen in part only. */
export function closedUntilOf(bars: readonly Bar[]): number | null {
  let end = bars.length;
  while (end > 0 && bars[end - 1]?.complete === false) end -= 1;
  const last = bars[end - 1];
  // Bars that were written as partial at the end of an input are folded again from their trades.
  return last === undefined ? null : last.time + baseLength;
}

/** The state of an instrument, rebuilt from what was written of it: the one way in which every start begins. */
export function recover(
  identity: Identity,
  intervals: readonly Interval[],
  rows: StoredRows,
): InstrumentState {
  const state = newInstrument(identity, intervals);
  const closedUntil = closedUntilOf(rows.bars);
  const closed = rows.bars.filter((bar) => closedUntil !== null && bar.time < closedUntil);
  state.closedUntil = closedUntil;
  state.first = closedUntil === null ? null : (rows.firstBar?.time ?? null);
  state.lastClose = closed.at(-1)?.close ?? null;
  state.gaps = rows.gaps.filter((gap) => gap.state !== 'repaired').map(openGap);
  recoverIds(state, rows);
  recoverTicks(state, rows.ticks);
  state.watermark = Math.max(closedUntil ?? 0, ...rows.newest.map((tick) => tick.time));
  if (closedUntil !== null) {
    state.start ??= (state.first ?? closedUntil) - baseLength;
    state.folds = state.folds.map(({ interval }) => {
      const time = barTime(closedUntil, interval);
      const parts = closed.filter((bar) => bar.time >= time && bar.time < time + intervalMs[interval]);
      return foldBars(interval, time, parts);
    });
  }
  return state;
}

function recoverIds(state: InstrumentState, rows: StoredRows): void {
  let newest: { id: number; time: number } | undefined;
  for (const tick of rows.newest) {
    const id = idNumber(tick.id);
    if (id === undefined) continue;
    if (newest === undefined || id > newest.id) newest = { id, time: tick.time };
  }
  const ends = rows.gaps.map((gap) => Number(gap.toId));
  const highest = Math.max(newest?.id ?? -1, (rows.head ?? 0) - 1, ...ends);
  state.lastTime = newest?.time ?? rows.newest[0]?.time ?? null;
  if (rows.newest.length > 0 && newest === undefined) {
    state.ordered = false;
    for (const tick of rows.newest) state.seen.add(tick.id);
  }
  if (highest >= 0) {
    state.ordered = true;
    state.nextId = highest + 1;
    state.recoveredId = highest + 1;
    state.headUnstored = rows.head !== null && rows.head === highest + 1;
  }
}

function recoverTicks(state: InstrumentState, ticks: readonly Tick[]): void {
  const inOrder =
    state.ordered === false
      ? [...ticks].sort((left, right) => left.received - right.received)
      : [...ticks].sort((left, right) => Number(left.id) - Number(right.id));
  for (const tick of inOrder) {
    foldTick(state.open, tick, state.ordered === false ? state.arrivals : Number(tick.id));
    state.arrivals += 1;
    if (gapOf(state.gaps, Number(tick.id)) !== undefined) state.recoveredInGaps.add(tick.id);
  }
  state.counts.received += ticks.length;
  state.counts.inBars += ticks.length;
  state.counts.stored += ticks.length;
  const first = inOrder[0];
  if (first !== undefined && state.closedUntil === null) state.start = bucketOf(first.time);
}
