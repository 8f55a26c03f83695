import { type Bar, type Instrument, type Interval, isUsable, parseInstrument } from '@tandem/common';
import type { Store } from '@tandem/runtime';
import type { LegBars } from './computations/leg-bars.ts';
import type { LegTicks } from './computations/pair-analyses.ts';

/** Rows read at a time: others in the process get their turn between. */
const chunk = 2_000;
/** The most trades of a leg that are looked at. */
const mostTicks = 200_000;

/** What bars to read of a leg: the newest `bars` of them, that open before `to`. */
export interface BarRange {
  readonly dataset: string;
  readonly interval: Interval;
  readonly bars: number;
  readonly to: number | undefined;
}

/** The newest bars of an instrument, ascending. */
export async function readBars(store: Store, instrument: Instrument, range: BarRange): Promise<Bar[]> {
  const name = parseInstrument(instrument);
  if (name === undefined) return [];
  const where = { dataset: range.dataset, ...name, interval: range.interval };
  const found: Bar[] = [];
  let to = range.to;
  while (found.length < range.bars) {
    const page = await store.query('bars', {
      where,
      ...(to === undefined ? {} : { to }),
      order: 'descending',
      limit: Math.min(chunk, range.bars - found.length),
    });
    found.push(...page);
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < chunk) break;
    to = oldest.time;
  }
  return found.reverse();
}

/** Bars in columns. */
export function columnsOf(instrument: Instrument, bars: readonly Bar[]): LegBars {
  const column = (of: (bar: Bar) => number | null) => Float64Array.from(bars, (bar) => of(bar) ?? Number.NaN);
  return {
    instrument,
    times: column(({ time }) => time),
    closes: column((bar) => (isUsable(bar) ? bar.close : null)),
    volumes: column(({ volume }) => volume),
    quoteVolumes: column(({ quoteVolume }) => quoteVolume),
    highs: column((bar) => (isUsable(bar) ? bar.high : null)),
    lows: column((bar) => (isUsable(bar) ? bar.low : null)),
    trades: column(({ trades }) => trades),
  };
}

/** The trades of the last minutes before `to`, or before the newest bar's end. */
export async function readTicks(
  store: Store,
  dataset: string,
  instrument: Instrument,
  from: number,
  to: number,
): Promise<LegTicks> {
  const name = parseInstrument(instrument);
  if (name === undefined) return { times: new Float64Array(0), logs: new Float64Array(0) };
  const rows = await store.query('ticks', {
    where: { dataset, ...name },
    from,
    to,
    order: 'descending',
    limit: mostTicks,
  });
  rows.reverse();
  return {
    times: Float64Array.from(rows, ({ time }) => time),
    logs: Float64Array.from(rows, ({ price }) => Math.log(price)),
  };
}
