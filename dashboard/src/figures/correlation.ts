import { broken, shading } from './breaks.ts';
import { type Figure, line, timeLayout } from './figure.ts';
import { emptyNote, level, levelName } from './levels.ts';
import type { StudyInput } from './spread.ts';

export interface CorrelationInput extends StudyInput {
  /** Below it the study is not worth acting on. */
  readonly least: number;
}

/** Correlation of returns, on which rules stand, and of prices, which misleads more easily. */
export function correlationFigure(input: CorrelationInput): Figure {
  const { theme, rows, interval, least } = input;
  const returns = broken(rows, interval, (row) => row.returnCorrelation);
  const prices = broken(rows, interval, (row) => row.priceCorrelation);
  const color = input.dimmed ? theme.muted : theme.blue;
  const known = [...returns.y, ...prices.y].filter((value) => value !== null);
  // Correlations live between −1 and 1; the negative half is shown only where it is needed.
  const bottom = Math.min(least, 0, ...known) < 0 ? -1.05 : -0.05;
  return {
    data: [
      line('of prices', prices.x, prices.y, theme.muted, {
        line: { color: theme.muted, width: 1.2, dash: 'dash' },
        hovertemplate: 'of prices %{y:.2f}<extra></extra>',
      }),
      line('of returns', returns.x, returns.y, color, {
        hovertemplate: 'of returns %{y:.2f}<extra></extra>',
      }),
    ],
    layout: timeLayout(
      input,
      { range: [bottom, 1.05], showgrid: false },
      [...shading(input.missing, theme.gap), level(least, theme.muted, 'dash')],
      {
        annotations: [
          levelName(least, 'least', theme.muted),
          ...emptyNote(theme, input.emptyText, returns.y, prices.y),
        ],
      },
    ),
  };
}
