import { DuckDBInstance } from '@duckdb/node-api';
import { columnsOf } from './duckdb-sql.ts';
import { quoted, text } from './query-terms.ts';
import type { Table } from './tables.ts';

/**
 * Makes a file of NDJSON rows into CSV or Parquet, as the DuckDB adapter writes them, with little memory
 * however long the file is. Returns the number of rows.
 */
export async function convertRows(
  table: Table,
  ndjson: string,
  format: 'csv' | 'parquet',
  file: string,
): Promise<number> {
  const types = columnsOf(table).map(({ name, type }) => {
    // Any JSON value, kept as its text.
    const read = table.columns[name] === 'json' ? 'JSON' : type;
    return `${text(name)}: ${text(read)}`;
  });
  const columns = columnsOf(table).map(({ name, type }) => `${quoted(name)}::${type} AS ${quoted(name)}`);
  const options = format === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet';
  const source = `read_json(${text(ndjson)}, format = 'newline_delimited', columns = {${types.join(', ')}})`;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '256MB',
    autoinstall_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    const result = await connection.run(
      `COPY (SELECT ${columns.join(', ')} FROM ${source}) TO ${text(file)} (${options})`,
    );
    const [count] = (await result.getRows())[0] ?? [];
    connection.closeSync();
    return Number(count);
  } finally {
    instance.closeSync();
  }
}
