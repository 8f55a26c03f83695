import { type Bar, baseInterval, type Gap, type Interval, intervalMs, type Tick } from '@tandem/common';
import type { Store, TickRow } from '@tandem/runtime';
import type { Identity } from './core/base-bar.ts';
import { closedUntilOf, type StoredRows } from './core/recover.ts';

/** What the resampler reads back of one instrument. */
export interface StoredInstrument {
  /** Bars with open times in `from`..`to` (exclusive), in order. */
  bars(interval: Interval, from: number, to: number): Promise<Bar[]>;
  ticks(from: number, to?: number): Promise<Tick[]>;
  firstBar(interval: Interval): Promise<Bar | undefined>;
  lastBar(interval: Interval): Promise<Bar | undefined>;
  /** Trades with the newest times. */
  newestTicks(limit: number): Promise<Tick[]>;
  gaps(): Promise<Gap[]>;
}

function withoutInstrument(row: TickRow): Tick {
  const { id, time, price, quantity, side, count, received } = row;
  return { id, time, price, quantity, side, count, received };
}

/** The rows of one instrument in the store. */
export function storedInstrument(store: Store, identity: Identity): StoredInstrument {
  const { dataset, venue, symbol } = identity;
  const where = { dataset, venue, symbol };
  return {
    bars: (interval, from, to) => store.query('bars', { where: { ...where, interval }, from, to }),
    async ticks(from, to) {
      const rows = await store.query('ticks', { where, from, ...(to === undefined ? {} : { to }) });
      return rows.map(withoutInstrument);
    },
    async firstBar(interval) {
      return (await store.query('bars', { where: { ...where, interval, source: 'trades' }, limit: 1 }))[0];
    },
    async lastBar(interval) {
      const query = { where: { ...where, interval }, order: 'descending', limit: 1 } as const;
      return (await store.query('bars', query))[0];
    },
    async newestTicks(limit) {
      const rows = await store.query('ticks', { where, order: 'descending', limit });
      return rows.map(withoutInstrument);
    },
    gaps: () => store.query('gaps', { where }),
  };
}

/** Reads what `recover` needs: only the newest base bars and trades, however long the history is. */
export async function readStoredRows(
  stored: StoredInstrument,
  intervals: readonly Interval[],
  head: number | null,
): Promise<StoredRows> {
  const longest = Math.max(...intervals.map((each) => intervalMs[each]), intervalMs[baseInterval]);
  const [firstBar, lastBar] = [await stored.firstBar(baseInterval), await stored.lastBar(baseInterval)];
  let bars: Bar[] = [];
  if (lastBar !== undefined && firstBar !== undefined) {
    // One more hour: bars at the end that are partial, and so folded again, are no more than that.
    const from = Math.floor(lastBar.time / longest) * longest - longest - intervalMs['1h'];
    bars = await stored.bars(baseInterval, from, lastBar.time + 1);
  }
  const closedUntil = closedUntilOf(bars);
  return {
    firstBar,
    bars,
    ticks: await stored.ticks(closedUntil ?? 0),
    newest: await stored.newestTicks(1_000),
    gaps: await stored.gaps(),
    head,
  };
}
