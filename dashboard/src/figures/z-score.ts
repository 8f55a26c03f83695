import type { Alert, Study } from '@tandem/common';
import { broken, shading } from './breaks.ts';
import { type Figure, line, provisional, timeLayout } from './figure.ts';
import { emptyNote, level, levelName } from './levels.ts';
import { formingOf, lastOf, type StudyInput } from './spread.ts';

export interface ZInput extends StudyInput {
  readonly thresholds: Study['thresholds'];
  readonly alerts: readonly Alert[];
  /** Id of the alert that is looked at. */
  readonly chosen?: string | undefined;
}

/** z with the study's entry, exit and stop, and the alerts that fell on it. */
export function zFigure(input: ZInput): Figure {
  const { theme, rows, thresholds } = input;
  const { x, y } = broken(rows, input.interval, (row) => row.z);
  const color = input.dimmed ? theme.muted : theme.ink;
  const short = input.dimmed ? theme.muted : theme.orange;
  const long = input.dimmed ? theme.muted : theme.blue;
  const levels: [number, string, string, string][] = [
    [thresholds.shortEntry, 'sell', short, 'dash'],
    [thresholds.longEntry, 'buy', long, 'dash'],
    [thresholds.exit, 'exit', theme.muted, 'dot'],
    [thresholds.stop, 'stop', theme.muted, 'longdashdot'],
    [-thresholds.stop, 'stop', theme.muted, 'longdashdot'],
  ];
  const data = [
    line('z', x, y, color, { hovertemplate: 'z %{y:.2f}<extra></extra>' }),
    ...provisional('z', lastOf(input, 'z'), formingOf(input, 'z'), color, theme.panel, { hoverinfo: 'skip' }),
    ...markers(input, short, long),
  ];
  const shapes = [
    ...shading(input.missing, theme.gap),
    ...levels.map(([at, , shade, dash]) => level(at, shade, dash)),
  ];
  const annotations = [
    ...levels.map(([at, name, shade]) => levelName(at, name, shade)),
    ...emptyNote(theme, input.emptyText, y),
  ];
  // The levels are the grid: lines of the same height would cover their dashes.
  const reach = Math.max(thresholds.stop, ...y.map((value) => Math.abs(value ?? 0))) * 1.12;
  return {
    data,
    layout: timeLayout(input, { range: [-reach, reach], showgrid: false }, shapes, { annotations }),
  };
}

/** Firing is a filled triangle that points to where the spread is, a square where it has no side; resolved is a hollow circle, inhibited a cross. */
function markers(input: ZInput, short: string, long: string): object[] {
  const from = input.rows[0]?.time ?? Number.POSITIVE_INFINITY;
  const shown = input.alerts.filter((alert) => alert.time >= from).toSorted((a, b) => a.time - b.time);
  if (shown.length === 0) return [];
  const shade = (alert: Alert) =>
    alert.direction === null || alert.transition === 'inhibited'
      ? input.theme.muted
      : alert.direction === 'SHORT_SPREAD'
        ? short
        : long;
  const symbol = (alert: Alert) => {
    if (alert.transition === 'resolved') return 'circle-open';
    if (alert.transition === 'inhibited') return 'x-thin';
    if (alert.direction === null) return 'square';
    return alert.direction === 'SHORT_SPREAD' ? 'triangle-down' : 'triangle-up';
  };
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: 'alerts',
      x: shown.map((alert) => alert.time),
      y: shown.map((alert) => alert.z),
      customdata: shown.map(({ id }) => id),
      text: shown.map((alert) => `${alert.transition}: ${alert.rule}${reasonsOf(alert)}`),
      hovertemplate: '%{text}<extra></extra>',
      marker: {
        size: shown.map(({ id }) => (id === input.chosen ? 18 : 11)),
        symbol: shown.map(symbol),
        color: shown.map(shade),
        line: {
          width: shown.map((alert) => (alert.transition === 'firing' ? 0 : 2)),
          color: shown.map(shade),
        },
      },
    },
  ];
}

/** Why an entry was inhibited. */
function reasonsOf({ transition, inhibited }: Alert): string {
  return transition === 'inhibited' && inhibited !== null ? `, by ${inhibited.join(', ')}` : '';
}
