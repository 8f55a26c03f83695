import { type Bar, type Interval, instrumentOf, subjects, type Venue } from '@tandem/common';
import type { Bus, Settings, Store } from '@tandem/runtime';
import type { InstrumentState } from './core/instrument.ts';
import { recover } from './core/recover.ts';
import { readStoredRows, type StoredInstrument, storedInstrument } from './stored-rows.ts';

/** Where the newest id accounted for is kept, if it left no trade to tell of it. */
const headsBucket = 'resampler-heads';

/** An instrument as it is, and as it is stored. */
export interface Known {
  readonly state: InstrumentState;
  readonly stored: StoredInstrument;
}

/** The instruments that have been seen, each rebuilt from the store at first sight. */
export interface Instruments {
  get(venue: Venue, symbol: string): Promise<Known>;
  /** One that has been seen already. */
  peek(venue: Venue, symbol: string): Known | undefined;
  all(): Known[];
  /** Remembers ids that left no trade; called once their message is durable. */
  keepHead(known: Known): Promise<void>;
  /** Forgets what is not known to be stored: it is read again at next sight. */
  forget(): void;
}

export function instruments(
  { bus, store, settings }: { bus: Bus; store: Store; settings: Settings },
  dataset: string,
  intervals: readonly Interval[],
): Instruments {
  const known = new Map<string, Known>();
  const heads = new Map<string, number>();

  const headOf = async (key: string) => {
    const kept = heads.get(key);
    if (kept !== undefined || !bus.durable) return kept ?? null;
    const value = (await settings.get(headsBucket, key))?.value;
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
  };

  const open = async (venue: Venue, symbol: string): Promise<Known> => {
    const identity = { dataset, venue, symbol };
    const stored = storedInstrument(store, identity);
    for (const table of ['gaps', 'ticks', 'bars'] as const) await store.settled(table);
    const rows = await readStoredRows(stored, intervals, await headOf(keyOf(identity)));
    await publishMissed(bus, stored, intervals, rows.bars.at(-1));
    return { state: recover(identity, intervals, rows), stored };
  };

  return {
    async get(venue, symbol) {
      const name = instrumentOf(venue, symbol);
      const found = known.get(name) ?? (await open(venue, symbol));
      known.set(name, found);
      return found;
    },
    peek: (venue, symbol) => known.get(instrumentOf(venue, symbol)),
    all: () => [...known.values()],
    async keepHead({ state }) {
      if (!state.headUnstored || state.nextId === null) return;
      const key = keyOf(state.identity);
      if (heads.get(key) === state.nextId) return;
      heads.set(key, state.nextId);
      // Elsewhere the ingestor begins again after the newest stored trade.
      if (bus.durable) await settings.put(headsBucket, key, state.nextId);
    },
    forget: () => known.clear(),
  };
}

function keyOf({ dataset, venue, symbol }: { dataset: string; venue: string; symbol: string }): string {
  return `${dataset}.${venue}.${symbol.toLowerCase()}`;
}

/** Publishes bars that were written but not published: a crash came between. To say it twice does no harm. */
async function publishMissed(
  bus: Bus,
  stored: StoredInstrument,
  intervals: readonly Interval[],
  newest: Bar | undefined,
): Promise<void> {
  if (newest === undefined) return;
  for (const interval of intervals) {
    const subject = subjects.bars(interval, newest.venue, newest.symbol);
    const published = (await bus.last(subject))?.data as Bar | undefined;
    if (published === undefined) continue;
    for (const bar of await stored.bars(interval, published.time + 1, newest.time + 1)) {
      await bus.publish(subject, bar);
    }
  }
}
