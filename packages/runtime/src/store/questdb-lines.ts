import type { Cell } from './duckdb-rows.ts';
import type { Table } from './tables.ts';

/**
 * Rows in QuestDB's line protocol, for a table of this name on the server; what is null is left out.
 *
 * The client's own buffer writes each letter of each name by itself: that took most of a writer's time.
 */
export function linesOf(table: Table, name: string, rows: readonly (readonly Cell[])[]): string {
  const columns = Object.entries(table.columns).map(([column, type], index) => ({ column, type, index }));
  const time = columns.findIndex(({ column }) => column === table.time);
  const fields = columns.filter(({ index }) => index !== time);
  let lines = '';
  for (const cells of rows) {
    let separator = ' ';
    lines += name;
    for (const { column, type, index } of fields) {
      const cell = cells[index];
      if (cell === null || cell === undefined) continue;
      lines += `${separator}${column}=${type === 'integer' ? `${cell}i` : value(cell)}`;
      separator = ',';
    }
    // Microseconds: nanoseconds would end in the year 2262.
    lines += ` ${cells[time]}000t\n`;
  }
  return lines;
}

const special = /["\\\n\r]/;

function value(cell: string | number | bigint | boolean): string {
  if (typeof cell === 'string') return `"${special.test(cell) ? cell.replace(/["\\\n\r]/g, '\\$&') : cell}"`;
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  return Object.is(cell, -0) ? '-0' : String(cell);
}
