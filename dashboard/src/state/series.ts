/** Most rows that a chart holds, so that no trace exceeds 2,000 points, bands included. */
export const seriesLimit = 900;

interface Timed {
  readonly time: number;
}

/** Rows in order of time, one per time: a row that comes twice replaces itself. Oldest rows beyond the limit go. */
export function upsert<Row extends Timed>(
  rows: readonly Row[],
  added: readonly Row[],
  replaces: (next: Row, previous: Row) => boolean = () => true,
  limit = seriesLimit,
): Row[] {
  if (added.length === 0) return [...rows];
  const byTime = new Map(rows.map((row) => [row.time, row]));
  let ordered = true;
  let last = rows.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
  for (const row of added) {
    const previous = byTime.get(row.time);
    if (previous !== undefined && !replaces(row, previous)) continue;
    if (previous === undefined && row.time < last) ordered = false;
    last = Math.max(last, row.time);
    byTime.set(row.time, row);
  }
  const merged = [...byTime.values()];
  if (!ordered) merged.sort((a, b) => a.time - b.time);
  return merged.slice(-limit);
}
