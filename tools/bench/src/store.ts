import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveDataset } from '@tandem/common';
import { duckdbStore, type TickRow } from '@tandem/runtime';
import { compare, type Effort } from './compare.ts';
import { ticksOf } from './fold.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { spread, table } from './table.ts';

const rowsInWrite = 1_000;

/**
 * Ticks to disk: durable upserts of 1,000 rows, beside a file that the same rows are appended to as lines of JSON and
 * synced: what durability costs on this disk without identity, columns or queries.
 */
export async function store({ seed, quick }: Options): Promise<Report> {
  const effort: Effort = quick
    ? { rounds: 2, roundMs: 500, time: 'wall' }
    : { rounds: 5, roundMs: 2_000, time: 'wall' };
  const directory = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const file = await open(join(directory, 'floor.ndjson'), 'a');
  const database = await duckdbStore({ path: join(directory, 'bench.duckdb') });
  const floor = rowSource(seed);
  const own = rowSource(seed);
  const again = rowSource(seed).next();
  try {
    const rates = await compare(
      [
        {
          name: 'lines of JSON, synced (floor)',
          pass: async () => {
            const rows = floor.next();
            await file.appendFile(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
            await file.datasync();
            return rows.length;
          },
        },
        {
          name: 'store.write of new rows',
          pass: async () => {
            const rows = own.next();
            await database.write([{ table: 'ticks', rows }]);
            return rows.length;
          },
        },
        {
          name: 'store.write of the same rows again',
          pass: async () => {
            await database.write([{ table: 'ticks', rows: again }]);
            return again.length;
          },
        },
      ],
      rowsInWrite,
      effort,
    );
    const rows = rates.map(({ name, perSecond, ratio }) => [name, spread(perSecond), spread(ratio, '×')]);
    return {
      text: table([`ticks → disk (${rowsInWrite} rows in a write)`, 'rows/s', 'ratio to the floor'], rows),
      data: { rowsInWrite, ...effort, results: rates },
    };
  } finally {
    await database.close();
    await file.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Rows whose ids and times go on growing however many are taken. */
function rowSource(seed: number): { next(): TickRow[] } {
  const ticks = ticksOf(seed).slice(0, rowsInWrite);
  const span = ticks.at(-1)!.time - ticks[0]!.time + 1;
  let taken = 0;
  return {
    next() {
      const shift = taken++;
      return ticks.map((tick, index) => ({
        dataset: liveDataset,
        venue: 'binance-usdm',
        symbol: 'BTCUSDT',
        ...tick,
        id: String(1_000_000 + shift * rowsInWrite + index),
        time: tick.time + shift * span,
      }));
    },
  };
}
