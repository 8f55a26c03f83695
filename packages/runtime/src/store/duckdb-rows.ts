import type { ColumnType, Table } from './tables.ts';

/** A value as DuckDB's vectors take it. */
export type Cell = string | number | bigint | boolean | null;

const kinds: Record<ColumnType, string> = {
  text: 'a text',
  integer: 'a whole number',
  number: 'a finite number',
  boolean: 'true or false',
  json: 'a JSON value',
};

/** One row as cells in the order of the table's columns; throws one sentence if a value does not fit its column. */
export function cellsOf(table: Table, row: Readonly<Record<string, unknown>>): Cell[] {
  return Object.entries(table.columns).map(([column, type]) => {
    const value = row[column];
    if (value === null && !table.key.includes(column)) return null;
    const cell = cellOf(type, value);
    if (cell === undefined) {
      throw new Error(
        `a row of ${table.name} is refused: ${column} must be ${kinds[type]}${table.key.includes(column) ? '' : ' or null'}, not ${shown(value)}`,
      );
    }
    return cell;
  });
}

/** What tells a row from every other: two rows with the same key are versions of one. */
export function identityOf(table: Table, cells: readonly Cell[]): string {
  let identity = '';
  let index = 0;
  // No text holds a NUL (see `cellOf`), so it parts them for certain.
  for (const column in table.columns) {
    if (table.key.includes(column)) identity += `${cells[index]}\0`;
    index += 1;
  }
  return identity;
}

/** A stored cell as the row had it. */
export function fromCell(type: ColumnType, cell: unknown): unknown {
  return type === 'json' && typeof cell === 'string' ? JSON.parse(cell) : cell;
}

const loneSurrogate = /\p{Surrogate}/u;

function cellOf(type: ColumnType, value: unknown): Cell | undefined {
  switch (type) {
    case 'text':
      // Neither survives the way into the database and back unchanged.
      return typeof value === 'string' && !value.includes('\0') && !loneSurrogate.test(value)
        ? value
        : undefined;
    case 'integer':
      return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    case 'number':
      return Number.isFinite(value) ? (value as number) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'json':
      return JSON.stringify(value);
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value).slice(0, 100) : String(value).slice(0, 100);
}
