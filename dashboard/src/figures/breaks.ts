import type { Gap } from '@tandem/common';

interface Timed {
  readonly time: number;
}

/** A column of rows for a chart: a missing bar becomes a null, so that a line never bridges it. */
export function broken<Row extends Timed>(
  rows: readonly Row[],
  interval: number,
  value: (row: Row) => number | null,
): { x: number[]; y: (number | null)[] } {
  const x: number[] = [];
  const y: (number | null)[] = [];
  let previous: number | undefined;
  for (const row of rows) {
    if (previous !== undefined && row.time - previous > interval) {
      x.push(previous + interval);
      y.push(null);
    }
    x.push(row.time);
    y.push(value(row));
    previous = row.time;
  }
  return { x, y };
}

/** Stretches of time in which something is missing, merged where they touch. */
export function missingSpans(
  rows: readonly (Timed & { missing: boolean })[],
  gaps: readonly Pick<Gap, 'time' | 'toTime' | 'state'>[],
  interval: number,
): [number, number][] {
  const spans: [number, number][] = [];
  let previous: number | undefined;
  for (const row of rows) {
    if (previous !== undefined && row.time - previous > interval) spans.push([previous + interval, row.time]);
    if (row.missing) spans.push([row.time, row.time + interval]);
    previous = row.time;
  }
  const first = rows[0]?.time;
  const last = rows.at(-1)?.time;
  for (const gap of gaps) {
    if (gap.state === 'repaired' || first === undefined || last === undefined) continue;
    if (gap.toTime < first || gap.time > last + interval) continue;
    // A gap shorter than a bar is still seen: it spans the bars that it touches.
    const from = Math.floor(gap.time / interval) * interval;
    spans.push([
      Math.max(first, from),
      Math.min(last, Math.floor(gap.toTime / interval) * interval) + interval,
    ]);
  }
  return merged(spans);
}

/** Grey columns behind the lines. */
export function shading(spans: readonly (readonly [number, number])[], color: string): object[] {
  return spans.map(([x0, x1]) => ({
    type: 'rect',
    xref: 'x',
    yref: 'paper',
    x0,
    x1,
    y0: 0,
    y1: 1,
    fillcolor: color,
    line: { width: 0 },
    layer: 'below',
  }));
}

function merged(spans: [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
