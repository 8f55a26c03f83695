import { questdbServer } from '@tandem/backends';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type QuestdbStoreOptions, questdbStore } from './questdb.ts';
import { tickRow } from './sample-rows.fixture.ts';
import type { Store } from './store.ts';

// Tables can be suspended by hand only in this mode.
const server = await questdbServer({ environment: { QDB_DEV_MODE_ENABLED: 'true' } });

describe.skipIf(server === undefined)('the tables on a QuestDB server', () => {
  if (server === undefined) return;
  let count = 0;
  let prefix: string;
  const stores: Store[] = [];
  const admin = new pg.Pool({ connectionString: server.pgUrl, max: 1 });
  beforeAll(() => admin.query('SELECT 1'));
  afterAll(async () => {
    await admin.end();
    await server.stop();
  });
  beforeEach(() => {
    prefix = `tables${count++}_`;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  const open = async (options: QuestdbStoreOptions = {}) => {
    const store = await questdbStore(server.url, { prefix, ...options });
    stores.push(store);
    return store;
  };
  const ask = async (sql: string) => (await admin.query({ text: sql, rowMode: 'array' })).rows as unknown[][];
  const where = { dataset: 'live' };

  it('stay as they are, with their rows, at every further start', async () => {
    await (await open()).write([{ table: 'ticks', rows: [tickRow(1)] }]);
    const both = await Promise.all([open(), open()]);
    for (const store of both) {
      await store.settled('ticks');
      expect(await store.query('ticks', { where })).toEqual([tickRow(1)]);
    }
  });

  it('are dropped by age only where a retention is stated, and that may change', async () => {
    const ages = async () =>
      ask(
        `SELECT table_name, ttlValue, ttlUnit FROM tables() WHERE table_name IN ('${prefix}ticks', '${prefix}bars', '${prefix}alerts') ORDER BY table_name`,
      );
    const shown = (alerts: unknown[], bars: unknown[], ticks: unknown[]) => [
      [`${prefix}alerts`, ...alerts],
      [`${prefix}bars`, ...bars],
      [`${prefix}ticks`, ...ticks],
    ];
    await open();
    await expect.poll(ages).toEqual(shown([0, 'HOUR'], [0, 'HOUR'], [0, 'HOUR']));
    await open({ retentionDays: { ticks: 1.5, bars: 30, alerts: 400 } });
    await expect.poll(ages).toEqual(shown([15, 'MONTH'], [30, 'DAY'], [36, 'HOUR']));
    await open({ retentionDays: { ticks: 0 } });
    await expect.poll(ages).toEqual(shown([15, 'MONTH'], [30, 'DAY'], [0, 'HOUR']));
  });

  it('of another version of Tandem are refused in one sentence that says how to mend it', async () => {
    await ask(
      `CREATE TABLE ${prefix}ticks (dataset SYMBOL, time TIMESTAMP) TIMESTAMP(time) PARTITION BY DAY WAL`,
    );
    await expect(open()).rejects.toThrow(
      /^QuestDB at \S+ was set up by another version of Tandem: its table tables\d+_ticks has the columns dataset SYMBOL, time TIMESTAMP, not dataset SYMBOL \(key\), .*; rename it/,
    );
  });

  it('of an earlier version get the columns that it did not know, and keep their rows', async () => {
    await ask(
      `CREATE TABLE ${prefix}ticks (dataset SYMBOL, venue SYMBOL, symbol SYMBOL, id VARCHAR, time TIMESTAMP, price DOUBLE, quantity DOUBLE, side SYMBOL, count LONG) TIMESTAMP(time) PARTITION BY HOUR WAL DEDUP UPSERT KEYS(dataset, venue, symbol, id, time)`,
    );
    const { dataset, venue, symbol, id, time, price, quantity, side, count } = tickRow(1);
    await ask(
      `INSERT INTO ${prefix}ticks VALUES ('${dataset}', '${venue}', '${symbol}', '${id}', ${time}000, ${price}, ${quantity}, '${side}', ${count})`,
    );
    // Several processes start at once.
    const [store, other] = await Promise.all([open(), open()]);
    await store.write([{ table: 'ticks', rows: [tickRow(2)] }]);
    await other.write([{ table: 'ticks', rows: [tickRow(3)] }]);
    for (const one of [store, other]) {
      await one.settled('ticks');
      expect(await one.query('ticks', { where })).toEqual([
        { ...tickRow(1), received: null },
        tickRow(2),
        tickRow(3),
      ]);
    }
  });

  it('that would keep every repetition are refused', async () => {
    await open();
    await ask(`ALTER TABLE ${prefix}bars DEDUP DISABLE`);
    await expect
      .poll(() => ask(`SELECT count() FROM table_columns('${prefix}bars') WHERE upsertKey`))
      .toEqual([['0']]);
    await expect(open()).rejects.toThrow(/its table tables\d+_bars has the columns .* rename it/);
  });

  it('that somebody has dropped are made again by the next writes', async () => {
    const store = await open();
    await store.write([{ table: 'ticks', rows: [tickRow(1)] }]);
    await ask(`DROP TABLE ${prefix}ticks`);
    // QuestDB takes one more write for the table that it has just dropped, on a connection that has written to it.
    await store.write([{ table: 'ticks', rows: [tickRow(2)] }]);
    await store.write([{ table: 'ticks', rows: [tickRow(3)] }]);
    await store.settled('ticks');
    expect(await store.query('ticks', { where })).toEqual([tickRow(3)]);
  });

  it('whose columns somebody has changed under us refuse rows in one sentence, not for ever', async () => {
    const store = await open();
    await ask(`ALTER TABLE ${prefix}ticks DROP COLUMN price`);
    await expect
      .poll(() => ask(`SELECT "column" FROM table_columns('${prefix}ticks')`))
      .not.toContainEqual(['price']);
    await expect(store.write([{ table: 'ticks', rows: [tickRow(1)] }])).rejects.toThrow(
      /its table tables\d+_ticks has the columns .* rename it/,
    );
  });

  it('that are suspended are not waited for', async () => {
    const store = await open();
    await ask(`ALTER TABLE ${prefix}ticks SUSPEND WAL`);
    await store.write([{ table: 'ticks', rows: [tickRow(1)] }]);
    await expect(store.settled('ticks')).rejects.toThrow(
      /has suspended the table tables\d+_ticks .* run ALTER TABLE tables\d+_ticks RESUME WAL$/,
    );
    await ask(`ALTER TABLE ${prefix}ticks RESUME WAL`);
    await store.settled('ticks');
    expect(await store.query('ticks', { where })).toEqual([tickRow(1)]);
  });

  it('are not shown to who has the wrong password', async () => {
    const url = server.url.replace('questdb://', 'questdb://admin:wrong@');
    await expect(questdbStore(url)).rejects.toThrow(/refuses the user or the password of the store's URL$/);
  });
});
