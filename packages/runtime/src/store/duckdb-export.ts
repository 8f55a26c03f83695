import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { Database } from './duckdb-database.ts';
import { copy } from './duckdb-sql.ts';
import type { ExportFormat, Query } from './store.ts';
import type { Table, TableName } from './tables.ts';

/** Writes what a query returns into `file`, whole or not at all; returns the number of rows. */
export async function exportFile<Name extends TableName>(
  database: Database,
  table: Table,
  query: Query<Name>,
  format: ExportFormat,
  file: string,
): Promise<number> {
  const partial = `${file}.${randomUUID()}.partial`;
  const { sql, values } = copy(table, query, format, partial);
  const connection = await database.connect();
  try {
    const result = await connection.run(sql, values);
    const [count] = (await result.getRows())[0] ?? [];
    const handle = await open(partial, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(partial, file);
    return Number(count);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    connection.closeSync();
  }
}
