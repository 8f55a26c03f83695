import type { Print } from './venues/venue.ts';

/** A print that comes again is no newer than the newest one known; so much is allowed for prints out of time order, ms. */
const newerAllowance = 10_000;
/** No market prints more in a millisecond, and no pause between two prints hides more than the slack. */
const mostPerMillisecond = 100;
const slack = 1_000_000;

/** What is known of an instrument: the id due next, and the time of its newest trade, ms. */
export interface Known {
  readonly next: number | null;
  readonly time: number | null;
}

/**
 * One sentence if a print's id cannot belong to the ids known: below them although it is newer (the venue counts from
 * the beginning again), or so far above that no market could have printed what would be missing.
 */
export function implausibleId({ id, time, market }: Print, known: Known): string | undefined {
  if (known.next === null || known.time === null || !market) return undefined;
  if (id < known.next) {
    if (time <= known.time + newerAllowance) return undefined;
    return `the venue counts its trades anew: a newer trade has id ${id}, but ids up to ${known.next - 1} are known. To go on, store this instrument elsewhere (another data directory)`;
  }
  if (id - known.next <= slack + mostPerMillisecond * Math.max(0, time - known.time)) return undefined;
  return `a trade has id ${id}, but ${known.next} is due: no market trades so much in so short a time`;
}
