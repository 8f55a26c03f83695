import type { Bar } from '@tandem/common';
import { baseBar } from './base-bar.ts';
import { baseLength, earliestBucket, takeBucket } from './buckets.ts';
import { advanceFold, provisional } from './fold.ts';
import { isTouched } from './gaps.ts';
import type { InstrumentState } from './instrument.ts';
import { bucketOf } from './ranges.ts';

/** Seconds without any news beyond this are not filled with flat bars: bars are kept for as long. */
const longestSilence = 30 * 86_400_000;

/**
 * Closes base bars that the watermark has passed, at most `limit`, and the larger bars that end with them.
 * Call again while as many come back.
 */
export function closeBars(state: InstrumentState, limit: number): { bars: Bar[]; more: boolean } {
  const bars: Bar[] = [];
  if (state.start === null) return { bars, more: false };
  let time = state.closedUntil ?? earliestBucket(state.open) ?? state.start;
  for (let count = 0; time + baseLength <= state.watermark; count += 1) {
    if (count === limit) return { bars, more: true };
    time = skipSilence(state, time);
    closeOne(state, time, bars);
    time += baseLength;
  }
  return { bars, more: false };
}

function skipSilence(state: InstrumentState, time: number): number {
  const horizon = bucketOf(state.watermark - longestSilence);
  if (time >= horizon) return time;
  return Math.max(time, Math.min(horizon, earliestBucket(state.open) ?? horizon));
}

function closeOne(state: InstrumentState, time: number, bars: Bar[]): void {
  const gap = state.gaps.length > 0 && isTouched(state.gaps, time);
  const complete = state.start !== null && time > state.start;
  const bar = baseBar(state.identity, time, takeBucket(state.open, time), state.lastClose, complete, gap);
  state.first ??= time;
  state.closedUntil = time + baseLength;
  state.lastClose = bar.close;
  bars.push(bar);
  state.folds = state.folds.map((fold) => {
    const next = advanceFold(fold, bar, state.identity);
    bars.push(...next.ended);
    return next.fold;
  });
}

/** The bars in progress, as far as they are known: the base bar, then each larger one. None of them is complete. */
export function openBars(state: InstrumentState): Bar[] {
  const time = bucketOf(state.watermark);
  const trades = state.open.byTime.get(time);
  const base =
    trades === undefined
      ? undefined
      : baseBar(state.identity, time, trades, state.lastClose, false, isTouched(state.gaps, time));
  const larger = state.folds.map((fold) => provisional(fold, base, state.identity));
  return [base, ...larger].filter((bar) => bar !== undefined);
}
