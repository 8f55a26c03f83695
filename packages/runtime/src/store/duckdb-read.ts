import type { DuckDBConnection } from '@duckdb/node-api';
import { fromCell } from './duckdb-rows.ts';
import type { Statement } from './duckdb-sql.ts';
import type { Table } from './tables.ts';

/** The rows that a statement of `select` finds. */
export async function readRows<Row>(
  connection: DuckDBConnection,
  table: Table,
  statement: Statement,
): Promise<Row[]> {
  const result = await connection.run(statement.sql, statement.values);
  const columns = Object.entries(table.columns);
  const rows: Row[] = [];
  // Chunk by chunk, so that a long answer does not keep the process from everything else.
  for await (const chunk of result) {
    const cells = chunk.getColumns();
    for (let index = 0; index < chunk.rowCount; index++) {
      const row: Record<string, unknown> = {};
      for (const [column, [name, type]] of columns.entries())
        row[name] = fromCell(type, cells[column]?.[index]);
      rows.push(row as Row);
    }
  }
  return rows;
}
