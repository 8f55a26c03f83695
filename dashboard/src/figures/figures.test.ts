import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alert, bar, liveStudy, minute, origin, row, study } from '../rows.fixture.ts';
import { seriesLimit } from '../state/series.ts';
import { betaFigure } from './beta.ts';
import { broken, missingSpans } from './breaks.ts';
import { correlationFigure } from './correlation.ts';
import { darkTheme, type Figure, lightTheme } from './figure.ts';
import { pricesFigure } from './prices.ts';
import { spreadFigure } from './spread.ts';
import { zFigure } from './z-score.ts';

const frame = {
  theme: lightTheme,
  interval: minute,
  range: undefined,
  dimmed: false,
  emptyText: 'warming 87/120 bars, ~33 s',
};
/** Bars 0, 1, then a hole, then 4 and 5. */
const rows = [row(0), row(1), row(4), row(5)];
const missing: [number, number][] = [[origin + 2 * minute, origin + 4 * minute]];
const live = liveStudy(6, { z: 1.5, spread: 75 });
const shared = { ...frame, rows, live, missing };
const traces = (figure: Figure) =>
  figure.data as {
    name: string;
    x: (number | null)[];
    y: (number | null)[];
    connectgaps?: boolean;
    line: { dash?: string; color: string };
  }[];
const trace = (figure: Figure, name: string) => traces(figure).find((one) => one.name === name)!;
const prices = {
  ...frame,
  y: [bar(0, 60_000), bar(1, 60_010), bar(4, 60_020)],
  x: [bar(0, 2_500), bar(1, null, { gap: true }), bar(2, 2_490)],
  yForming: bar(5, 60_030, { complete: false }),
  xForming: undefined,
  yName: 'BTC',
  xName: 'ETH',
  missing,
};

