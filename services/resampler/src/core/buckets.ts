import { baseInterval, intervalMs, type Tick } from '@tandem/common';
import { type Accumulator, addTick, emptyAccumulator } from './accumulator.ts';

/** Length of a base bar, ms. */
export const baseLength = intervalMs[baseInterval];

/** Base bars that are being folded, by open time. */
export interface Buckets {
  readonly byTime: Map<number, Accumulator>;
  /** The bar of the last trade: most trades belong to the same one. */
  last: Accumulator | undefined;
}

export function emptyBuckets(): Buckets {
  return { byTime: new Map(), last: undefined };
}

/** Folds one trade into the base bar of its own time. */
export function foldTick(buckets: Buckets, tick: Tick, order: number): void {
  const last = buckets.last;
  if (last !== undefined && tick.time >= last.time && tick.time < last.time + baseLength) {
    addTick(last, tick, order);
    return;
  }
  const time = Math.floor(tick.time / baseLength) * baseLength;
  let bar = buckets.byTime.get(time);
  if (bar === undefined) {
    bar = emptyAccumulator(time);
    buckets.byTime.set(time, bar);
  }
  buckets.last = bar;
  addTick(bar, tick, order);
}

/** Folds trades whose ids are numbers into base bars: the loop that everything else stands on. */
export function foldTicks(buckets: Buckets, ticks: readonly Tick[]): void {
  for (const tick of ticks) foldTick(buckets, tick, Number(tick.id));
}

/** Takes a base bar out. */
export function takeBucket(buckets: Buckets, time: number): Accumulator | undefined {
  const bar = buckets.byTime.get(time);
  if (bar === undefined) return undefined;
  buckets.byTime.delete(time);
  if (buckets.last === bar) buckets.last = undefined;
  return bar;
}

/** Open time of the earliest base bar, or undefined if there is none. */
export function earliestBucket(buckets: Buckets): number | undefined {
  let earliest: number | undefined;
  for (const time of buckets.byTime.keys()) {
    if (earliest === undefined || time < earliest) earliest = time;
  }
  return earliest;
}
