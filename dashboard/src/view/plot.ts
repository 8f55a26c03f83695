import type { Figure } from '../figures/figure.ts';

/** The part of Plotly that the page uses; its script is loaded from our own origin beside this one. */
interface Plotly {
  react(node: HTMLElement, data: readonly object[], layout: object, config: object): Promise<unknown>;
  Plots: { resize(node: HTMLElement): void };
}

interface PlotElement extends HTMLElement {
  on?(event: string, handler: (change: Record<string, unknown>) => void): void;
}

const config = {
  displayModeBar: false,
  responsive: false,
  showTips: false,
  doubleClick: false,
  scrollZoom: false,
};

/** Plotly, once its script has run. */
export function plotly(): Plotly | undefined {
  return (globalThis as { Plotly?: Plotly }).Plotly;
}

/** Draws a figure in place. Marks whose `customdata` is the id of an alert can be picked. */
export function plot(
  node: PlotElement,
  figure: Figure,
  { zoom, pickAlert }: { zoom(range: [number, number] | undefined): void; pickAlert(id: string): void },
): void {
  const library = plotly();
  if (library === undefined) return;
  const first = node.on === undefined;
  library
    .react(
      node,
      figure.data,
      { ...figure.layout, width: node.clientWidth, height: node.clientHeight },
      config,
    )
    .catch((fault: unknown) => node.setAttribute('data-fault', String(fault)));
  if (!first) return;
  node.on?.('plotly_relayout', (change) => {
    const from = change['xaxis.range[0]'];
    const to = change['xaxis.range[1]'];
    if (typeof from === 'string' && typeof to === 'string') zoom([utc(from), utc(to)]);
  });
  node.on?.('plotly_doubleclick', () => zoom(undefined));
  node.on?.('plotly_click', ({ points }) => {
    const [picked] = (points as { customdata?: unknown }[]).filter(
      ({ customdata }) => typeof customdata === 'string',
    );
    if (picked !== undefined) pickAlert(picked.customdata as string);
  });
}

/** Plotly writes dates as UTC without saying so. */
function utc(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}
