import { quoted, termsOf, text, whole } from './query-terms.ts';
import type { ExportFormat, Query } from './store.ts';
import type { ColumnType, Table, TableName } from './tables.ts';

/** A statement and the values of its parameters. */
export interface Statement {
  readonly sql: string;
  readonly values: (string | number | boolean | bigint)[];
}

const types: Record<ColumnType, string> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  json: 'VARCHAR',
};

/** Column names and DuckDB types of a table, in order. */
export function columnsOf(table: Table): { name: string; type: string }[] {
  return Object.entries(table.columns).map(([name, type]) => ({ name, type: types[type] }));
}

/** No primary key: its index would live in memory, and grow with the table. Identity is kept by `upsert`. */
export function createTable(table: Table): string {
  return `CREATE TABLE IF NOT EXISTS main.${quoted(table.name)} (${definition(table)})`;
}

/** New columns come behind those that an earlier version of Tandem made: rows are staged by position. */
export function addColumn(table: Table, name: string, type: string): string {
  return `ALTER TABLE main.${quoted(table.name)} ADD COLUMN ${quoted(name)} ${type}`;
}

/** Where the rows of one transaction wait: in memory, of this connection. */
export function createStage(table: Table): string {
  return `CREATE TEMP TABLE ${quoted(stageName(table))} (${definition(table)})`;
}

export function stageName(table: Table): string {
  return `stage_${table.name}`;
}

/** Moves the staged rows into their table in place of their earlier versions. */
export function upsert(table: Table, earliest: bigint, latest: bigint): string[] {
  const stage = `temp.${quoted(stageName(table))}`;
  const target = `main.${quoted(table.name)}`;
  const same = table.key.map((column) => `t.${quoted(column)} = s.${quoted(column)}`).join(' AND ');
  return [
    // The bounds are constants so that only the blocks of that time are looked at.
    `DELETE FROM ${target} AS t USING ${stage} AS s WHERE t."time" BETWEEN ${earliest} AND ${latest} AND ${same}`,
    `INSERT INTO ${target} SELECT * FROM ${stage}`,
    `DELETE FROM ${stage}`,
  ];
}

/** What `query` asks for; whole numbers come as DOUBLE, which JavaScript reads without bigints. */
export function select<Name extends TableName>(table: Table, query: Query<Name>): Statement {
  const columns = Object.entries(table.columns).map(([name, type]) =>
    type === 'integer' ? `t.${quoted(name)}::DOUBLE` : `t.${quoted(name)}`,
  );
  const { clauses, values } = conditions(table, query);
  return { sql: `SELECT ${columns.join(', ')} FROM main.${quoted(table.name)} AS t${clauses}`, values };
}

/** Writes what `query` asks for into `file`. */
export function copy<Name extends TableName>(
  table: Table,
  query: Query<Name>,
  format: ExportFormat,
  file: string,
): Statement {
  const columns = Object.entries(table.columns).map(([name, type]) =>
    type === 'json' && format === 'ndjson'
      ? `t.${quoted(name)}::JSON AS ${quoted(name)}`
      : `t.${quoted(name)}`,
  );
  const options = { csv: 'FORMAT csv, HEADER', ndjson: 'FORMAT json', parquet: 'FORMAT parquet' }[format];
  const { clauses, values } = conditions(table, query);
  return {
    sql: `COPY (SELECT ${columns.join(', ')} FROM main.${quoted(table.name)} AS t${clauses}) TO ${text(file)} (${options})`,
    values,
  };
}

/** The time of a table's newest row, or NULL. */
export function newestTime(table: Table): string {
  return `SELECT max("time") FROM main.${quoted(table.name)}`;
}

export function expire(table: Table, before: number): string {
  return `DELETE FROM main.${quoted(table.name)} WHERE "time" < ${whole('before', before)}`;
}

function definition(table: Table): string {
  return columnsOf(table)
    .map(({ name, type }) => `${quoted(name)} ${type}${table.key.includes(name) ? ' NOT NULL' : ''}`)
    .join(', ');
}

function conditions<Name extends TableName>(table: Table, query: Query<Name>) {
  const { equal, from, to, direction, open, limit } = termsOf(table, query);
  const values: Statement['values'] = [];
  const terms = equal.map(({ column, value }) => {
    if (value === null) return `t.${quoted(column)} IS NULL`;
    values.push(table.columns[column] === 'integer' && typeof value === 'number' ? BigInt(value) : value);
    return `t.${quoted(column)} = $${values.length}`;
  });
  if (from !== undefined) terms.push(`t."time" >= ${from}`);
  if (to !== undefined) terms.push(`t."time" < ${to}`);
  const filter = terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '';
  const order = [
    `t."time" ${direction}`,
    ...open.flatMap(({ column, numbered }) => [
      ...(numbered ? [`length(t.${quoted(column)}) ${direction}`] : []),
      `t.${quoted(column)} ${direction}`,
    ]),
  ];
  const most = limit === undefined ? '' : ` LIMIT ${limit}`;
  return { clauses: `${filter} ORDER BY ${order.join(', ')}${most}`, values };
}
