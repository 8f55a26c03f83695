/** The bars of one leg in columns, ascending in time. What a worker thread is handed. */
export interface LegBars {
  readonly instrument: string;
  /** Open times, ms. */
  readonly times: Float64Array;
  /** NaN where the bar must not be used (a gap, seen in part, no price). */
  readonly closes: Float64Array;
  readonly volumes: Float64Array;
  readonly quoteVolumes: Float64Array;
  readonly highs: Float64Array;
  readonly lows: Float64Array;
  readonly trades: Float64Array;
}

/** Several legs on one grid of times; NaN where a leg has no usable bar. */
export interface AlignedBars {
  readonly times: Float64Array;
  readonly closes: readonly Float64Array[];
}

/** Puts legs on the grid of every bar from their latest beginning to their earliest end. */
export function align(legs: readonly LegBars[], step: number): AlignedBars {
  const from = Math.max(...legs.map(({ times }) => times[0] ?? Number.NaN));
  const to = Math.min(...legs.map(({ times }) => times.at(-1) ?? Number.NaN));
  const length = to >= from ? Math.round((to - from) / step) + 1 : 0;
  const times = Float64Array.from({ length }, (_, i) => from + i * step);
  const closes = legs.map((leg) => {
    const column = new Float64Array(length).fill(Number.NaN);
    for (const [i, time] of leg.times.entries()) {
      const at = Math.round((time - from) / step);
      if (at >= 0 && at < length) column[at] = leg.closes[i] as number;
    }
    return column;
  });
  return { times, closes };
}

/** The newest rows in which every leg is known, back to the first hole. Tests of a series need it without holes. */
export function newestStretch({ times, closes }: AlignedBars): AlignedBars & { readonly dropped: number } {
  let first = times.length;
  while (first > 0 && closes.every((column) => !Number.isNaN(column[first - 1] as number))) first--;
  return {
    times: times.subarray(first),
    closes: closes.map((column) => column.subarray(first)),
    dropped: first,
  };
}
