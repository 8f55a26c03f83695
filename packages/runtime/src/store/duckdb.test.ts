import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { duckdbStore } from './duckdb.ts';
import { Database } from './duckdb-database.ts';
import { tickRow } from './sample-rows.fixture.ts';
import { storeContract } from './store.contract.ts';
import type { Store } from './store.ts';

storeContract('DuckDB in memory', () => duckdbStore({ path: ':memory:' }));

it('deletes what is older than a time to the millisecond', async () => {
  const store = await duckdbStore({ path: ':memory:' });
  await store.write([{ table: 'ticks', rows: Array.from({ length: 10 }, (_, n) => tickRow(n)) }]);
  await store.expire('ticks', tickRow(7).time);
  const left = await store.query('ticks', { where: { dataset: 'live' } });
  expect(left.map((tick) => tick.id)).toEqual(['7', '8', '9']);
  await store.close();
});

it('gives tables of an earlier version the columns that it did not know, and keeps their rows', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-earlier-'));
  const path = join(directory, 'earlier.duckdb');
  const earlier = await duckdbStore({ path });
  await earlier.write([{ table: 'ticks', rows: [tickRow(1)] }]);
  await earlier.close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run('ALTER TABLE ticks DROP COLUMN received');
  connection.closeSync();
  instance.closeSync();
  const store = await duckdbStore({ path });
  await store.write([{ table: 'ticks', rows: [tickRow(2)] }]);
  expect(await store.query('ticks', { where: { dataset: 'live' } })).toEqual([
    { ...tickRow(1), received: null },
    tickRow(2),
  ]);
  await store.close();
  await rm(directory, { recursive: true });
});

it('keeps the last version of each row, in whatever order times come, and over restarts', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-versions-'));
  const path = join(directory, 'versions.duckdb');
  const writes = fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(writes, fc.nat(8), async (batches, restart) => {
      const dataset = `replay-${round++}`;
      const expected = new Map<number, number>();
      let store = await duckdbStore({ path });
      for (const [index, times] of batches.entries()) {
        if (index === restart) {
          await store.close();
          store = await duckdbStore({ path });
        }
        const rows = times.map((time, at) => {
          const version = index * 10 + at;
          expected.set(time, version);
          return tickRow(time, { dataset, count: version });
        });
        await store.write([{ table: 'ticks', rows }]);
      }
      const found = await store.query('ticks', { where: { dataset } });
      await store.close();
      expect(found.map(({ id, count }) => [Number(id), count])).toEqual(
        [...expected].sort(([one], [other]) => one - other),
      );
    }),
    { numRuns: 30 },
  );
  await rm(directory, { recursive: true });
});

it('moves its log into the tables once it is long and nobody writes, and keeps every row', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-log-'));
  const path = join(directory, 'log.duckdb');
  const store = await duckdbStore({ path });
  const log = async () => (await stat(`${path}.wal`).catch(() => undefined))?.size ?? 0;
  let rows = 0;
  while ((await log()) < 20 * 2 ** 20) {
    await store.write([
      { table: 'ticks', rows: Array.from({ length: 2_000 }, (_, index) => tickRow(rows + index)) },
    ]);
    rows += 2_000;
  }
  await expect.poll(log).toBeLessThan(2 ** 20);
  const newest = async (from: Store) =>
    (await from.query('ticks', { where: { dataset: 'live' }, order: 'descending', limit: 1 }))[0];
  expect(await newest(store)).toEqual(tickRow(rows - 1));
  await store.close();
  const again = await duckdbStore({ path });
  expect(await newest(again)).toEqual(tickRow(rows - 1));
  expect(await again.query('ticks', { where: { dataset: 'live' }, limit: rows + 1 })).toHaveLength(rows);
  await again.close();
  await rm(directory, { recursive: true });
});

it('tells that its log cannot be moved if that fails again and again, and goes on', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-barred-'));
  const path = join(directory, 'barred.duckdb');
  const told: string[] = [];
  const store = await duckdbStore({
    path,
    onError: (error, where) => told.push(`${where}: ${(error as Error).message}`),
  });
  const checkpoint = vi.spyOn(Database.prototype, 'checkpoint').mockRejectedValue(new Error('disk full'));
  vi.spyOn(Database.prototype, 'logSize').mockReturnValue(32 * 2 ** 20);
  try {
    for (let attempt = 1; attempt <= 10; attempt++) {
      expect(told).toEqual([]);
      await store.write([{ table: 'ticks', rows: [tickRow(attempt)] }]);
      await expect.poll(() => checkpoint.mock.calls.length).toBe(attempt);
    }
    await expect.poll(() => told).toEqual([`moving the log of ${path}: disk full`]);
    expect(await store.query('ticks', { where: { dataset: 'live' } })).toHaveLength(10);
  } finally {
    vi.restoreAllMocks();
    await store.close();
    await rm(directory, { recursive: true });
  }
});

describe('a DuckDB store that is closed under load', () => {
  it('lets the reads that are under way end first', async () => {
    for (let round = 0; round < 20; round++) {
      const store = await duckdbStore({ path: ':memory:' });
      const where = { dataset: 'live' };
      const reads = Array.from({ length: 40 }, () => store.query('bars', { where }));
      // Some are on their way to the database, some are in it.
      await reads[round % 3];
      const answers = Promise.allSettled(reads);
      await store.close();
      for (const answer of await answers) {
        if (answer.status === 'fulfilled') expect(answer.value).toEqual([]);
        else expect(String(answer.reason)).toContain('is closed');
      }
    }
  });
});
