import { type Bar, barTime, baseInterval, intervalMs } from '@tandem/common';
import { type Amendment, carryClose, joinTicks, newAmendment, refold, refoldLarger } from './core/amend.ts';
import { sameBar } from './core/base-bar.ts';
import { baseLength } from './core/buckets.ts';
import type { InstrumentState, Pending } from './core/instrument.ts';
import { cutRanges, mergeRanges, type Range } from './core/ranges.ts';
import type { StoredInstrument } from './stored-rows.ts';

/** The most seconds that are read and folded again at once. */
const chunk = 600 * baseLength;

/** Bars that differ from what is stored, and all that should be published. */
export interface Amended {
  readonly write: Bar[];
  readonly publish: Bar[];
}

/**
 * Puts closed bars right after late or repaired trades, or a change of gaps: base bars from all their trades,
 * the quiet ones that follow them, and the larger ones. Reads what is stored; the batch itself is not yet.
 */
export async function amendBars(
  state: InstrumentState,
  pending: Pending,
  stored: StoredInstrument,
): Promise<Amended> {
  const ranges = cutRanges(mergeRanges([...pending.dirty, ...pending.again]), chunk);
  if (ranges.length === 0) return { write: [], publish: [] };
  const amendment = newAmendment();
  for (const range of ranges) await amendRange(state, pending, stored, amendment, range);
  const again = mergeRanges(pending.again);
  const base = [...amendment.amended.values()].sort((left, right) => left.time - right.time);
  const changed = base.filter((bar) => {
    const old = amendment.stored.get(bar.time);
    return old === undefined || !sameBar(bar, old);
  });
  keepCounts(state, pending, amendment, changed);
  const repeated = base.filter((bar) => !changed.includes(bar) && covers(again, bar.time));
  const first = base[0]?.time;
  if (first !== undefined && state.first !== null && first < state.first) state.first = first;
  const closedUntil = state.closedUntil ?? 0;
  const last = amendment.amended.get(closedUntil - baseLength);
  if (last !== undefined) state.lastClose = last.close;
  const larger = await amendLarger(state, stored, amendment, changed, repeated);
  return {
    write: [...changed, ...larger.write],
    publish: [...changed, ...repeated, ...larger.publish],
  };
}

function keepCounts(
  state: InstrumentState,
  pending: Pending,
  amendment: Amendment,
  changed: readonly Bar[],
): void {
  const before = (time: number) => amendment.stored.get(time)?.revision ?? 0;
  const folded = changed.reduce((sum, bar) => sum + bar.revision - before(bar.time), 0);
  state.counts.inBars += folded;
  if (pending.again.length === 0) return;
  // Trades that a crash had left stored but in no bar: they were counted by the process that took them in.
  const late = pending.ticks.filter((tick) => tick.time < (state.closedUntil ?? 0)).length;
  state.counts.received += folded - late;
  state.counts.stored += folded - late;
}

function covers(ranges: readonly Range[], time: number): boolean {
  return ranges.some((range) => time >= range.from && time < range.to);
}

async function loadBars(stored: StoredInstrument, amendment: Amendment, from: number, to: number) {
  for (const bar of await stored.bars(baseInterval, from, to)) amendment.stored.set(bar.time, bar);
}

async function amendRange(
  state: InstrumentState,
  pending: Pending,
  stored: StoredInstrument,
  amendment: Amendment,
  range: Range,
): Promise<void> {
  await loadBars(stored, amendment, range.from - baseLength, range.to);
  const added = pending.ticks.filter((tick) => tick.time >= range.from && tick.time < range.to);
  const ticks = joinTicks(await stored.ticks(range.from, range.to), added, state.ordered !== false);
  refold(state, amendment, range, ticks);
  const end = state.closedUntil ?? 0;
  // Short first: nearly always the next second, or the one after, has trades.
  let length = 5 * baseLength;
  for (let from = range.to; from < end; ) {
    const next = { from, to: Math.min(end, from + length) };
    await loadBars(stored, amendment, next.from, next.to);
    if (!carryClose(state, amendment, next)) break;
    from = next.to;
    length = chunk;
  }
}

async function amendLarger(
  state: InstrumentState,
  stored: StoredInstrument,
  amendment: Amendment,
  changed: readonly Bar[],
  repeated: readonly Bar[],
): Promise<Amended> {
  const write: Bar[] = [];
  const publish: Bar[] = [];
  for (const { interval } of state.folds) {
    const touched = new Set([...changed, ...repeated].map((bar) => barTime(bar.time, interval)));
    for (const time of [...touched].sort((left, right) => left - right)) {
      const end = Math.min(time + intervalMs[interval], state.closedUntil ?? 0);
      const bar = refoldLarger(state, amendment, interval, time, await stored.bars(baseInterval, time, end));
      if (bar === undefined) continue;
      const [old] = await stored.bars(interval, time, time + 1);
      // The venue's own bar stands in for one that was seen only in part.
      if (old?.source === 'klines' && !bar.complete) continue;
      if (old === undefined || !sameBar(bar, old)) write.push(bar);
      publish.push(bar);
    }
  }
  return { write, publish };
}
