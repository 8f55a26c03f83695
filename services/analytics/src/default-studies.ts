import {
  defaultCosts,
  defaultThresholds,
  defaultWindows,
  type Instrument,
  type Interval,
  parseInstrument,
  type Study,
} from '@tandem/common';

/** Quote assets that may be left out of an id where both legs share them; longest first. */
const quotes = ['FDUSD', 'USDT', 'USDC', 'USD'];

/** A study per pair and interval with the default thresholds; ids like `btc-eth-1m`, with the tags of the pair. Intervals without a window get 240. */
export function defaultStudies(
  pairs: readonly { y: Instrument; x: Instrument; tags?: readonly string[] }[],
  intervals: readonly Interval[],
  windows: Partial<Record<Interval, number>> = defaultWindows,
  hedge: Pick<Study, 'method' | 'scale'> = { method: 'ols', scale: 'price' },
): Study[] {
  return pairs.flatMap(({ y, x, tags = [] }) =>
    intervals.map((interval) => ({
      id: `${pairName(y, x)}-${interval}`,
      y,
      x,
      interval,
      window: windows[interval] ?? 240,
      ...hedge,
      thresholds: { ...defaultThresholds },
      costs: { ...defaultCosts },
      correlation: 0.5,
      ...(tags.length > 0 ? { tags: [...tags] } : {}),
    })),
  );
}

function pairName(y: Instrument, x: Instrument): string {
  const [left, right] = [symbolOf(y), symbolOf(x)];
  const quote = quotes.find(
    (q) => left.endsWith(q) && right.endsWith(q) && left.length > q.length && right.length > q.length,
  );
  const cut = (symbol: string) =>
    (quote === undefined ? symbol : symbol.slice(0, -quote.length))
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  return `${cut(left)}-${cut(right)}`.replace(/^-/, '');
}

function symbolOf(instrument: Instrument): string {
  return parseInstrument(instrument)?.symbol ?? instrument;
}
