import { type QuestdbAddress, questdbName } from './questdb-address.ts';
import { type QuestdbReader, Refused } from './questdb-reader.ts';
import { addColumn, columnsOf, createTable, layoutOf, nameOf, setTtl } from './questdb-sql.ts';
import { type Table, type TableName, tables } from './tables.ts';

export type RetentionDays = Readonly<Partial<Record<TableName, number>>>;

/** Makes the tables that are missing, and refuses in one sentence a server whose tables are others. */
export async function makeTables(
  reader: QuestdbReader,
  address: QuestdbAddress,
  retention: RetentionDays,
): Promise<void> {
  for (const table of Object.values(tables)) {
    await reader.rows({ sql: createTable(table, address.prefix), values: [] });
    await check(reader, address, table);
    const days = retention[table.name];
    if (days !== undefined) await reader.rows({ sql: setTtl(table, address.prefix, days), values: [] });
  }
}

async function check(reader: QuestdbReader, address: QuestdbAddress, table: Table): Promise<void> {
  const name = nameOf(table, address.prefix);
  const columns = await reader.rows({
    sql: `SELECT "column", type, upsertKey FROM table_columns('${name}')`,
    values: [],
  });
  const [layout] = await reader.rows({
    sql: 'SELECT designatedTimestamp, partitionBy, walEnabled, dedup FROM tables() WHERE table_name = $1',
    values: [name],
  });
  const wanted = columnsOf(table).map((column) =>
    shown(column.name, column.type, table.key.includes(column.name)),
  );
  const found = columns.map(([column, type, key]) => shown(column, type, key));
  if (wanted.slice(0, found.length).join() !== found.join()) {
    throw new Refused(
      `${questdbName(address)} was set up by another version of Tandem: its table ${name} has the columns ${found.join(', ')}, not ${wanted.join(', ')}; ${mending(name)}`,
    );
  }
  // What an earlier version did not know yet is null in its rows.
  for (const column of columnsOf(table).slice(found.length)) {
    await reader.rows({ sql: addColumn(table, address.prefix, column.name, column.type), values: [] });
  }
  const { designatedTimestamp, partitionBy, walEnabled, dedup } = layoutOf(table);
  if (String(layout) !== String([designatedTimestamp, partitionBy, walEnabled, dedup])) {
    throw new Refused(
      `${questdbName(address)} was set up by another version of Tandem: its table ${name} is ordered by ${layout?.[0]}, partitioned by ${layout?.[1]}, ${layout?.[2] ? 'with' : 'without'} WAL, ${layout?.[3] ? 'with' : 'without'} DEDUP; ${mending(name)}`,
    );
  }
}

function shown(name: unknown, type: unknown, key: unknown): string {
  return `${name} ${type}${key ? ' (key)' : ''}`;
}

function mending(name: string): string {
  return `rename it (RENAME TABLE ${name} TO ${name}_old), or give the store's URL another prefix`;
}
