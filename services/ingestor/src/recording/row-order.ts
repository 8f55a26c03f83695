import type { RecordedEvent } from './recorded-event.ts';
import { complain, type ReplaySummary } from './summary.ts';

/** Rows may stand so far from their place in time, in rows: files up to this length may be in any order. */
const window = 10_000;

/**
 * Rows of a file without receive times in order of their exchange time (equal times by id, then as they stand). A row that comes
 * too late for that is refused: taken later it would be a trade that never was, or look like a repeated one.
 */
export async function* inTimeOrder(
  batches: AsyncIterable<RecordedEvent[]>,
  name: string,
  summary: ReplaySummary,
): AsyncGenerator<RecordedEvent[]> {
  const waiting: RecordedEvent[] = [];
  let last: RecordedEvent | undefined;
  const release = (count: number): RecordedEvent[] => {
    waiting.sort(byTime);
    const released = waiting.splice(0, count);
    last = released.at(-1) ?? last;
    return released;
  };
  for await (const batch of batches) {
    for (const event of batch) {
      if (last === undefined || byTime(event, last) >= 0) waiting.push(event);
      else {
        const what = `it is dated before rows ${window.toLocaleString('en')} lines up: sort the file by time`;
        complain(summary, 'refused', `${name} line ${event.line}`, what);
      }
    }
    if (waiting.length >= 2 * window) yield release(waiting.length - window);
  }
  yield release(waiting.length);
}

function byTime(a: RecordedEvent, b: RecordedEvent): number {
  return a.at - b.at || (a.prints[0]?.id ?? 0) - (b.prints[0]?.id ?? 0) || a.line - b.line;
}
