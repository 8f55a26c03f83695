import { existsSync } from 'node:fs';
import { statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { assertRoom, isDiskFull } from './disk-full.ts';

const faultOf = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => undefined,
    (fault) => fault,
  );

describe('a full disk', () => {
  it.skipIf(!existsSync('/dev/full'))(
    'is known by what the system says, and by what DuckDB says',
    async () => {
      const system = await faultOf(writeFile('/dev/full', 'one more byte'));
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      const duckdb = await faultOf(
        connection.run(`COPY (SELECT * FROM range(1000)) TO '/dev/full' (FORMAT csv)`),
      );
      instance.closeSync();
      for (const cause of [system, duckdb]) {
        expect(isDiskFull(cause), String(cause)).toBe(true);
        expect(isDiskFull(new Error('exporting failed', { cause }))).toBe(true);
      }
      expect(isDiskFull(await faultOf(writeFile('/dev/null/x', '')))).toBe(false);
    },
  );

  it('is foreseen, before there is no room for those who must write', async () => {
    const { bavail, bsize } = await statfs(tmpdir());
    await assertRoom(tmpdir(), 0);
    const fault = await faultOf(assertRoom(tmpdir(), bavail * bsize - 1));
    expect(String(fault)).toContain(`the disk of ${tmpdir()} is nearly full`);
    expect(isDiskFull(fault)).toBe(true);
  });
});
