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
import { ask, faultSentence } from './rest.ts';

const Page = z.object({ rows: z.array(Alert), more: z.boolean() });

/** Stored alerts, page by page back in time. */
export interface History {
  readonly rows: readonly Alert[];
  readonly filters: HistoryFilters;
  /** Whether older ones are stored. */
  readonly more: boolean;
  readonly asking: boolean;
  readonly fault: string | undefined;
  filter(filters: HistoryFilters): void;
  older(): void;
}

export function alertHistory(changed: () => void): History {
  let rows: Alert[] = [];
  let filters = noFilters;
  let before: number | undefined;
  let more = false;
  let asking = 0;
  let fault: string | undefined;
  /** Counts the filters: an answer to those before is of no use. */
  let turn = 0;

  async function read(): Promise<void> {
    const mine = turn;
    asking++;
    changed();
    try {
      const page = await ask(`/alerts?${historyQuery(filters, before)}&limit=${historyPage}`, Page);
      if (mine !== turn) return;
      rows = mergeHistory(rows, page.rows);
      more = page.more;
      before = beforeOf(page.rows) ?? before;
      fault = undefined;
    } catch (reason) {
      if (mine === turn) fault = faultSentence(reason);
    } finally {
      asking--;
      changed();
    }
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
    filter(next) {
      turn++;
      filters = next;
      rows = [];
      before = undefined;
      more = false;
      void read();
    },
    older: () => void read(),
  };
}
