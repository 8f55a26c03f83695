import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomOf, runCluster, runUndisturbed } from './cluster-run.ts';
import { hasReference, klines, nineFields, usdm } from './reference.ts';
import { serveRecording } from './served-recording.ts';
import { expectEqualTables, type Tables } from './tables.ts';

describe.skipIf(!hasReference)('five processes on NATS and QuestDB', () => {
  let undisturbed: Tables;

  beforeAll(async () => {
    undisturbed = await runUndisturbed();
  }, 300_000);

  it('give bars equal to the exchange, and the same tables as one process', async () => {
    const tables = await runCluster(await serveRecording(10));
    if (tables === undefined) return;
    for (const symbol of usdm.symbols) {
      const complete = (tables.bars[`${symbol} 1m`] ?? []).filter((bar) => bar.complete);
      expect(complete.length).toBe(5);
      for (const bar of complete) expect(nineFields(bar)).toEqual(klines(symbol).get(bar.time));
    }
    expectEqualTables(tables, undisturbed);
  }, 300_000);

  it('give the same tables when each of them, NATS and QuestDB are killed again and again', async () => {
    const random = randomOf(7);
    const tables = await runCluster(await serveRecording(4), async ({ services, nats, questdb }) => {
      const victims = [...Object.values(services), nats, questdb];
      for (let round = 0; round < 14; round++) {
        await sleep(500 + 2_000 * random());
        const victim = victims[round % victims.length];
        if (victim === undefined) continue;
        await victim.kill();
        await sleep(1_000 * random());
        await ('restart' in victim ? victim.restart() : victim.start());
      }
    });
    if (tables !== undefined) expectEqualTables(tables, undisturbed);
  }, 300_000);
});
