import { quoted, termsOf, text, whole } from './query-terms.ts';
import type { Query } from './store.ts';
import type { ColumnType, Table, TableName } from './tables.ts';

/** A statement and the values of its parameters. */
export interface Statement {
  readonly sql: string;
  readonly values: (string | number | boolean)[];
}

const types: Record<ColumnType, string> = {
  text: 'VARCHAR',
  integer: 'LONG',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  json: 'VARCHAR',
};

/** Texts of few different values: QuestDB keeps them as numbers of a dictionary, and filters by these. */
const symbols = new Set(
  'dataset venue symbol interval side study rule state transition severity direction source endpoint volatilityRegime regime signal'.split(
    ' ',
  ),
);

/** How a table is divided in time: about as much as is read and rewritten at once. */
const partitions: Record<TableName, 'HOUR' | 'DAY' | 'MONTH'> = {
  ticks: 'HOUR',
  bars: 'DAY',
  analytics: 'DAY',
  gaps: 'MONTH',
  alerts: 'MONTH',
  deliveries: 'MONTH',
};

/** The last moment that QuestDB can keep: the end of the year 9999. */
export const latestTime = 253_402_300_799_999;

/** The table's name on the server. */
export function nameOf(table: Table, prefix: string): string {
  return `${prefix}${table.name}`;
}

/** Column names and QuestDB's types, in order. */
export function columnsOf(table: Table): { name: string; type: string }[] {
  return Object.entries(table.columns).map(([name, type]) => ({
    name,
    type: name === table.time ? 'TIMESTAMP' : type === 'text' && symbols.has(name) ? 'SYMBOL' : types[type],
  }));
}

/** What is said of a table's division, order and identity; `tables()` and `table_columns()` are compared with it. */
export function layoutOf(table: Table) {
  return {
    designatedTimestamp: table.time,
    partitionBy: partitions[table.name],
    walEnabled: true,
    dedup: true,
  };
}

/** New columns come behind those that an earlier version of Tandem made. Several processes may add the same one. */
export function addColumn(table: Table, prefix: string, name: string, type: string): string {
  return `ALTER TABLE ${quoted(nameOf(table, prefix))} ADD COLUMN IF NOT EXISTS ${quoted(name)} ${type}`;
}

export function createTable(table: Table, prefix: string): string {
  const columns = columnsOf(table).map(({ name, type }) => `${quoted(name)} ${type}`);
  // The designated timestamp has to be among them.
  const key = table.key.map(quoted);
  return [
    `CREATE TABLE IF NOT EXISTS ${quoted(nameOf(table, prefix))} (${columns.join(', ')})`,
    `TIMESTAMP(${quoted(table.time)}) PARTITION BY ${partitions[table.name]} WAL`,
    `DEDUP UPSERT KEYS(${key.join(', ')})`,
  ].join(' ');
}

/** Lets the server itself drop what is older than some days; 0: nothing. */
export function setTtl(table: Table, prefix: string, days: number): string {
  const ttl = `ALTER TABLE ${quoted(nameOf(table, prefix))} SET TTL`;
  if (days === 0) return `${ttl} 0 HOURS`;
  const unit = partitions[table.name];
  // Not less than a partition, and in months only in whole ones.
  if (unit === 'MONTH') return `${ttl} ${Math.max(1, Math.ceil(days / 28))} MONTHS`;
  return unit === 'HOUR' ? `${ttl} ${Math.ceil(days * 24)} HOURS` : `${ttl} ${Math.ceil(days)} DAYS`;
}

/** What `query` asks for, whole numbers (times in microseconds) as LONG. */
export function select<Name extends TableName>(table: Table, prefix: string, query: Query<Name>): Statement {
  const { filter, values, order, limit } = conditions(table, query);
  // No column takes the name of one that it is made of: QuestDB would order by the made one, and sort all.
  const columns = columnsOf(table).map(({ name, type }, index) =>
    type === 'TIMESTAMP' ? `cast(${quoted(name)} AS LONG) c${index}` : quoted(name),
  );
  const from = `FROM ${quoted(nameOf(table, prefix))}`;
  return { sql: `SELECT ${columns.join(', ')} ${from}${filter} ORDER BY ${order}${limit}`, values };
}

/**
 * The time of the last row that a limited query takes, found by walking along the table's own order. With it,
 * `select` need not sort every row that there is. Undefined where it does not sort.
 */
export function edge<Name extends TableName>(
  table: Table,
  prefix: string,
  query: Query<Name>,
): Statement | undefined {
  const terms = termsOf(table, query);
  if (terms.limit === undefined || terms.open.length === 0) return undefined;
  const { filter, values } = conditions(table, query);
  const last = terms.direction === 'DESC' ? 'min' : 'max';
  const time = quoted(table.time);
  const walk = `SELECT ${time} FROM ${quoted(nameOf(table, prefix))}${filter} ORDER BY ${time} ${terms.direction} LIMIT ${terms.limit}`;
  return { sql: `SELECT cast(${last}(${time}) AS LONG) FROM (${walk})`, values };
}

/** Drops the partitions that end at or before `before` (ms). */
export function dropPartitions(table: Table, prefix: string, before: number): string {
  const moment = new Date(Math.min(Math.max(whole('before', before), 0), latestTime));
  if (partitions[table.name] === 'MONTH') moment.setUTCDate(1);
  if (partitions[table.name] !== 'HOUR') moment.setUTCHours(0);
  moment.setUTCMinutes(0, 0, 0);
  return `ALTER TABLE ${quoted(nameOf(table, prefix))} DROP PARTITION WHERE ${quoted(table.time)} < ${text(moment.toISOString())}`;
}

function conditions<Name extends TableName>(table: Table, query: Query<Name>) {
  const { equal, from, to, direction, open, limit } = termsOf(table, query);
  const values: Statement['values'] = [];
  const terms = equal.map(({ column, value }) => {
    if (value === null) return `${quoted(column)} IS NULL`;
    if (column === table.time && typeof value === 'number') return `${quoted(column)} = ${micros(value)}`;
    values.push(value);
    return `${quoted(column)} = $${values.length}`;
  });
  if (from !== undefined) terms.push(`${quoted(table.time)} >= ${micros(from)}`);
  if (to !== undefined) terms.push(`${quoted(table.time)} < ${micros(to)}`);
  const order = [
    `${quoted(table.time)} ${direction}`,
    ...open.flatMap(({ column, numbered }) => [
      ...(numbered ? [`length(${quoted(column)}) ${direction}`] : []),
      `${quoted(column)} ${direction}`,
    ]),
  ];
  return {
    filter: terms.length > 0 ? ` WHERE ${terms.join(' AND ')}` : '',
    values,
    order: order.join(', '),
    limit: limit === undefined ? '' : ` LIMIT ${limit}`,
  };
}

function micros(milliseconds: number): string {
  return String(BigInt(milliseconds) * 1000n);
}
