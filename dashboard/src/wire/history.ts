import { Alert } from '@tandem/common';
import { z } from 'zod';
import {
  beforeOf,
  type HistoryFilters,
  historyPage,
  historyQuery,
  mergeHistory,
  noFilters,
} from '../state/alert-history.ts';
import { alertLimit } from '../state/model.ts';
import { ask, faultSentence } from './rest.ts';

/** What has failed is asked for again after this time, ms. */
const patience = 5_000;
const Page = z.object({ rows: z.array(Alert), more: z.boolean() });

/** Stored alerts, page by page back in time. */
export interface History {
  readonly rows: readonly Alert[];
  readonly filters: HistoryFilters;
  /** Whether older ones are stored. */
  readonly more: boolean;
  readonly asking: boolean;
  /** Whether the newest of them are known. */
  readonly loaded: boolean;
  readonly fault: string | undefined;
  filter(filters: HistoryFilters): void;
  older(): void;
  /** Called each second: what failed is asked for again. */
  tick(): void;
  /** Takes note of the newest alerts: of so many that some may lie between them and these, all are read anew. */
  join(newest: readonly Alert[]): void;
}

export function alertHistory(changed: () => void): History {
  let rows: Alert[] = [];
  let filters = noFilters;
  let before: number | undefined;
  let more = false;
  let asking = 0;
  let asked = Number.NEGATIVE_INFINITY;
  let loaded = false;
  /** The newest alert that was known when the newest were asked for. */
  let joined: number | undefined;
  let fault: string | undefined;
  /** Counts the filters: an answer to those before is of no use. */
  let turn = 0;

  async function read(): Promise<void> {
    const mine = turn;
    asking++;
    asked = performance.now();
    changed();
    try {
      const page = await ask(`/alerts?${historyQuery(filters, before)}&limit=${historyPage}`, Page);
      if (mine !== turn) return;
      rows = mergeHistory(rows, page.rows);
      more = page.more;
      before = beforeOf(page.rows) ?? before;
      loaded = true;
      fault = undefined;
    } catch (reason) {
      if (mine === turn) fault = faultSentence(reason);
    } finally {
      asking--;
      changed();
    }
  }

  function filter(next: HistoryFilters): void {
    turn++;
    filters = next;
    rows = [];
    before = undefined;
    more = false;
    loaded = false;
    fault = undefined;
    joined = undefined;
    void read();
  }

  return {
    get rows() {
      return rows;
    },
    get filters() {
      return filters;
    },
    get more() {
      return more;
    },
    get asking() {
      return asking > 0;
    },
    get fault() {
      return fault;
    },
    get loaded() {
      return loaded;
    },
    filter,
    older: () => void read(),
    tick() {
      if (fault !== undefined && asking === 0 && performance.now() - asked >= patience) void read();
    },
    join(newest) {
      if (joined === undefined) joined = newest[0]?.time ?? Number.NEGATIVE_INFINITY;
      else if (newest.length >= alertLimit && newest.at(-1)!.time > joined) filter(filters);
    },
  };
}
