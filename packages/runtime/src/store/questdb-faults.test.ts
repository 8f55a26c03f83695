import { proxyTo, questdbServer } from '@tandem/backends';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../log.ts';
import { type QuestdbStoreOptions, questdbStore } from './questdb.ts';
import { questdbAddress } from './questdb-address.ts';

import { barRow, tickRow } from './sample-rows.fixture.ts';
import type { Store } from './store.ts';

const server = await questdbServer({ harmed: true });
afterAll(() => server?.stop());

const where = { dataset: 'live' };
const soon = { requestWithin: 500, answerWithin: 2_000 };

describe.skipIf(server === undefined)('a QuestDB server in trouble', () => {
  if (server === undefined) return;
  const address = questdbAddress(server.url);
  let count = 0;
  let open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.reverse()) await one.close();
    open = [];
  });
  const keep = <One extends { close(): Promise<void> }>(one: One): One => {
    open.push(one);
    return one;
  };
  const storeAt = async (url: string, options: QuestdbStoreOptions = {}) =>
    keep(await questdbStore(url, { prefix: `faults${count++}_`, ...options }));
  /** A store whose writes pass a proxy; it reads past it. */
  const proxied = async (options: QuestdbStoreOptions = {}) => {
    const proxy = keep(await proxyTo(address.httpPort));
    const url = `questdb://127.0.0.1:${proxy.port}?pg=${address.pgPort}`;
    return { proxy, store: await storeAt(url, { ...soon, ...options }) };
  };
  const ticksOf = async (store: Store) => {
    await store.settled('ticks');
    return store.query('ticks', { where });
  };

  it('holds every acknowledged call whenever it is killed, and repeated ones once', {
    timeout: 120_000,
  }, async () => {
    const store = await storeAt(server.url, { writeWithin: 110_000 });
    const killAfter = fc.sample(fc.integer({ min: 3, max: 25 }), { seed: 7, numRuns: 3 });
    const acknowledged: number[] = [];
    let wanted = Number.POSITIVE_INFINITY;
    const writer = (async () => {
      for (let call = 0; call < wanted; call++) {
        const ticks = Array.from({ length: 50 }, (_, n) => tickRow(call * 50 + n));
        const bars = Array.from({ length: 5 }, (_, n) => barRow(n, { revision: call }));
        await store.write([
          { table: 'ticks', rows: ticks },
          { table: 'bars', rows: bars },
        ]);
        acknowledged.push(call);
      }
    })();
    for (const calls of killAfter) {
      const target = acknowledged.length + calls;
      while (acknowledged.length < target)
        await Promise.race([writer, new Promise((go) => setTimeout(go, 1))]);
      await server.kill();
      const before = acknowledged.length;
      await server.restart();
      // What was acknowledged until then is there, before anything is written again.
      const ids = (await ticksOf(store)).map((tick) => Number(tick.id));
      expect(ids.slice(0, before * 50)).toEqual(Array.from({ length: before * 50 }, (_, n) => n));
    }
    wanted = acknowledged.length + 5;
    await writer;
    const rows = Array.from({ length: acknowledged.length * 50 }, (_, n) => tickRow(n));
    expect(await ticksOf(store)).toEqual(rows);
    await store.settled('bars');
    const bars = await store.query('bars', { where });
    expect(bars.map((bar) => bar.revision)).toEqual(Array(5).fill(acknowledged.length - 1));
  });

  it('is waited for while it answers 503, and says so', async () => {
    const states: string[] = [];
    const { proxy, store } = await proxied({
      onState: (condition, reason) => states.push(`${condition} ${reason}`),
    });
    proxy.be('503');
    const writing = store.write([{ table: 'ticks', rows: [tickRow(1)] }]);
    while (states.length === 0) await new Promise((go) => setTimeout(go, 5));
    proxy.be('through');
    await writing;
    expect(states[0]).toMatch(
      /^down QuestDB at 127\.0\.0\.1:\d+ did not take rows of ticks: it answers 503$/,
    );
    expect(states.at(-1)).toBe('ok ');
    expect(await ticksOf(store)).toEqual([tickRow(1)]);
  });

  it('that takes rows but whose answer is lost stores them once', async () => {
    const { proxy, store } = await proxied();
    proxy.be('cut');
    const writing = store.write([{ table: 'ticks', rows: [tickRow(1), tickRow(2)] }]);
    while (proxy.spoilt() < 2) await new Promise((go) => setTimeout(go, 5));
    proxy.be('through');
    await writing;
    expect(await ticksOf(store)).toEqual([tickRow(1), tickRow(2)]);
  });

  it('that reads a request long after it was given up does not undo what was written since', async () => {
    const { proxy, store } = await proxied();
    proxy.be('late');
    const writing = store.write([{ table: 'bars', rows: [barRow(1, { revision: 1 })] }]);
    while (proxy.spoilt() < 1) await new Promise((go) => setTimeout(go, 5));
    proxy.be('through');
    await writing;
    await store.write([{ table: 'bars', rows: [barRow(1, { revision: 2 })] }]);
    // By now the late one has come, and been read, whatever the order.
    await new Promise((go) => setTimeout(go, 1_000));
    await store.settled('bars');
    expect(await store.query('bars', { where })).toEqual([barRow(1, { revision: 2 })]);
  });

  it('that hangs fails writes and reads in one sentence each, and serves the next ones', async () => {
    const prefix = `hanging${process.pid}_`;
    const patient = await storeAt(server.url, { prefix });
    await patient.write([{ table: 'ticks', rows: [tickRow(1)] }]);
    const store = await storeAt(server.url, { prefix, ...soon, writeWithin: 0 });
    await server.pause();
    const failures = Promise.allSettled([
      store.write([{ table: 'ticks', rows: [tickRow(2)] }]),
      store.query('ticks', { where }),
      store.settled('ticks'),
    ]);
    const reasons = (await failures).map((one) => (one.status === 'rejected' ? String(one.reason) : 'none'));
    await server.resume();
    expect(reasons).toEqual([
      expect.stringMatching(/QuestDB at .* did not take rows of ticks: it does not answer$/),
      expect.stringMatching(/QuestDB at .* does not answer \(PG wire\)$/),
      expect.stringMatching(/QuestDB at .* does not answer \(PG wire\)$/),
    ]);
    // It has half a second for an answer, once it is served at all.
    await vi.waitFor(() => store.write([{ table: 'ticks', rows: [tickRow(3)] }]), { timeout: 60_000 });
    expect((await ticksOf(patient)).map((tick) => tick.id)).toEqual(expect.arrayContaining(['1', '3']));
  });

  it('that is away at the start is waited for', { timeout: 120_000 }, async () => {
    await server.kill();
    const warned: unknown[] = [];
    const log = { warn: (what: unknown) => warned.push(what) } as unknown as Log;
    await expect(storeAt(server.url, { ...soon, startWithin: 1 })).rejects.toThrow(
      /^QuestDB at [\w.-]+:\d+ cannot be reached over PG wire \(ECONNREFUSED\)$/,
    );
    const opening = storeAt(server.url, { log });
    while (warned.length === 0) await new Promise((go) => setTimeout(go, 5));
    await server.restart();
    const store = await opening;
    await store.write([{ table: 'ticks', rows: [tickRow(1)] }]);
    expect(await ticksOf(store)).toEqual([tickRow(1)]);
  });

  it('ends a write that waits for it when the store is closed', async () => {
    const { proxy, store } = await proxied({ writeWithin: 3_600_000 });
    proxy.be('503');
    const writing = expect(store.write([{ table: 'ticks', rows: [tickRow(1)] }])).rejects.toThrow(/503/);
    await store.close();
    await writing;
  });
});
