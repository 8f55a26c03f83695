import { type Interval, intervalMs, type Study } from '@tandem/common';

const hour = 3_600_000;
const leastOfHour = 10;

/**
 * The slot from which a sliding window of `window` bars must be fed so that its numbers at `slot` are those of one
 * that was fed for ever: its sums are made anew at every slot that the window divides, from the window there.
 */
export function feedFrom(slot: number, window: number): number {
  return Math.floor(slot / window) * window - window + 1;
}

/** The most slots that `feedFrom` lies before a slot. */
export function reachOf(window: number): number {
  return 2 * window;
}

/** How many slots before a row its study looks at bars. */
export function furthest({ window, interval }: Pick<Study, 'window' | 'interval'>): number {
  return reachOf(Math.max(window, hourOf(interval) ?? 0));
}

/** How many rows before a row are handed on to it: it is judged by their volatilities and hedge ratios. */
export function pastOf({ window }: Pick<Study, 'window'>): number {
  return reachOf(window);
}

/** Bars of an hour; undefined where they are too few to say how much the spread moves in it. */
export function hourOf(interval: Interval): number | undefined {
  const bars = hour / intervalMs[interval];
  return bars >= leastOfHour ? bars : undefined;
}

/** Least observations of a window of `size`: a fifth of it may be missing. */
export function leastOf(size: number): number {
  return Math.ceil(0.8 * size);
}
