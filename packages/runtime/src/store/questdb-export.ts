import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assertRoom } from './disk-full.ts';
import { convertRows } from './duckdb-convert.ts';
import type { ExportFormat } from './store.ts';
import type { Table } from './tables.ts';

/**
 * Writes rows that come in parts into `file`, whole or not at all; returns their number. It gives up before the disk
 * is full: the server and others may have theirs there too.
 */
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
    const count = await writeLines(rows, parts, format === 'ndjson' ? 0 : 1);
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

/** Writes a line per row, as long as there is room besides for `copies` more of what is written. */
async function writeLines(
  file: string,
  parts: AsyncIterable<readonly object[]>,
  copies: number,
): Promise<number> {
  const handle = await open(file, 'wx');
  let count = 0;
  let size = 0;
  try {
    for await (const part of parts) {
      const lines = Buffer.from(part.map((row) => `${JSON.stringify(row)}\n`).join(''));
      size += lines.length;
      await assertRoom(dirname(file), lines.length + copies * size);
      await handle.appendFile(lines);
      count += part.length;
    }
  } finally {
    await handle.close();
  }
  return count;
}
