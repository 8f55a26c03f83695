interface Timed {
  readonly time: number;
}

/** The middle and half the width of a band at a row; null where there is none. */
export type Reach<Row> = (row: Row) => { readonly middle: number; readonly reach: number } | null;

/** A band about a line: one closed outline per unbroken stretch, for like a line it never bridges what is missing. */
export function band<Row extends Timed>(
  name: string,
  rows: readonly Row[],
  interval: number,
  fillcolor: string,
  reachOf: Reach<Row>,
): object {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  for (const stretch of stretches(rows, interval, reachOf)) {
    if (x.length > 0) {
      x.push(null);
      y.push(null);
    }
    for (const { time, middle, reach } of stretch) {
      x.push(time);
      y.push(middle + reach);
    }
    for (const { time, middle, reach } of stretch.toReversed()) {
      x.push(time);
      y.push(middle - reach);
    }
  }
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y,
    fill: 'toself',
    fillcolor,
    line: { width: 0 },
    hoverinfo: 'skip',
  };
}

function stretches<Row extends Timed>(
  rows: readonly Row[],
  interval: number,
  reachOf: Reach<Row>,
): { time: number; middle: number; reach: number }[][] {
  const result: { time: number; middle: number; reach: number }[][] = [];
  let last: number | undefined;
  for (const row of rows) {
    const found = reachOf(row);
    if (found === null) continue;
    const point = { time: row.time, ...found };
    if (last !== undefined && row.time - last <= interval) result.at(-1)!.push(point);
    else result.push([point]);
    last = row.time;
  }
  return result;
}
