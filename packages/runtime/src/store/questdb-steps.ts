import { type Cell, cellsOf, identityOf } from './duckdb-rows.ts';
import { latestTime } from './questdb-sql.ts';
import type { Change } from './store.ts';
import { type Table, tables } from './tables.ts';

/** Rows of one table by identity, written in one request: the later of two versions has replaced the earlier. */
export interface Step {
  readonly table: Table;
  readonly rows: ReadonlyMap<string, readonly Cell[]>;
}

/** The rows of one call, table after table in the order given; throws one sentence if a row does not fit its table. */
export function stepsOf(changes: readonly Change[]): Step[] {
  const steps: { table: Table; rows: Map<string, Cell[]> }[] = [];
  for (const { table: name, rows } of changes) {
    if (rows.length === 0) continue;
    const table = tables[name];
    let step = steps.at(-1);
    if (step?.table !== table) {
      step = { table, rows: new Map() };
      steps.push(step);
    }
    for (const row of rows as readonly object[]) {
      const cells = storable(table, cellsOf(table, row as Record<string, unknown>));
      step.rows.set(identityOf(table, cells), cells);
    }
  }
  return steps;
}

/**
 * Several calls as few requests. What a call writes after something else is still written after it: a call
 * joins those before it only where its tables follow one another as theirs do.
 */
export function joined(calls: readonly (readonly Step[])[]): Step[] {
  const done: Step[] = [];
  let group: { table: Table; rows: Map<string, readonly Cell[]> }[] = [];
  for (const call of calls) {
    if (!follows(call, group)) {
      done.push(...group);
      group = call.map(({ table, rows }) => ({ table, rows: new Map(rows) }));
      continue;
    }
    for (const { table, rows } of call) {
      const target = group.find((step) => step.table === table)?.rows;
      for (const [identity, cells] of rows) target?.set(identity, cells);
    }
  }
  return [...done, ...group];
}

/** How many rows a call has. */
export function rowsIn(steps: readonly Step[]): number {
  return steps.reduce((sum, { rows }) => sum + rows.size, 0);
}

/** Whether the tables of `call` stand in `group` in the same order, each once. */
function follows(call: readonly Step[], group: readonly { table: Table }[]): boolean {
  if (new Set(group.map((step) => step.table)).size < group.length) return false;
  let last = -1;
  for (const { table } of call) {
    const place = group.findIndex((step) => step.table === table);
    if (place <= last) return false;
    last = place;
  }
  return true;
}

/** Refuses in one sentence what DuckDB can keep and QuestDB cannot. */
function storable(table: Table, cells: Cell[]): Cell[] {
  for (const [index, [column, type]] of Object.entries(table.columns).entries()) {
    const cell = cells[index];
    if (type === 'boolean' && cell === null) {
      throw new Error(`a row of ${table.name} is refused: ${column} must be true or false, not null`);
    }
    if (column === table.time && ((cell as bigint) < 0n || (cell as bigint) > BigInt(latestTime))) {
      throw new Error(
        `a row of ${table.name} is refused: ${column} must be a time from 1970 to 9999, not ${cell}`,
      );
    }
  }
  return cells;
}
