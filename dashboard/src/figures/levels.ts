import type { Theme } from './figure.ts';

/** A horizontal line across the whole chart. */
export function level(y: number, color: string, dash: string, width = 1): object {
  return {
    type: 'line',
    xref: 'paper',
    x0: 0,
    x1: 1,
    y0: y,
    y1: y,
    line: { color, width, dash },
    layer: 'between',
  };
}

/** Says in the middle of an empty chart why it is empty; nothing where there is something to see. */
export function emptyNote(
  theme: Theme,
  text: string,
  ...columns: readonly (readonly (number | null)[])[]
): object[] {
  if (columns.some((column) => column.some((value) => value !== null))) return [];
  return [
    {
      xref: 'paper',
      yref: 'paper',
      x: 0.5,
      y: 0.5,
      text,
      showarrow: false,
      bgcolor: theme.panel,
      borderpad: 4,
      font: { size: 12, color: theme.muted },
    },
  ];
}

/** The name of a level, at its right end. */
export function levelName(y: number, text: string, color: string): object {
  return {
    xref: 'paper',
    x: 1,
    xanchor: 'left',
    xshift: 4,
    y,
    yanchor: 'middle',
    text,
    showarrow: false,
    font: { size: 10, color },
  };
}