describe('figures', () => {
  it('are drawn like this', () => {
    expect(pricesFigure(prices)).toMatchSnapshot('prices');
    expect(spreadFigure(shared)).toMatchSnapshot('spread');
    expect(
      zFigure({
        ...shared,
        thresholds: study.thresholds,
        alerts: [alert(1), alert(4, { transition: 'resolved' })],
      }),
    ).toMatchSnapshot('z');
    expect(correlationFigure({ ...shared, least: 0.5 })).toMatchSnapshot('correlation');
    expect(betaFigure(shared)).toMatchSnapshot('beta');
  });

  it('break a line where a bar is missing, and never bridge it', () => {
    const z = trace(zFigure({ ...shared, thresholds: study.thresholds, alerts: [] }), 'z');
    expect(z.y).toEqual([0, 0.2, null, 0.8, 1]);
    expect(z.connectgaps).toBe(false);
    expect(trace(pricesFigure(prices), 'ETH').y).toEqual([2_500, null, 2_490]);
  });

  it('shade what is missing behind every chart', () => {
    const figures = [
      pricesFigure(prices),
      spreadFigure(shared),
      correlationFigure({ ...shared, least: 0.5 }),
      betaFigure(shared),
    ];
    for (const { layout } of figures) {
      expect(layout.shapes).toContainEqual(
        expect.objectContaining({ type: 'rect', x0: missing[0]![0], x1: missing[0]![1], yref: 'paper' }),
      );
    }
  });

  it('draw what is forming dotted, apart from what is confirmed', () => {
    const figure = zFigure({ ...shared, thresholds: study.thresholds, alerts: [] });
    expect(trace(figure, 'z').line.dash).toBeUndefined();
    const forming = trace(figure, 'z (forming)');
    expect([forming.line.dash, forming.x, forming.y]).toEqual([
      'dot',
      [origin + 5 * minute, live.time],
      [1, 1.5],
    ]);
  });

  it('draw no forming value that is older than the last confirmed one', () => {
    const late = { ...shared, live: liveStudy(5, { z: 9 }), thresholds: study.thresholds, alerts: [] };
    expect(traces(zFigure(late)).map((one) => one.name)).toEqual(['z']);
  });

  it('join no forming value to a bar from before a hole', () => {
    const forming = trace(spreadFigure({ ...shared, live: liveStudy(9, { spread: 3 }) }), 'spread (forming)');
    expect(forming.y).toEqual([3]);
  });

  it('have bands around the mean of the spread, which a given hedge ratio leaves far from 0', () => {
    const far = [row(0, { spreadMean: 34_000 }), row(1, { spreadMean: 34_010 })];
    const figure = spreadFigure({ ...shared, rows: far, live: undefined });
    expect(trace(figure, '±2σ').y).toEqual([34_100, 34_110, 33_910, 33_900]);
    expect(trace(figure, 'mean').y).toEqual([34_000, 34_010]);
    expect(figure.layout.annotations).toContainEqual(expect.objectContaining({ text: '+2σ', y: 34_110 }));
  });

  it('show beta within two of its errors, and without a band where the method has no error', () => {
    const known = [row(0), row(1, { betaError: null }), row(2, { beta: 21 })];
    const figure = betaFigure({ ...shared, rows: known, live: undefined });
    expect(trace(figure, 'β').y).toEqual([20, 20, 21]);
    expect(trace(figure, '±2 errors').y).toEqual([21, 19, null, 22, 20]);
    const none = betaFigure({ ...shared, rows: known.map((one) => ({ ...one, betaError: null })) });
    expect(trace(none, '±2 errors').y).toEqual([]);
  });

  it('have bands of one and two deviations in closed outlines that leave the hole free', () => {
    const band = trace(spreadFigure(shared), '±2σ');
    expect(band.y).toEqual([100, 100, -100, -100, null, 100, 100, -100, -100]);
    expect(trace(spreadFigure(shared), '±1σ').y[0]).toBe(50);
  });

  it('mark an alert that fires and one that has ended differently', () => {
    const alerts = [alert(1), alert(4, { transition: 'resolved' }), alert(5, { direction: 'LONG_SPREAD' })];
    const marks = trace(
      zFigure({ ...shared, thresholds: study.thresholds, alerts }),
      'alerts',
    ) as unknown as {
      marker: { symbol: string[]; color: string[] };
    };
    expect(marks.marker.symbol).toEqual(['triangle-down', 'circle-open', 'triangle-up']);
    expect(marks.marker.color).toEqual([lightTheme.orange, lightTheme.orange, lightTheme.blue]);
  });

  it('use no signal colour once the numbers are old', () => {
    const old = { ...shared, dimmed: true };
    const figures = [
      pricesFigure({ ...prices, dimmed: true }),
      spreadFigure(old),
      zFigure({ ...old, thresholds: study.thresholds, alerts: [alert(1)] }),
      correlationFigure({ ...old, least: 0.5 }),
      betaFigure(old),
    ];
    for (const figure of figures) {
      const text = JSON.stringify(figure);
      expect(text).not.toContain(lightTheme.blue);
      expect(text).not.toContain(lightTheme.orange);
    }
  });

  it('say in an empty chart why it is empty', () => {
    const warming = [
      row(0, {
        z: null,
        spread: null,
        spreadDeviation: null,
        beta: null,
        returnCorrelation: null,
        priceCorrelation: null,
      }),
    ];
    for (const figure of [
      spreadFigure({ ...shared, rows: warming, live: undefined }),
      correlationFigure({ ...shared, rows: warming, least: 0.5 }),
      betaFigure({ ...shared, rows: warming }),
    ]) {
      expect(figure.layout.annotations).toContainEqual(expect.objectContaining({ text: frame.emptyText }));
    }
  });

  it('never hold more than 2,000 points in a trace, bands included', () => {
    const many = Array.from({ length: seriesLimit }, (_, index) => row(index));
    const figures = [spreadFigure({ ...shared, rows: many }), betaFigure({ ...shared, rows: many })];
    for (const one of figures.flatMap(traces)) expect(one.x.length).toBeLessThanOrEqual(2_000);
  });

  it('show the negative half of the correlations only where it is needed', () => {
    const yaxis = (low: number) =>
      correlationFigure({ ...shared, rows: [row(0, { returnCorrelation: low })], least: 0.5 }).layout.yaxis;
    expect(yaxis(0.8)).toMatchObject({ range: [-0.05, 1.05] });
    expect(yaxis(-0.3)).toMatchObject({ range: [-1.05, 1.05] });
  });

  it('are legible in both schemes: 4.5 to 1 for text and lines on their panel', () => {
    for (const theme of [lightTheme, darkTheme]) {
      for (const color of [theme.ink, theme.muted, theme.blue, theme.orange]) {
        expect(contrast(color, theme.panel)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

describe('what is missing', () => {
  it('is every hole between bars, every bar in a gap, and the bars that an open gap touches', () => {
    const legs = [0, 1, 4, 5].map((index) => ({ time: origin + index * minute, missing: index === 5 }));
    const gaps = [{ time: origin + 4.2 * minute, toTime: origin + 4.4 * minute, state: 'open' as const }];
    expect(missingSpans(legs, gaps, minute)).toEqual([[origin + 2 * minute, origin + 6 * minute]]);
    expect(missingSpans(legs.slice(0, 2), gaps, minute)).toEqual([]);
  });

  it('is nothing once a gap is repaired', () => {
    const gaps = [{ time: origin, toTime: origin + minute, state: 'repaired' as const }];
    expect(missingSpans([{ time: origin, missing: false }], gaps, minute)).toEqual([]);
  });

  it('puts exactly one null into each hole, whatever the holes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1 }), (indices) => {
        const sorted = [...indices].sort((a, b) => a - b);
        const { x, y } = broken(
          sorted.map((index) => ({ time: index * minute })),
          minute,
          () => 1,
        );
        const holes = sorted.filter((index, at) => at > 0 && index - sorted[at - 1]! > 1).length;
        expect(y.filter((value) => value === null)).toHaveLength(holes);
        expect(x).toEqual([...x].sort((a, b) => a - b));
      }),
    );
  });
});

function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((one, other) => one - other) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
