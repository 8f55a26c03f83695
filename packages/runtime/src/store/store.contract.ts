import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { barRow, otherRows, tickRow } from './sample-rows.fixture.ts';
import type { Change, Query, Store } from './store.ts';
import type { Rows, TableName } from './tables.ts';

const live = { dataset: 'live' };

/** What every store promises; `make` gives an empty one. */
export function storeContract(name: string, make: () => Promise<Store>): void {
  describe(`store: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    const read = async <Name extends TableName>(table: Name, query: Query<Name>): Promise<Rows[Name][]> => {
      await store.settled(table);
      return store.query(table, query);
    };

    it('gives back a row of every table exactly as it was written', async () => {
      await store.write([
        { table: 'ticks', rows: [tickRow(1)] },
        { table: 'bars', rows: [barRow(1), barRow(2, { open: null, vwap: null, gap: true, trades: 0 })] },
        { table: 'gaps', rows: [otherRows.gaps] },
        { table: 'analytics', rows: [otherRows.analytics] },
        { table: 'alerts', rows: [otherRows.alerts] },
        { table: 'deliveries', rows: [otherRows.deliveries] },
      ]);
      expect(await read('ticks', { where: live })).toEqual([tickRow(1)]);
      expect(await read('bars', { where: live })).toEqual([
        barRow(1),
        barRow(2, { open: null, vwap: null, gap: true, trades: 0 }),
      ]);
      for (const table of ['gaps', 'analytics', 'alerts', 'deliveries'] as const) {
        expect(await read(table, { where: live })).toEqual([otherRows[table]]);
      }
    });

    it('keeps one row per identity: writing again replaces, in one call or in two', async () => {
      await store.write([
        { table: 'bars', rows: [barRow(1), barRow(2), barRow(1, { close: 3, revision: 8 })] },
      ]);
      expect(await read('bars', { where: live })).toEqual([barRow(1, { close: 3, revision: 8 }), barRow(2)]);
      await store.write([
        { table: 'bars', rows: [barRow(2, { close: 4 })] },
        { table: 'bars', rows: [barRow(2, { close: 5 })] },
      ]);
      await store.write([{ table: 'bars', rows: [barRow(1, { close: 3, revision: 8 })] }]);
      expect(await read('bars', { where: live })).toEqual([
        barRow(1, { close: 3, revision: 8 }),
        barRow(2, { close: 5 }),
      ]);
    });

    it('lets the last of several calls that did not wait for one another win', async () => {
      const calls = Array.from({ length: 20 }, (_, n) =>
        store.write([{ table: 'bars', rows: [barRow(1, { revision: n })] }]),
      );
      await Promise.all(calls);
      expect(await read('bars', { where: live })).toEqual([barRow(1, { revision: 19 })]);
    });

    it('takes every part of the key for identity', async () => {
      const rows = [
        barRow(1),
        barRow(1, { dataset: 'replay-1' }),
        barRow(1, { venue: 'binance-spot' }),
        barRow(1, { symbol: 'BBB' }),
        barRow(1, { interval: '5m' }),
        barRow(2),
      ];
      await store.write([{ table: 'bars', rows }]);
      expect(await read('bars', { where: live })).toHaveLength(5);
      expect(await read('bars', { where: { dataset: 'replay-1' } })).toHaveLength(1);
    });

    it('does nothing, rightly, for a write without rows', async () => {
      await store.write([]);
      await store.write([{ table: 'ticks', rows: [] }]);
      expect(await read('ticks', { where: live })).toEqual([]);
    });

    it('finds rows from a time on, up to but without another', async () => {
      await store.write([{ table: 'ticks', rows: Array.from({ length: 10 }, (_, n) => tickRow(n)) }]);
      const from = tickRow(3).time;
      const ids = (await read('ticks', { where: live, from, to: from + 4 })).map((tick) => tick.id);
      expect(ids).toEqual(['3', '4', '5', '6']);
    });

    it('finds by any column, and by its absence', async () => {
      await store.write([
        { table: 'bars', rows: [barRow(1), barRow(2, { gap: true }), barRow(3, { close: null, trades: 9 })] },
        { table: 'ticks', rows: [tickRow(1), tickRow(2, { symbol: "A'; DROP TABLE ticks; --" })] },
      ]);
      expect(await read('bars', { where: { ...live, gap: true } })).toEqual([barRow(2, { gap: true })]);
      expect(await read('bars', { where: { ...live, trades: 9 } })).toHaveLength(1);
      expect(await read('bars', { where: { ...live, close: null } })).toHaveLength(1);
      expect(await read('bars', { where: { ...live, close: 2, interval: '1m' } })).toHaveLength(2);
      expect(await read('ticks', { where: { ...live, symbol: "A'; DROP TABLE ticks; --" } })).toHaveLength(1);
      expect(await read('ticks', { where: { ...live, symbol: "' OR 1=1 --" } })).toEqual([]);
    });

    it('orders by time, then by the rest of the key, trade ids by their number', async () => {
      const time = tickRow(0).time;
      const rows = ['100', '9', '10', '99'].map((id) => tickRow(0, { id, time }));
      await store.write([
        { table: 'ticks', rows: [tickRow(5), ...rows, tickRow(0, { id: '1', time, symbol: 'B' })] },
      ]);
      const ids = async (query: Omit<Query<'ticks'>, 'where'>, symbol?: string) =>
        (await read('ticks', { where: { ...live, ...(symbol ? { symbol } : {}) }, ...query })).map(
          (tick) => tick.id,
        );
      expect(await ids({})).toEqual(['9', '10', '99', '100', '1', '5']);
      expect(await ids({}, 'AAA')).toEqual(['9', '10', '99', '100', '5']);
      expect(await ids({ order: 'descending' })).toEqual(['5', '1', '100', '99', '10', '9']);
      expect(await ids({ order: 'descending', limit: 3 }, 'AAA')).toEqual(['5', '100', '99']);
      expect(await ids({ limit: 2 })).toEqual(['9', '10']);
      expect(await ids({ limit: 0 })).toEqual([]);
    });

    it.each<[string, Change]>([
      ['NaN in a number column', { table: 'ticks', rows: [tickRow(1, { price: Number.NaN })] }],
      ['an infinite number', { table: 'bars', rows: [barRow(1, { high: Number.POSITIVE_INFINITY })] }],
      ['half a trade', { table: 'bars', rows: [barRow(1, { trades: 0.5 })] }],
      ['a time beyond whole numbers', { table: 'ticks', rows: [tickRow(1, { time: 2 ** 53 })] }],
      [
        'a missing column',
        { table: 'ticks', rows: [tickRow(1, { quantity: undefined as unknown as number })] },
      ],
      ['a key that is null', { table: 'ticks', rows: [tickRow(1, { id: null as unknown as string })] }],
      ['a number for a text', { table: 'ticks', rows: [tickRow(1, { id: 5 as unknown as string })] }],
      ['a text with a NUL', { table: 'ticks', rows: [tickRow(1, { id: 'a\0b' })] }],
    ])('refuses %s, in one sentence and with it the whole call', async (_, change) => {
      const call = store.write([{ table: 'gaps', rows: [otherRows.gaps] }, change]);
      await expect(call).rejects.toThrow(/^a row of \w+ is refused: \w+ must be /);
      expect(await read('gaps', { where: live })).toEqual([]);
      expect(await read(change.table, { where: live })).toEqual([]);
    });

    it('refuses a query of a column that does not exist or of half a row', async () => {
      const where = { ...live, nothing: 1 } as unknown as Query<'ticks'>['where'];
      await expect(store.query('ticks', { where })).rejects.toThrow(/no column "nothing"/);
      await expect(store.query('ticks', { where: live, limit: 0.5 })).rejects.toThrow(/limit must be/);
      await expect(store.query('ticks', { where: live, limit: -1 })).rejects.toThrow(/limit must be/);
      await expect(store.query('ticks', { where: live, from: Number.NaN })).rejects.toThrow(/from must be/);
    });

    it('deletes what is older than a time by a day or more, and nothing younger', async () => {
      const day = 86_400_000;
      const rows = Array.from({ length: 10 }, (_, n) => tickRow(n, { time: tickRow(0).time + n * day }));
      await store.write([{ table: 'ticks', rows }]);
      const before = rows[7]?.time ?? 0;
      await store.expire('ticks', before - 1);
      const left = (await read('ticks', { where: live })).map((tick) => tick.id);
      expect(left.slice(-3)).toEqual(['7', '8', '9']);
      expect([
        ['7', '8', '9'],
        ['6', '7', '8', '9'],
      ]).toContainEqual(left);
      await store.expire('ticks', 0);
      expect((await read('ticks', { where: live })).map((tick) => tick.id)).toEqual(left);
    });

    it('takes thousands of rows in one call', async () => {
      const rows = Array.from({ length: 5_000 }, (_, n) => tickRow(n));
      await store.write([{ table: 'ticks', rows }]);
      expect(await read('ticks', { where: live })).toEqual(rows);
    });

    it('refuses to be used once closed', async () => {
      await store.close();
      await expect(store.write([{ table: 'ticks', rows: [tickRow(1)] }])).rejects.toThrow(/closed/);
      await expect(store.query('ticks', { where: live })).rejects.toThrow(/closed/);
    });

    describe('export', () => {
      let directory: string;
      beforeEach(async () => {
        directory = await mkdtemp(join(tmpdir(), "tandem it's "));
        await store.write([
          { table: 'analytics', rows: [otherRows.analytics] },
          { table: 'ticks', rows: [tickRow(2), tickRow(1)] },
        ]);
        await store.settled('ticks');
        await store.settled('analytics');
      });
      afterEach(() => rm(directory, { recursive: true }));

      it('writes CSV with the column names as header, in the order of the query', async () => {
        const file = join(directory, 'ticks.csv');
        expect(await store.export('ticks', { where: live }, 'csv', file)).toBe(2);
        const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
        expect(lines).toEqual([
          'dataset,venue,symbol,id,time,price,quantity,side,count,received',
          'live,sim,AAA,1,1700000000001,100.125,0.1,buy,1,1700000000051',
          'live,sim,AAA,2,1700000000002,100.25,0.1,sell,1,1700000000052',
        ]);
      });

      it('writes NDJSON whose lines are the rows', async () => {
        const file = join(directory, 'rows.ndjson');
        expect(await store.export('analytics', { where: live }, 'ndjson', file)).toBe(1);
        expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(otherRows.analytics);
      });

      it('writes Parquet, replacing an older file', async () => {
        const file = join(directory, 'ticks.parquet');
        await writeFile(file, 'old');
        expect(await store.export('ticks', { where: { ...live, id: '1' } }, 'parquet', file)).toBe(1);
        expect((await readFile(file)).subarray(0, 4).toString()).toBe('PAR1');
        expect(await readdir(directory)).toEqual(['ticks.parquet']);
      });

      it('leaves nothing behind when it cannot be written', async () => {
        const file = join(directory, 'missing', 'ticks.csv');
        await expect(store.export('ticks', { where: live }, 'csv', file)).rejects.toThrow(/ticks\.csv/);
        expect(await readdir(directory)).toEqual([]);
      });
    });
  });
}
