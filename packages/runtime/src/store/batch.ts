import { type Cell, cellsOf, identityOf } from './duckdb-rows.ts';
import type { Change } from './store.ts';
import { type Table, tables } from './tables.ts';

/** Rows of one call, by table and identity: the later of two versions has replaced the earlier. */
export type Batch = Map<Table, Map<string, Cell[]>>;

/** The rows of one call; throws one sentence if a row does not fit its table. */
export function batchOf(changes: readonly Change[]): Batch {
  const batch: Batch = new Map();
  for (const { table: name, rows } of changes) {
    const table = tables[name];
    const kept = batch.get(table) ?? new Map<string, Cell[]>();
    for (const row of rows as readonly object[]) {
      const cells = cellsOf(table, row as Record<string, unknown>);
      kept.set(identityOf(table, cells), cells);
    }
    if (kept.size > 0) batch.set(table, kept);
  }
  return batch;
}

/** How many rows a batch holds. */
export function rowsIn(batch: Batch): number {
  let count = 0;
  for (const rows of batch.values()) count += rows.size;
  return count;
}

/** Several calls as one, in their order: the later of two versions wins. */
export function merged(batches: readonly Batch[]): Batch {
  const all: Batch = new Map();
  for (const batch of batches) {
    for (const [table, rows] of batch) {
      const kept = all.get(table) ?? new Map<string, Cell[]>();
      for (const [identity, cells] of rows) kept.set(identity, cells);
      all.set(table, kept);
    }
  }
  return all;
}

/** The earliest and the latest time of some rows. */
export function timesOf(table: Table, rows: readonly Cell[][]): [bigint, bigint] {
  const index = Object.keys(table.columns).indexOf(table.time);
  let earliest = rows[0]?.[index] as bigint;
  let latest = earliest;
  for (const cells of rows) {
    const time = cells[index] as bigint;
    if (time < earliest) earliest = time;
    if (time > latest) latest = time;
  }
  return [earliest, latest];
}
