import { parseInstrument } from '@tandem/common';
import type { Store } from '@tandem/runtime';
import type { AnalyticsCore, Leg } from './core/analytics-core.ts';
import type { RowKeeper } from './row-keeper.ts';

/** Bars read from the store at a time. */
const chunk = 20_000;

/**
 * Reads what lies upstream of our own last output: the newest bars of every leg as far back as they are kept, and
 * the newest stored row of every study. The bars mark all rows that they reach, so that whatever was amended while
 * we were away is found by comparing.
 */
export async function catchUp(store: Store, core: AnalyticsCore, keeper: RowKeeper): Promise<void> {
  await store.settled('bars');
  await store.settled('analytics');
  for (const { study } of core.studies) {
    const where = { dataset: core.dataset, study: study.id };
    const [newest] = await store.query('analytics', { where, order: 'descending', limit: 1 });
    if (newest !== undefined) keeper.newest.set(study.id, newest);
  }
  for (const leg of core.legs) await load(store, core, leg);
}

async function load(store: Store, core: AnalyticsCore, leg: Leg): Promise<void> {
  const instrument = parseInstrument(leg.instrument);
  if (instrument === undefined) return;
  const where = { dataset: core.dataset, ...instrument, interval: leg.interval };
  const [first] = await store.query('bars', { where, order: 'ascending', limit: 1 });
  const [newest] = await store.query('bars', { where, order: 'descending', limit: 1 });
  if (first === undefined || newest === undefined) return;
  const { step, capacity } = leg.history;
  leg.history.knownSince(first.time);
  const span = chunk * step;
  let from = Math.max(first.time, newest.time - (capacity - 1) * step);
  for (; from <= newest.time; from += span) {
    for (const bar of await store.query('bars', { where, from, to: from + span })) core.apply(bar);
  }
}
