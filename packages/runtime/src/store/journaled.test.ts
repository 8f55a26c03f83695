import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { child, program } from '../child.fixture.ts';
import { openStore } from '../open.ts';
import { duckdbStore } from './duckdb.ts';
import { lineOf } from './journal-entry.ts';
import { journaledStore } from './journaled.ts';
import { otherRows } from './sample-rows.fixture.ts';
import { storeContract } from './store.contract.ts';
import type { Store } from './store.ts';
import { type TableName, tables } from './tables.ts';

const live = { dataset: 'live' };
let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tandem-journal-'));
  path = join(directory, 'tandem.duckdb');
});
afterEach(() => rm(directory, { recursive: true }));

const everyTable = new Set(Object.keys(tables) as TableName[]);
storeContract('DuckDB behind a journal', async () =>
  journaledStore(await duckdbStore({ path: ':memory:' }), join(directory, 'journal'), everyTable),
);

describe('alerts in an embedded store', () => {
  let built: Awaited<ReturnType<typeof program>>;
  beforeAll(async () => {
    built = await program(new URL('./journaled.child.fixture.ts', import.meta.url));
  });
  afterAll(() => built.remove());

  const numbers = (output: string, what: string) =>
    (output.match(new RegExp(`(?<=^${what} )\\d+$`, 'gm')) ?? []).map(Number);

  /** Every acknowledged call is there, and what was not acknowledged is there whole or not at all. */
  async function expectAll(output: string): Promise<number> {
    const store = await openStore(`duckdb:${path}`);
    const alerts = await store.query('alerts', { where: live });
    const deliveries = await store.query('deliveries', { where: live });
    await store.close();
    expect(alerts.map(({ id }) => id)).toEqual(alerts.map((_, call) => `alert-${call}`));
    expect(deliveries.map(({ alert }) => alert)).toEqual(alerts.map(({ id }) => id));
    expect(alerts.length).toBeGreaterThan(numbers(output, 'raised').at(-1) as number);
    const pending = deliveries.findIndex(({ state }) => state === 'pending');
    const delivered = pending === -1 ? deliveries.length : pending;
    expect(delivered).toBeGreaterThan(numbers(output, 'delivered').at(-1) as number);
    expect(delivered).toBeGreaterThanOrEqual(alerts.length - 1);
    // The call that the kill cut short is made again.
    return delivered;
  }

  it('are there once each and as they were last acknowledged, whenever the process is killed', async () => {
    let next = 0;
    for (const calls of [1, 30, 400, 3, 1_000, 90]) {
      const writing = child(built.file, [path, String(next)]);
      await writing.line(`delivered ${next + calls}`);
      writing.process.kill('SIGKILL');
      await writing.ended;
      next = await expectAll(writing.output());
    }
  });

  // The bound below is set and lifted by Linux's own tools.
  it.runIf(process.platform === 'linux')(
    'are refused in one sentence while the disk is full, and not lost or halved once there is room',
    async () => {
      await (await openStore(`duckdb:${path}`)).close();
      const writing = child(built.file, [path, '0'], 600);
      const refused = await writing.line('refused');
      expect(refused).toMatch(
        /^refused \w+ \d+ the (journal|database) .* (cannot be written|failed while writing): /,
      );
      const call = Number(refused.split(' ')[2]);
      execFileSync('prlimit', ['--pid', String(writing.process.pid), '--fsize=unlimited:unlimited']);
      await writing.line(`delivered ${call + 50}`);
      writing.process.kill('SIGKILL');
      await writing.ended;
      await expectAll(writing.output());
    },
  );

  const versions = [1, 2, 3].map((attempts) =>
    lineOf({
      number: attempts,
      changes: [{ table: 'deliveries', rows: [{ ...otherRows.deliveries, attempts }] }],
    }),
  );

  it('are as the newest entry says, whichever of the two files it is in', async () => {
    for (const [a, b] of [
      [versions[0], versions[2]],
      [versions[2], versions[1]],
    ] as const) {
      await writeFile(`${path}.journal-a`, a as string);
      await writeFile(`${path}.journal-b`, b as string);
      const store = await openStore(`duckdb:${path}`);
      expect(await store.query('deliveries', { where: live })).toMatchObject([{ attempts: 3 }]);
      await store.close();
      expect(await readFile(`${path}.journal-a`, 'utf8')).toBe('');
      expect(await readFile(`${path}.journal-b`, 'utf8')).toBe('');
    }
  });

  it('have no value where the version that was killed did not know a column yet', async () => {
    const { history, ...earlier } = otherRows.deliveries;
    const line = lineOf({ number: 1, changes: [{ table: 'deliveries', rows: [earlier as never] }] });
    await writeFile(`${path}.journal-a`, line);
    const store = await openStore(`duckdb:${path}`);
    expect(history).toHaveLength(1);
    expect(await store.query('deliveries', { where: live })).toEqual([{ ...earlier, history: null }]);
    await store.close();
  });

  const version = (attempts: number) => ({ ...otherRows.deliveries, attempts });

  it('do not come back as they were refused, over what was acknowledged since', async () => {
    const probe = await open(join(directory, 'probe'), 'w');
    const synced = vi.spyOn(Object.getPrototypeOf(probe), 'datasync');
    await probe.close();
    const store = await openStore(`duckdb:${path}`);
    synced.mockRejectedValueOnce(new Error('EIO: i/o error'));
    await expect(store.write([{ table: 'deliveries', rows: [version(1)] }])).rejects.toThrow(/EIO/);
    synced.mockRestore();
    const others = Array.from({ length: 600 }, (_, n) => ({ ...version(1), alert: `other-${n}` }));
    await store.write([{ table: 'deliveries', rows: [version(2), ...others] }]);
    await store.close();
    const again = await openStore(`duckdb:${path}`);
    const where = { ...live, alert: otherRows.deliveries.alert };
    expect(await again.query('deliveries', { where })).toEqual([version(2)]);
    await again.close();
  });

  it('are refused while the store closes, rather than replaced by what waits in the journal', async () => {
    const store = await openStore(`duckdb:${path}`);
    await store.write([{ table: 'deliveries', rows: [version(1)] }]);
    const closing = store.close();
    await expect(store.write([{ table: 'deliveries', rows: [version(2)] }])).rejects.toThrow('is closed');
    await closing;
    const again = await openStore(`duckdb:${path}`);
    expect(await again.query('deliveries', { where: live })).toEqual([version(1)]);
    await again.close();
  });

  it('say in one sentence which journal cannot be opened', async () => {
    await mkdir(`${path}.journal-b`);
    await expect(openStore(`duckdb:${path}`)).rejects.toThrow(
      new RegExp(`^the journal ${path}.journal-b cannot be opened: EISDIR`),
    );
    await rm(`${path}.journal-b`, { recursive: true });
    await (await openStore(`duckdb:${path}`)).close();
  });

  it('say in one sentence which journal is damaged, which is left as it is', async () => {
    const damaged = versions.join('').replace('pending', 'pendign');
    await writeFile(`${path}.journal-b`, damaged);
    await expect(openStore(`duckdb:${path}`)).rejects.toThrow(
      `the journal ${path}.journal-b is damaged: line 1 is not as it was written; move it away to start without`,
    );
    expect(await readFile(`${path}.journal-b`, 'utf8')).toBe(damaged);
    await rm(`${path}.journal-b`);
    await (await openStore(`duckdb:${path}`)).close();
  });

  it('are moved out of the journal by themselves, and by whoever reads them', async () => {
    const inner = await duckdbStore({ path });
    const store: Store = await journaledStore(inner, `${path}.journal`);
    const journals = async () =>
      (await Promise.all(['a', 'b'].map((name) => readFile(`${path}.journal-${name}`, 'utf8')))).join('');
    // Nothing is moved before we have looked.
    const write = inner.write.bind(inner);
    let look = () => {};
    const looked = new Promise<void>((resolve) => {
      look = resolve;
    });
    const moving = vi
      .spyOn(inner, 'write')
      .mockImplementation((changes) => looked.then(() => write(changes)));
    await store.write([{ table: 'alerts', rows: [otherRows.alerts] }]);
    expect(await journals()).toContain(otherRows.alerts.id);
    look();
    moving.mockRestore();
    expect(await store.query('alerts', { where: live })).toEqual([otherRows.alerts]);
    expect(await journals()).toBe('');
    await store.write([{ table: 'alerts', rows: [{ ...otherRows.alerts, text: 'amended' }] }]);
    while ((await journals()) !== '') await new Promise((resolve) => setTimeout(resolve, 10));
    await store.close();
  });
});
