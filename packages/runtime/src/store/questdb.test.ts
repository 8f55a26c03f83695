import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { questdbServer } from '@tandem/backends';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { duckdbStore } from './duckdb.ts';
import { questdbStore } from './questdb.ts';
import { barRow, otherRows, tickRow } from './sample-rows.fixture.ts';
import { storeContract } from './store.contract.ts';
import type { Query, Store } from './store.ts';
import type { Rows } from './tables.ts';

const server = await questdbServer();
afterAll(() => server?.stop());

const run = `contract${process.pid}_`;
const where = { dataset: 'live' };

describe.skipIf(server === undefined)('QuestDB', () => {
  if (server === undefined) return;
  let count = 0;
  const make = () => questdbStore(server.url, { prefix: `${run}${count++}_` });

  storeContract(`QuestDB ${server.version}`, make);

  describe('what passes through it', () => {
    let store: Store;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('keeps every text and every number to the last bit', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((one) => !one.includes('\0'));
      const number = fc.double({ noNaN: true, noDefaultInfinity: true });
      const whole = fc.maxSafeInteger();
      const rows = fc
        .sample(fc.record({ text, number, whole, side: text }), { seed: 11, numRuns: 2_000 })
        .map(({ text, number, whole, side }, n) =>
          tickRow(n, { id: `${n}${text}`, price: number, count: whole, side: side as 'buy' }),
        );
      await store.write([{ table: 'ticks', rows }]);
      await store.settled('ticks');
      expect(await store.query('ticks', { where })).toEqual(rows);
    });

    it('keeps the last of many versions, however they are spread over calls and time', async () => {
      const versions = fc.sample(
        fc.record({ bar: fc.integer({ min: 0, max: 400 }), of: fc.constantFrom('AAA', 'BBB', 'CCC') }),
        { seed: 3, numRuns: 30_000 },
      );
      const rows = versions.map(({ bar, of }, n) =>
        // From minutes to weeks apart: in one partition, in many, and in no order.
        barRow(0, { symbol: of, time: 1_700_000_040_000 + bar ** 2 * 60_000, revision: n }),
      );
      const last = new Map(rows.map((row) => [`${row.symbol} ${row.time}`, row]));
      for (let start = 0; start < rows.length; ) {
        const size = 1 + ((start * 7_919) % 2_500);
        await store.write([{ table: 'bars', rows: rows.slice(start, start + size) }]);
        start += size;
      }
      await store.settled('bars');
      const sorted = [...last.values()].sort((a, b) => a.time - b.time || (a.symbol < b.symbol ? -1 : 1));
      expect(await store.query('bars', { where })).toEqual(sorted);
    });

    it('finds what a plain search of all rows finds, whatever is asked', async () => {
      const start = tickRow(0).time;
      const rows = fc
        .sample(
          fc.record({
            time: fc.integer({ min: 0, max: 40 }),
            symbol: fc.constantFrom('A', 'B'),
            trade: fc.nat(200),
          }),
          { seed: 5, numRuns: 300 },
        )
        .map(({ time, symbol, trade }) => tickRow(trade, { time: start + time, symbol }));
      const all = [...new Map(rows.map((row) => [`${row.symbol} ${row.id} ${row.time}`, row])).values()];
      await store.write([{ table: 'ticks', rows }]);
      await store.settled('ticks');
      const bound = fc.option(
        fc.integer({ min: -5, max: 45 }).map((time) => start + time),
        { nil: undefined },
      );
      const question = fc.record({
        from: bound,
        to: bound,
        order: fc.constantFrom(undefined, 'ascending' as const, 'descending' as const),
        limit: fc.option(fc.nat(60), { nil: undefined }),
        symbol: fc.constantFrom(undefined, 'A'),
        id: fc.constantFrom(undefined, undefined, '7'),
      });
      await fc.assert(
        fc.asyncProperty(question, async ({ symbol, id, ...rest }) => {
          const query = { where: { ...where, symbol, id }, ...rest } as unknown as Query<'ticks'>;
          expect(await store.query('ticks', query)).toEqual(searched(all, query));
        }),
        { numRuns: 100, seed: 5 },
      );
    });

    it('refuses what QuestDB cannot keep, in one sentence', async () => {
      await expect(store.write([{ table: 'ticks', rows: [tickRow(1, { time: -1 })] }])).rejects.toThrow(
        /^a row of ticks is refused: time must be a time from 1970 to 9999, not -1$/,
      );
      const gap = null as unknown as boolean;
      await expect(store.write([{ table: 'bars', rows: [barRow(1, { gap })] }])).rejects.toThrow(
        /^a row of bars is refused: gap must be true or false, not null$/,
      );
      const late = tickRow(1, { time: Date.UTC(9999, 11, 31, 23, 59, 59, 999) });
      await store.write([{ table: 'ticks', rows: [late] }]);
      await store.settled('ticks');
      expect(await store.query('ticks', { where, to: 2 ** 53 - 1 })).toEqual([late]);
    });

    it('shows at once, after `settled`, what many writers have written', async () => {
      const others = await Promise.all([make(), make()]);
      // Each on its own table set: one server, much to do.
      const calls = [store, ...others].flatMap((one, of) =>
        Array.from({ length: 30 }, (_, call) =>
          one.write([
            { table: 'gaps', rows: [{ ...otherRows.gaps, fromId: String(call), missing: of + 1 }] },
            { table: 'ticks', rows: Array.from({ length: 500 }, (_, n) => tickRow(call * 500 + n)) },
          ]),
        ),
      );
      await Promise.all(calls);
      for (const [of, one] of [store, ...others].entries()) {
        await one.settled('ticks');
        await one.settled('gaps');
        expect(await one.query('ticks', { where })).toHaveLength(15_000);
        const gaps = await one.query('gaps', { where });
        expect(gaps.map((gap) => gap.fromId)).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
        expect(new Set(gaps.map((gap) => gap.missing))).toEqual(new Set([of + 1]));
      }
      for (const one of others) await one.close();
    });

    it('is exported whole and in order, though the server does not sort all of it at once', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tandem-export-'));
      // Three a millisecond, and one millisecond with more than are sorted at a time.
      const rows = Array.from({ length: 330_000 }, (_, n) =>
        tickRow(n, { time: 1_700_000_000_000 + (n < 10_000 ? 0 : n < 120_000 ? 5_000 : n / 3) }),
      ).map((row) => ({ ...row, time: Math.floor(row.time) }));
      await store.write([{ table: 'ticks', rows: rows.toReversed() }]);
      await store.settled('ticks');
      const file = join(folder, 'rows');
      const range = { from: 1_700_000_005_000, to: 1_700_000_105_000 };
      const asked = rows.filter(({ time }) => time >= range.from && time < range.to);
      expect(await store.export('ticks', { where, ...range }, 'ndjson', file)).toBe(asked.length);
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).id)).toEqual(asked.map(({ id }) => id));
      await rm(folder, { recursive: true });
    });

    it('is exported as the DuckDB adapter would', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tandem-export-'));
      const other = await duckdbStore({ path: ':memory:' });
      const rows = Array.from({ length: 5_000 }, (_, n) => tickRow(n, { price: 1 / (n + 1) }));
      const change = [
        { table: 'ticks' as const, rows },
        { table: 'analytics' as const, rows: [otherRows.analytics] },
        { table: 'alerts' as const, rows: [{ ...otherRows.alerts, text: '' }, otherRows.alerts] },
      ];
      for (const one of [store, other]) await one.write(change);
      for (const table of ['ticks', 'analytics', 'alerts'] as const) {
        await store.settled(table);
        for (const format of ['csv', 'parquet'] as const) {
          const files = ['a', 'b'].map((name) => join(folder, name));
          const counts = [
            await store.export(table, { where }, format, files[0] ?? ''),
            await other.export(table, { where }, format, files[1] ?? ''),
          ];
          expect(counts[0]).toBe(counts[1]);
          const [ours, theirs] = await Promise.all(files.map((file) => readFile(file)));
          if (format === 'csv') expect(ours?.toString()).toBe(theirs?.toString());
          else expect(Math.abs((ours?.length ?? 0) / (theirs?.length ?? 1) - 1)).toBeLessThan(0.05);
        }
      }
      await other.close();
      await rm(folder, { recursive: true });
    });
  });
});

/** The answer, the slow way. */
function searched(all: readonly Rows['ticks'][], query: Query<'ticks'>): Rows['ticks'][] {
  const sign = query.order === 'descending' ? -1 : 1;
  return all
    .filter((row) => query.where.symbol === undefined || row.symbol === query.where.symbol)
    .filter((row) => query.where.id === undefined || row.id === query.where.id)
    .filter((row) => row.time >= (query.from ?? 0) && row.time < (query.to ?? Number.POSITIVE_INFINITY))
    .sort(
      (a, b) =>
        sign *
        (a.time - b.time ||
          (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : Number(a.id) - Number(b.id))),
    )
    .slice(0, query.limit);
}
