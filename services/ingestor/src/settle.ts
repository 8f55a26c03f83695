import type { IdRange } from './sequencer.ts';
import type { Dialect, Print } from './venues/venue.ts';

/** Prints that are no executions come singly; a longer run of unlisted ids is history that the venue no longer serves. */
const longestFilteredRun = 50;

export interface Settlement {
  /** Ids up to this one are accounted for; below `range.from` if none are. */
  to: number;
  prints: Print[];
  /** Ids at the head of what is still missing that the venue lists nothing of, although it lists later ones. */
  lost?: { to: number /** Time of the first print after them. */; toTime: number };
}

/** What one page of a venue's history says about a range of missing ids. */
export function settle(
  page: readonly Print[],
  range: IdRange,
  { dense, pagesFromId }: Pick<Dialect, 'dense' | 'pagesFromId'>,
): Settlement {
  const prints: Print[] = [];
  let expected = range.from;
  // The newest prints, if they begin behind an id, say nothing of it.
  let reached = pagesFromId;
  for (const print of [...page].sort((a, b) => a.id - b.id)) {
    const longestHole = dense || !reached ? 0 : longestFilteredRun;
    reached = true;
    if (print.id < expected) continue;
    const hole = Math.min(print.id, range.to + 1) - expected;
    if (hole > longestHole) {
      if (expected > range.from) break;
      return { to: expected - 1, prints, lost: { to: expected + hole - 1, toTime: print.time } };
    }
    expected = Math.min(print.id, range.to) + 1;
    if (print.id > range.to) break;
    prints.push(print);
    if (print.id === range.to) break;
  }
  return { to: expected - 1, prints };
}
