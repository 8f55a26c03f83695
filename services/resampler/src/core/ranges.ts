import { baseLength } from './buckets.ts';

/** A span of base bars: open time of the first, and the end of the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Open time of the base bar that holds `time`. */
export function bucketOf(time: number): number {
  return Math.floor(time / baseLength) * baseLength;
}

/** The same base bars as spans that do not meet, in order of time. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((left, right) => left.from - right.from)) {
    if (range.to <= range.from) continue;
    const last = merged.at(-1);
    if (last === undefined || range.from > last.to) merged.push(range);
    else if (range.to > last.to) merged[merged.length - 1] = { from: last.from, to: range.to };
  }
  return merged;
}

/** Cuts spans into pieces of at most `length` ms, so that what is read at once stays bounded. */
export function cutRanges(ranges: readonly Range[], length: number): Range[] {
  const pieces: Range[] = [];
  for (const range of ranges) {
    for (let from = range.from; from < range.to; from += length) {
      pieces.push({ from, to: Math.min(range.to, from + length) });
    }
  }
  return pieces;
}
