import { type Alert, type Bar, intervalMs, type LiveStudy, type Study } from '@tandem/common';
import { betaFigure } from '../figures/beta.ts';
import { missingSpans } from '../figures/breaks.ts';
import { correlationFigure } from '../figures/correlation.ts';
import { darkTheme, type Figure, lightTheme } from '../figures/figure.ts';
import { pricesFigure } from '../figures/prices.ts';
import { spreadFigure } from '../figures/spread.ts';
import { zFigure } from '../figures/z-score.ts';
import type { Detail } from '../state/model.ts';
import type { Tile } from '../state/tile.ts';
import { captionsOf } from '../words/captions.ts';
import { assetName } from '../words/legs.ts';
import { byId, setText } from './element.ts';
import { plot } from './plot.ts';

export interface ChartsInput {
  readonly study: Study;
  readonly detail: Detail;
  readonly live: LiveStudy | undefined;
  readonly yForming: Bar | undefined;
  readonly xForming: Bar | undefined;
  readonly alerts: readonly Alert[];
  /** Id of the one that is looked at. */
  readonly alert: string | undefined;
  readonly tile: Tile;
  readonly range: [number, number] | undefined;
}

export interface ChartActions {
  /** To the range that the trader drags, or undefined for everything. */
  zoom(range: [number, number] | undefined): void;
  pickAlert(id: string): void;
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Draws the charts of a study over one axis of time, and the line of text under each. */
export function showCharts(input: ChartsInput, actions: ChartActions): void {
  const { study, detail, live, tile } = input;
  const interval = intervalMs[study.interval];
  const usable = tile.kind !== 'stale' && tile.kind !== 'off';
  const frame = {
    theme: dark.matches ? darkTheme : lightTheme,
    interval,
    range: input.range ?? wholeRange(detail, interval),
    dimmed: !usable,
    emptyText: detail.loaded ? tile.text : 'reading history …',
  };
  const { rows } = detail;
  const legs = [...detail.y, ...detail.x].map((bar) => ({
    time: bar.time,
    missing: bar.gap || bar.close === null,
  }));
  legs.sort((a, b) => a.time - b.time);
  const missing = missingSpans(legs, detail.gaps, interval);
  const shared = { ...frame, rows, live: usable ? live : undefined, missing };
  const figures: Record<string, Figure> = {
    prices: pricesFigure({
      ...frame,
      y: detail.y,
      x: detail.x,
      yForming: usable ? input.yForming : undefined,
      xForming: usable ? input.xForming : undefined,
      yName: assetName(study.y),
      xName: assetName(study.x),
      missing,
    }),
    spread: spreadFigure(shared),
    z: zFigure({ ...shared, thresholds: study.thresholds, alerts: input.alerts, chosen: input.alert }),
    correlation: correlationFigure({ ...shared, least: study.correlation }),
    beta: betaFigure(shared),
  };
  for (const [name, figure] of Object.entries(figures)) plot(byId(`chart-${name}`), figure, actions);
  const captions = captionsOf(study, detail, tile, missing.length);
  for (const [name, text] of Object.entries(captions)) setText(byId(`caption-${name}`), text);
}

/** All charts span the same time, whatever each of them has. */
function wholeRange(detail: Detail, interval: number): [number, number] | undefined {
  const times = [detail.rows, detail.y, detail.x].flatMap((rows) =>
    rows.length === 0 ? [] : [rows[0]!.time, rows.at(-1)!.time],
  );
  if (times.length === 0) return undefined;
  const from = Math.min(...times);
  const to = Math.max(...times);
  return [from, to + Math.max(2 * interval, (to - from) * 0.02)];
}
