import { band } from './band.ts';
import { broken, shading } from './breaks.ts';
import { type Figure, line, timeLayout } from './figure.ts';
import { emptyNote } from './levels.ts';
import type { StudyInput } from './spread.ts';

/** The hedge ratio within two of its standard errors; a method without an error has the line alone. */
export function betaFigure(input: StudyInput): Figure {
  const { theme, rows, interval } = input;
  const { x, y } = broken(rows, interval, (row) => row.beta);
  const color = input.dimmed ? theme.muted : theme.blue;
  const data = [
    band('±2 errors', rows, interval, theme.innerBand, ({ beta, betaError }) =>
      beta === null || betaError === null ? null : { middle: beta, reach: 2 * betaError },
    ),
    line('β', x, y, color, { hovertemplate: 'β %{y:,.5~g}<extra></extra>' }),
  ];
  const annotations = emptyNote(theme, input.emptyText, y);
  return {
    data,
    layout: timeLayout(
      input,
      { showticklabels: annotations.length === 0, nticks: 4 },
      shading(input.missing, theme.gap),
      { annotations },
    ),
  };
}
