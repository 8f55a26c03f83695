import type { Analytics, LiveStudy } from '@tandem/common';
import { band, type Reach } from './band.ts';
import { broken, shading } from './breaks.ts';
import { type Figure, type Frame, line, provisional, timeLayout } from './figure.ts';
import { emptyNote, levelName } from './levels.ts';

export interface StudyInput extends Frame {
  readonly rows: readonly Analytics[];
  readonly live: LiveStudy | undefined;
  readonly missing: readonly (readonly [number, number])[];
}

/** The spread within one and two deviations of its window, around the mean of its window. */
export function spreadFigure(input: StudyInput): Figure {
  const { theme, rows, interval } = input;
  const color = input.dimmed ? theme.muted : theme.blue;
  const { x, y } = broken(rows, interval, (row) => row.spread);
  const mean = broken(rows, interval, (row) => row.spreadMean);
  const data = [
    band('±2σ', rows, interval, theme.band, within(2)),
    band('±1σ', rows, interval, theme.innerBand, within(1)),
    line('mean', mean.x, mean.y, theme.muted, {
      line: { color: theme.muted, width: 1, dash: 'dot' },
      hoverinfo: 'skip',
    }),
    line('spread', x, y, color, { hovertemplate: 'spread %{y:,.5~g}<extra></extra>' }),
    ...provisional('spread', lastOf(input, 'spread'), formingOf(input, 'spread'), color, theme.panel, {
      hoverinfo: 'skip',
    }),
  ];
  const { spreadMean: middle = null, spreadDeviation: deviation = null } = rows.at(-1) ?? {};
  const empty = emptyNote(theme, input.emptyText, y);
  const annotations =
    middle === null || deviation === null
      ? empty
      : [
          ...empty,
          levelName(middle + 2 * deviation, '+2σ', theme.muted),
          levelName(middle - 2 * deviation, '−2σ', theme.muted),
          levelName(middle, 'mean', theme.muted),
        ];
  const shapes = shading(input.missing, theme.gap);
  return { data, layout: timeLayout(input, { showticklabels: empty.length === 0 }, shapes, { annotations }) };
}

const within =
  (widths: number): Reach<Analytics> =>
  ({ spreadMean, spreadDeviation }) =>
    spreadMean === null || spreadDeviation === null
      ? null
      : { middle: spreadMean, reach: widths * spreadDeviation };

/** The last confirmed point, if a provisional one may be joined to it. */
export function lastOf(
  input: StudyInput,
  metric: 'spread' | 'z',
): { time: number; value: number } | undefined {
  const last = input.rows.at(-1);
  const value = last?.[metric] ?? null;
  const near =
    last !== undefined && input.live !== undefined && input.live.time - last.time <= input.interval;
  return near && value !== null ? { time: last.time, value } : undefined;
}

/** The provisional point, if it lies after everything confirmed. */
export function formingOf(
  input: StudyInput,
  metric: 'spread' | 'z',
): { time: number; value: number } | undefined {
  const { live, rows } = input;
  const value = live?.[metric] ?? null;
  if (live === undefined || value === null || live.time <= (rows.at(-1)?.time ?? -1)) return undefined;
  return { time: live.time, value };
}
