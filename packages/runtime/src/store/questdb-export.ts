import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { convertRows } from './duckdb-convert.ts';
import type { ExportFormat } from './store.ts';
import type { Table } from './tables.ts';

/** Writes rows that come in parts into `file`, whole or not at all; returns their number. */
export async function exportRows(
  table: Table,
  parts: AsyncIterable<readonly object[]>,
  format: ExportFormat,
  file: string,
): Promise<number> {
  const id = randomUUID();
  const rows = `${file}.${id}.rows.partial`;
  const result = format === 'ndjson' ? rows : `${file}.${id}.partial`;
  try {
    const count = await writeLines(rows, parts);
    if (format !== 'ndjson') await convertRows(table, rows, format, result);
    const handle = await open(result, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(result, file);
    return count;
  } finally {
    await rm(rows, { force: true });
    await rm(result, { force: true });
  }
}

async function writeLines(file: string, parts: AsyncIterable<readonly object[]>): Promise<number> {
  const handle = await open(file, 'wx');
  let count = 0;
  try {
    for await (const part of parts) {
      await handle.appendFile(part.map((row) => `${JSON.stringify(row)}\n`).join(''));
      count += part.length;
    }
  } finally {
    await handle.close();
  }
  return count;
}
