import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { child, program } from '../child.fixture.ts';
import { duckdbStore } from './duckdb.ts';
import { tickRow } from './sample-rows.fixture.ts';

let built: Awaited<ReturnType<typeof program>>;
beforeAll(async () => {
  built = await program(new URL('./duckdb.child.fixture.ts', import.meta.url));
});
afterAll(() => built.remove());

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tandem-duckdb-'));
  path = join(directory, 'tandem.duckdb');
});
afterEach(() => rm(directory, { recursive: true }));

/** The calls whose rows are in the database: all of each, or the test fails. */
async function wholeCalls(): Promise<number[]> {
  const store = await duckdbStore({ path });
  const ticks = await store.query('ticks', { where: { dataset: 'live' } });
  const bars = await store.query('bars', { where: { dataset: 'live' } });
  await store.close();
  const calls = [...new Set(ticks.map((tick) => Math.floor(Number(tick.id) / 50)))];
  const ids = calls.flatMap((call) => Array.from({ length: 50 }, (_, n) => String(call * 50 + n)));
  expect(ticks.map((tick) => tick.id)).toEqual(ids);
  expect(bars.map((bar) => bar.revision)).toEqual(ticks.length > 0 ? Array(5).fill(calls.at(-1)) : []);
  return calls;
}

describe('a DuckDB file', () => {
  it('holds every acknowledged call, and no half of one, whenever the process is killed', async () => {
    let next = 0;
    for (let kill = 0; kill < 6; kill++) {
      const writing = child(built.file, [path, String(next)]);
      await writing.line(`written ${next + kill * 3}`);
      writing.process.kill('SIGKILL');
      await writing.ended;
      const acknowledged =
        writing
          .output()
          .match(/(?<=^written )\d+$/gm)
          ?.map(Number) ?? [];
      const calls = await wholeCalls();
      const newest = acknowledged.at(-1) as number;
      expect(calls.slice(0, newest + 1)).toEqual(Array.from({ length: newest + 1 }, (_, n) => n));
      // The one under way when it was killed may have made it; no other can have.
      expect(calls.length).toBeLessThanOrEqual(newest + 2);
      next = calls.length;
    }
  });

  it('refuses a second process in one sentence, and a second opening in the same process', async () => {
    const store = await duckdbStore({ path });
    const second = child(built.file, [path]);
    expect(await second.line('failed')).toBe(
      `failed the database ${path} is in use by another process (PID ${process.pid}): is Tandem already running?`,
    );
    await expect(duckdbStore({ path })).rejects.toThrow(/already open in this process/);
    await store.close();
    await (await duckdbStore({ path })).close();
  });

  // The bound below is set and lifted by Linux's own tools.
  it.runIf(process.platform === 'linux')(
    'refuses writes in one sentence while the disk is full, half-writes nothing, and goes on once there is room',
    async () => {
      // A bound on file size stands in for the full disk: both fail in the write to the log.
      const writing = child(built.file, [path, '0'], 3_000);
      const refused = await writing.line('refused');
      expect(refused).toMatch(/^refused \d+ the database .* failed while writing: /);
      const call = Number(refused.split(' ')[1]);
      execFileSync('prlimit', ['--pid', String(writing.process.pid), '--fsize=unlimited:unlimited']);
      await writing.line(`written ${call + 3}`);
      writing.process.kill('SIGKILL');
      await writing.ended;
      const calls = await wholeCalls();
      expect(calls).toEqual(calls.map((_, n) => n));
      expect(calls.length).toBeGreaterThanOrEqual(call + 4);
    },
  );

  it('says which file is no database, and leaves it as it is', async () => {
    await writeFile(path, 'not a database at all, but something of the user');
    await expect(duckdbStore({ path })).rejects.toThrow(`the database ${path} is damaged (`);
    expect(await readFile(path, 'utf8')).toBe('not a database at all, but something of the user');
  });

  it('says which directory cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(duckdbStore({ path: join(directory, 'file', 'tandem.duckdb') })).rejects.toThrow(
      /^the database .* cannot be opened: /,
    );
  });

  it('keeps its rows over a restart', async () => {
    const first = await duckdbStore({ path });
    await first.write([{ table: 'ticks', rows: [tickRow(1), tickRow(2)] }]);
    await first.close();
    const second = await duckdbStore({ path });
    expect(await second.query('ticks', { where: { dataset: 'live' } })).toEqual([tickRow(1), tickRow(2)]);
    await second.close();
  });
});
