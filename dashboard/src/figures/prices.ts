import type { Bar } from '@tandem/common';
import { broken, shading } from './breaks.ts';
import { type Figure, type Frame, line, provisional, timeLayout, valueAxis } from './figure.ts';
import { emptyNote } from './levels.ts';

export interface PricesInput extends Frame {
  readonly y: readonly Bar[];
  readonly x: readonly Bar[];
  readonly yForming: Bar | undefined;
  readonly xForming: Bar | undefined;
  readonly yName: string;
  readonly xName: string;
  readonly missing: readonly (readonly [number, number])[];
}

/** Closes of both legs, each on its own axis: y left in blue, x right in orange. */
export function pricesFigure(input: PricesInput): Figure {
  const { theme, dimmed } = input;
  const blue = dimmed ? theme.muted : theme.blue;
  const orange = dimmed ? theme.muted : theme.orange;
  const data = [
    ...leg(input.y, input.yForming, input, input.yName, blue, {}),
    ...leg(input.x, input.xForming, input, input.xName, orange, { yaxis: 'y2' }),
  ];
  const empty = emptyNote(theme, input.emptyText, closesOf(input.y), closesOf(input.x));
  // Axes of an empty chart would show prices that nobody paid.
  const showticklabels = empty.length === 0;
  const right = {
    showticklabels,
    ...valueAxis(theme),
    overlaying: 'y',
    side: 'right',
    showgrid: false,
    tickfont: { color: orange },
  };
  return {
    data,
    layout: timeLayout(
      input,
      { tickfont: { color: blue }, showticklabels },
      shading(input.missing, theme.gap),
      {
        annotations: empty,
        yaxis2: right,
      },
    ),
  };
}

const closesOf = (bars: readonly Bar[]) => bars.map((bar) => bar.close);

function leg(
  bars: readonly Bar[],
  forming: Bar | undefined,
  frame: Frame,
  name: string,
  color: string,
  axis: object,
): object[] {
  const close = (bar: Bar) => (bar.gap ? null : bar.close);
  const { x, y } = broken(bars, frame.interval, close);
  const last = bars.at(-1);
  const from =
    last === undefined || close(last) === null ? undefined : { time: last.time, value: last.close! };
  const near = last === undefined || (forming !== undefined && forming.time > last.time);
  const to =
    near && forming !== undefined && forming.close !== null
      ? { time: forming.time, value: forming.close }
      : undefined;
  const bridge =
    from !== undefined && to !== undefined && to.time - from.time <= frame.interval ? from : undefined;
  // Without its colour the second leg is told by its dashes.
  const style = frame.dimmed && 'yaxis' in axis ? { line: { color, width: 1.6, dash: 'dash' } } : {};
  return [
    line(name, x, y, color, {
      ...axis,
      ...style,
      hovertemplate: `${name} %{y:,.6~g}<extra></extra>`,
    }),
    ...provisional(name, bridge, to, color, frame.theme.panel, { ...axis, hoverinfo: 'skip' }),
  ];
}
