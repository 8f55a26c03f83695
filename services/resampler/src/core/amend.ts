import { type Bar, type Interval, intervalMs, type Tick } from '@tandem/common';
import { baseBar } from './base-bar.ts';
import { baseLength, emptyBuckets, foldTick } from './buckets.ts';
import { foldBars, foldedBar } from './fold.ts';
import { isTouched } from './gaps.ts';
import type { InstrumentState } from './instrument.ts';
import type { Range } from './ranges.ts';

/** Base bars that are being put right: what is stored, and what should be. */
export interface Amendment {
  readonly stored: Map<number, Bar>;
  readonly amended: Map<number, Bar>;
}

export function newAmendment(): Amendment {
  return { stored: new Map(), amended: new Map() };
}

/** The newest version of a base bar. */
export function currentBar(amendment: Amendment, time: number): Bar | undefined {
  return amendment.amended.get(time) ?? amendment.stored.get(time);
}

/** The trades of stored rows and new ones, each once, in the order that decides open and close. */
export function joinTicks(stored: readonly Tick[], added: readonly Tick[], ordered: boolean): Tick[] {
  const known = new Set(stored.map((tick) => tick.id));
  const all = [...stored, ...added.filter((tick) => !known.has(tick.id))];
  return ordered ? all : all.sort((left, right) => left.received - right.received);
}

/**
 * Folds the base bars of `range` again from all their trades. The stored bars of the range, and the one
 * before it, are in `amendment.stored`.
 */
export function refold(
  state: InstrumentState,
  amendment: Amendment,
  range: Range,
  ticks: readonly Tick[],
): void {
  const buckets = emptyBuckets();
  ticks.forEach((tick, index) => {
    foldTick(buckets, tick, state.ordered === false ? index : Number(tick.id));
  });
  let close = currentBar(amendment, range.from - baseLength)?.close ?? null;
  for (let time = range.from; time < range.to; time += baseLength) {
    const old = amendment.stored.get(time);
    const gap = isTouched(state.gaps, time);
    const trades = buckets.byTime.get(time);
    // Trades are kept for fewer days than bars: a bar that knows more than what is left of them stays.
    const bar =
      old !== undefined && old.revision > (trades?.ids ?? 0)
        ? { ...old, gap }
        : baseBar(state.identity, time, trades, close, old?.complete ?? false, gap);
    amendment.amended.set(time, bar);
    close = bar.close;
  }
}

/**
 * Carries a changed close into the quiet bars of `range`. True if it went through to the end of the range,
 * so that the next ones must follow; a bar with trades, or one that was right already, ends it.
 */
export function carryClose(state: InstrumentState, amendment: Amendment, range: Range): boolean {
  let close = currentBar(amendment, range.from - baseLength)?.close ?? null;
  for (let time = range.from; time < range.to; time += baseLength) {
    const old = currentBar(amendment, time);
    if (old !== undefined && (old.revision > 0 || old.gap || old.close === close)) return false;
    const bar = baseBar(state.identity, time, undefined, close, old?.complete ?? false, old?.gap ?? false);
    amendment.amended.set(time, bar);
    close = bar.close;
  }
  return true;
}

/** Folds one larger bar again, from its base bars as stored (in order of time) and as amended. */
export function refoldLarger(
  state: InstrumentState,
  amendment: Amendment,
  interval: Interval,
  time: number,
  stored: readonly Bar[],
): Bar | undefined {
  const end = time + intervalMs[interval];
  const bars = new Map(stored.map((bar) => [bar.time, bar]));
  for (const bar of amendment.amended.values()) {
    if (bar.time >= time && bar.time < end) bars.set(bar.time, bar);
  }
  const inOrder = [...bars.values()].sort((left, right) => left.time - right.time);
  const fold = foldBars(interval, time, inOrder);
  if (end <= (state.closedUntil ?? 0)) return foldedBar(fold, state.identity);
  state.folds = state.folds.map((each) => (each.interval === interval ? fold : each));
  return undefined;
}
