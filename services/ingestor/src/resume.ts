import { baseInterval, intervalMs, liveDataset, subjects, TickMessage, type Venue } from '@tandem/common';
import type { Bus, Store } from '@tandem/runtime';
import type { Rest } from './rest.ts';
import type { IdRange } from './sequencer.ts';
import type { Dialect } from './venues/venue.ts';

/** Ids and times are nearly in step: among so many of the newest ticks is the one with the highest id. */
const newestTicks = 2_000;

export interface Resumption {
  next: number;
  /** Exchange time of the newest tick, ms. */
  time: number;
}

/** Where an instrument's feed goes on: after the last message that the bus keeps, else after what the store holds; null on a first start. */
export async function resume(
  bus: Bus,
  store: Store,
  venue: Venue,
  symbol: string,
): Promise<Resumption | null> {
  const last = await bus.last(subjects.ticks(venue, symbol));
  const message = last === undefined ? undefined : TickMessage.parse(last.data);
  const where = { dataset: liveDataset, venue, symbol };
  const rows = await store.query('ticks', { where, order: 'descending', limit: newestTicks });
  const gaps = await store.query('gaps', { where, order: 'descending', limit: newestTicks });
  let next = message?.toId == null ? -1 : Number(message.toId) + 1;
  let time = message?.watermark ?? 0;
  for (const row of rows) {
    next = Math.max(next, Number(row.id) + 1);
    time = Math.max(time, row.time);
  }
  for (const gap of gaps) {
    next = Math.max(next, Number(gap.toId) + 1);
    // Gaps are kept for longer than ticks.
    if (rows.length === 0) time = Math.max(time, gap.toTime);
  }
  return next < 0 ? null : { next, time };
}

/**
 * Where a feed goes on whose trades are no longer kept, though the bars made of them are: at the first trade that the
 * venue lists after the last bar, so that a pause of weeks is a gap like any other. Null if there are no bars, or no
 * trades since.
 */
export async function resumeBehindBars(
  store: Store,
  dialect: Dialect,
  rest: Rest,
  symbol: string,
): Promise<Resumption | null> {
  const where = { dataset: liveDataset, venue: dialect.venue, symbol, interval: baseInterval };
  const [bar] = await store.query('bars', { where, order: 'descending', limit: 1 });
  // The newest prints, where the venue serves no others, may begin long after it.
  if (bar === undefined || dialect.since === undefined || !dialect.pagesFromId) return null;
  const time = bar.time + intervalMs[baseInterval];
  const first = await rest.ask(dialect.since(symbol, time));
  return first === undefined ? null : { next: first.id, time };
}

/** The ids of an instrument that are known to be missing. */
export async function openGaps(store: Store, venue: Venue, symbol: string): Promise<IdRange[]> {
  const rows = await store.query('gaps', { where: { dataset: liveDataset, venue, symbol, state: 'open' } });
  return rows.map((row) => ({ from: Number(row.fromId), to: Number(row.toId) }));
}
