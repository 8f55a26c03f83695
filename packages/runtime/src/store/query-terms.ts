import type { Query } from './store.ts';
import type { Table, TableName } from './tables.ts';

/** What a query asks for, checked, and in no dialect. */
export interface Terms {
  readonly equal: readonly { readonly column: string; readonly value: string | number | boolean | null }[];
  readonly from?: number;
  readonly to?: number;
  readonly direction: 'ASC' | 'DESC';
  /** What orders the rows of one time: key columns that the query leaves open. Ids that are numbers order by their value. */
  readonly open: readonly { readonly column: string; readonly numbered: boolean }[];
  readonly limit?: number;
}

/** The terms of a query; throws one sentence if it makes no sense for its table. */
export function termsOf<Name extends TableName>(table: Table, query: Query<Name>): Terms {
  const equal: { column: string; value: string | number | boolean | null }[] = [];
  for (const [column, value] of Object.entries(query.where) as [string, unknown][]) {
    if (value === undefined) continue;
    if (!Object.hasOwn(table.columns, column)) {
      throw new Error(`a query of ${table.name} is refused: it has no column ${JSON.stringify(column)}`);
    }
    equal.push({ column, value: value === null ? null : parameter(table, column, value) });
  }
  const { from, to, limit } = query;
  const fixed = query.where as Readonly<Record<string, unknown>>;
  const open = table.key.filter((column) => column !== table.time && fixed[column] === undefined);
  return {
    equal,
    ...(from === undefined ? {} : { from: whole('from', from) }),
    ...(to === undefined ? {} : { to: whole('to', to) }),
    direction: query.order === 'descending' ? 'DESC' : 'ASC',
    open: open.map((column) => ({ column, numbered: numbered.has(`${table.name}.${column}`) })),
    ...(limit === undefined ? {} : { limit: count('limit', limit) }),
  };
}

/** A name as an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** A number that must be whole, such as a time. */
export function whole(what: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new Error(`a query is refused: ${what} must be a whole number, not ${value}`);
}

/** Key columns that hold a venue's trade ids, which are mostly whole numbers of growing length. */
const numbered = new Set(['ticks.id', 'gaps.fromId']);

function parameter(table: Table, column: string, value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) {
    return table.columns[column] === 'integer' ? whole(column, value) : value;
  }
  throw new Error(`a query of ${table.name} is refused: ${column} cannot equal ${String(value)}`);
}

function count(what: string, value: number): number {
  if (value >= 0) return whole(what, value);
  throw new Error(`a query is refused: ${what} must be 0 or more, not ${value}`);
}
