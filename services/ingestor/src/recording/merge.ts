import type { RecordedEvent } from './recorded-event.ts';

/** A recording that is being merged. */
export interface MergeSource {
  file: string;
  events: AsyncGenerator<RecordedEvent[]>;
}

/** Consecutive events of one file. */
export interface MergeRun {
  file: string;
  events: RecordedEvent[];
}

interface Cursor {
  source: MergeSource;
  batch: RecordedEvent[];
  at: number;
}

/**
 * Streams, each in order of its receive times, as one. Equal times go by which file begins first, then by its path: the order in which
 * files are named changes nothing.
 */
export async function* mergeRecordings(sources: readonly MergeSource[]): AsyncGenerator<MergeRun> {
  const cursors: Cursor[] = [];
  try {
    for (const source of sources) {
      const cursor = { source, batch: [], at: 0 };
      if (await filled(cursor)) cursors.push(cursor);
    }
    cursors.sort((a, b) => head(a) - head(b) || (a.source.file < b.source.file ? -1 : 1));
    while (cursors.length > 0) {
      const [first, second] = frontTwo(cursors);
      const { file } = first.source;
      const from = first.at;
      if (second === undefined) first.at = first.batch.length;
      else {
        const limit = head(second);
        const winsTies = cursors.indexOf(first) < cursors.indexOf(second);
        do first.at++;
        while (first.at < first.batch.length && (head(first) < limit || (winsTies && head(first) === limit)));
      }
      yield { file, events: first.batch.slice(from, first.at) };
      if (!(await filled(first))) cursors.splice(cursors.indexOf(first), 1);
    }
  } finally {
    for (const { events } of sources) await events.return(undefined);
  }
}

function head(cursor: Cursor): number {
  return (cursor.batch[cursor.at] as RecordedEvent).at;
}

/** The cursor whose event is due, and the one due next. */
function frontTwo(cursors: readonly Cursor[]): [Cursor, Cursor | undefined] {
  let first = cursors[0] as Cursor;
  let second: Cursor | undefined;
  for (let index = 1; index < cursors.length; index++) {
    const cursor = cursors[index] as Cursor;
    if (head(cursor) < head(first)) {
      second = first;
      first = cursor;
    } else if (second === undefined || head(cursor) < head(second)) second = cursor;
  }
  return [first, second];
}

async function filled(cursor: Cursor): Promise<boolean> {
  while (cursor.at >= cursor.batch.length) {
    const { done, value } = await cursor.source.events.next();
    if (done === true) return false;
    cursor.batch = value;
    cursor.at = 0;
  }
  return true;
}
