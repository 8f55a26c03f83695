import { fromCell } from './duckdb-rows.ts';
import type { Cells, QuestdbReader } from './questdb-reader.ts';
import { edge, type Statement, select } from './questdb-sql.ts';
import type { Query } from './store.ts';
import type { Rows, Table, TableName } from './tables.ts';

/** How many rows are in hand at a time while exporting. */
const rowsPerPart = 2_000;
/** How many the server sorts at a time: all rows of a long export are more than its memory holds, or its time. */
const rowsSorted = 100_000;

/** The rows that a query asks for. */
export async function rowsOf<Name extends TableName>(
  reader: QuestdbReader,
  table: Table,
  prefix: string,
  query: Query<Name>,
): Promise<Rows[Name][]> {
  const limited = await bounded(reader, table, prefix, query);
  if (limited === undefined) return [];
  const found = await reader.rows(select(table, prefix, limited));
  return found.map((cells) => rowOf<Rows[Name]>(table, cells));
}

/** The rows that a query asks for, some at a time, however many they are. */
export async function* partsOf<Name extends TableName>(
  reader: QuestdbReader,
  table: Table,
  prefix: string,
  query: Query<Name>,
): AsyncGenerator<Rows[Name][]> {
  for await (const span of spans(reader, table, prefix, query)) {
    for await (const part of reader.parts(select(table, prefix, span), rowsPerPart)) {
      yield part.map((cells) => rowOf<Rows[Name]>(table, cells));
    }
  }
}

/** A query as several, one after another in time, if the server would have to sort what it finds. */
async function* spans<Name extends TableName>(
  reader: QuestdbReader,
  table: Table,
  prefix: string,
  query: Query<Name>,
): AsyncGenerator<Query<Name>> {
  const newest = edge(table, prefix, { ...query, order: 'descending', limit: 1 });
  if (newest === undefined || query.limit !== undefined || query.order === 'descending') {
    const limited = await bounded(reader, table, prefix, query);
    if (limited !== undefined) yield limited;
    return;
  }
  const end = await timeOf(reader, newest);
  if (end === undefined) return;
  // What comes meanwhile is not waited for: there might be no end.
  let rest: Query<Name> = { ...query, to: end + 1 };
  for (;;) {
    const last = await timeOf(reader, edge(table, prefix, { ...rest, limit: rowsSorted }) as Statement);
    if (last === undefined) return;
    yield { ...rest, to: last + 1 };
    rest = { ...rest, from: last + 1 };
  }
}

/** The query with a bound in time that spares the server from sorting what the limit cuts off; undefined if nothing is found. */
async function bounded<Name extends TableName>(
  reader: QuestdbReader,
  table: Table,
  prefix: string,
  query: Query<Name>,
): Promise<Query<Name> | undefined> {
  const statement = edge(table, prefix, query);
  if (query.limit === 0) return undefined;
  if (statement === undefined) return query;
  const time = await timeOf(reader, statement);
  if (time === undefined) return undefined;
  return query.order === 'descending'
    ? { ...query, from: Math.max(time, query.from ?? time) }
    : { ...query, to: Math.min(time + 1, query.to ?? time + 1) };
}

/** The one time that a statement finds, ms. */
async function timeOf(reader: QuestdbReader, statement: Statement): Promise<number | undefined> {
  const micros = (await reader.rows(statement))[0]?.[0];
  return typeof micros === 'number' ? Math.floor(micros / 1_000) : undefined;
}

/** A row as it was written. */
function rowOf<Row>(table: Table, cells: Cells): Row {
  const row: Record<string, unknown> = {};
  let index = 0;
  for (const [name, type] of Object.entries(table.columns)) {
    const cell = cells[index++];
    row[name] = name === table.time ? (cell as number) / 1_000 : fromCell(type, cell);
  }
  return row as Row;
}
