/** A Plotly figure as plain JSON: nothing here knows the library. */
export interface Figure {
  readonly data: readonly object[];
  readonly layout: Readonly<Record<string, unknown>>;
}

/** Colours of one scheme. Blue is y and the long side, orange is x and the short side. */
export interface Theme {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly blue: string;
  readonly orange: string;
  readonly band: string;
  readonly innerBand: string;
  readonly gap: string;
  readonly panel: string;
}

export const lightTheme: Theme = {
  ink: '#17202b',
  muted: '#566270',
  grid: '#e7eaee',
  blue: '#1c5fc0',
  orange: '#b04a00',
  band: 'rgba(28, 95, 192, 0.07)',
  innerBand: 'rgba(28, 95, 192, 0.11)',
  gap: 'rgba(86, 98, 112, 0.16)',
  panel: '#ffffff',
};

export const darkTheme: Theme = {
  ink: '#e4eaf1',
  muted: '#9aa8b7',
  grid: '#25303c',
  blue: '#74b3ff',
  orange: '#ffad5c',
  band: 'rgba(116, 179, 255, 0.08)',
  innerBand: 'rgba(116, 179, 255, 0.12)',
  gap: 'rgba(154, 168, 183, 0.17)',
  panel: '#151c25',
};

/** What every chart of a study shares. */
export interface Frame {
  readonly theme: Theme;
  /** Of the study's bars, ms. */
  readonly interval: number;
  /** Shared by all charts; undefined shows everything. */
  readonly range: readonly [number, number] | undefined;
  /** Numbers are frozen or old: everything is drawn in grey. */
  readonly dimmed: boolean;
  /** What stands in a chart that has nothing to show yet. */
  readonly emptyText: string;
}

const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Left and right of every plot, px: all charts have their times at the same places. */
export const sideMargin = 58;

/** Axes, margins and fonts of a chart over time. */
export function timeLayout(
  frame: Frame,
  yaxis: object,
  shapes: readonly object[],
  rest: object = {},
): Figure['layout'] {
  const { theme } = frame;
  return {
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: fontFamily, size: 11, color: theme.muted },
    margin: { l: sideMargin, r: sideMargin, t: 6, b: 34 },
    showlegend: false,
    hovermode: 'x',
    hoverlabel: {
      font: { family: fontFamily, size: 11, color: theme.ink },
      bgcolor: theme.panel,
      bordercolor: theme.muted,
    },
    dragmode: 'zoom',
    uirevision: 'range',
    xaxis: {
      type: 'date',
      tickformatstops: [
        { dtickrange: [null, 59_999], value: '%H:%M:%S\n%b %-d UTC' },
        { dtickrange: [60_000, 86_399_999], value: '%H:%M\n%b %-d UTC' },
        { dtickrange: [86_400_000, null], value: '%b %-d\n%Y' },
      ],
      hoverformat: '%H:%M:%S UTC',
      gridcolor: theme.grid,
      linecolor: theme.grid,
      zeroline: false,
      fixedrange: false,
      ...(frame.range === undefined
        ? { autorange: true, showticklabels: false }
        : { range: [...frame.range], autorange: false, ...wholeSeconds(frame.range) }),
    },
    yaxis: { ...valueAxis(theme), ...yaxis },
    shapes,
    ...rest,
  };
}

/** A short range would have two ticks within one second, with the same label. */
function wholeSeconds([from, to]: readonly [number, number]): object {
  return to - from < 10_000 ? { dtick: 1_000 } : {};
}

/** An axis of values: quiet grid, no zero line of its own, room for the numbers. */
export function valueAxis(theme: Theme): object {
  return { gridcolor: theme.grid, linecolor: theme.grid, zeroline: false, fixedrange: true, nticks: 5 };
}

/** A confirmed line: solid, broken where a value is null. */
export function line(
  name: string,
  x: readonly number[],
  y: readonly (number | null)[],
  color: string,
  rest: object = {},
): object {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y,
    connectgaps: false,
    line: { color, width: 1.6 },
    ...rest,
  };
}

/** From the last confirmed point to a provisional one: dotted, with a hollow end, so that nobody takes it for confirmed. */
export function provisional(
  name: string,
  from: { time: number; value: number } | undefined,
  to: { time: number; value: number } | undefined,
  color: string,
  panel: string,
  rest: object = {},
): object[] {
  if (to === undefined) return [];
  const points = from === undefined || from.time >= to.time ? [to] : [from, to];
  return [
    {
      type: 'scatter',
      mode: 'lines+markers',
      name: `${name} (forming)`,
      x: points.map((point) => point.time),
      y: points.map((point) => point.value),
      line: { color, width: 1.4, dash: 'dot' },
      marker: {
        size: points.map((_, index) => (index === points.length - 1 ? 7 : 0)),
        color: panel,
        line: { color, width: 1.6 },
      },
      ...rest,
    },
  ];
}
