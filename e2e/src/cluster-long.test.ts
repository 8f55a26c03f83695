import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '@tandem/cluster';
import type { Simulator } from '@tandem/simulator';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomOf, runCluster, runUndisturbed } from './cluster-run.ts';
import { hasReference } from './reference.ts';
import { serveRecording } from './served-recording.ts';
import { expectEqualTables, type Tables } from './tables.ts';

/** `npm run test:all`: what takes minutes each. */
const all = process.env.TANDEM_TEST_ALL === 'true' && hasReference;
const patience = 600_000;
/** Kills of each process. */
const rounds = 20;

describe.skipIf(!all)('five processes on NATS and QuestDB, for long', () => {
  let undisturbed: Tables;

  beforeAll(async () => {
    undisturbed = await runUndisturbed();
  }, 300_000);

  /** The slow recording lets whatever happens happen with messages in flight. */
  const survives = async (
    simulator: Simulator,
    disturb: (cluster: Cluster) => Promise<void>,
    proxied = false,
  ) => {
    const tables = await runCluster(simulator, disturb, patience, proxied);
    if (tables !== undefined) expectEqualTables(tables, undisturbed);
  };

  it(
    'give the same tables when each of them, NATS and QuestDB are killed at twenty moments each',
    async () => {
      const random = randomOf(20_240_808);
      const simulator = await serveRecording(0.5);
      let over = false;
      void simulator.finished.then(() => {
        over = true;
      });
      await survives(simulator, async ({ services, nats, questdb }) => {
        const victims = [...Object.values(services), nats, questdb];
        for (let kill = 0; kill < rounds * victims.length; kill++) {
          await sleep(800 * random());
          const victim = victims[kill % victims.length];
          if (victim === undefined) continue;
          // A kill after the last trade would prove nothing.
          expect(over, `the recording ended before kill ${kill}`).toBe(false);
          await victim.kill();
          await sleep(400 * random());
          await ('restart' in victim ? victim.restart() : victim.start());
        }
      });
    },
    2 * patience + 60_000,
  );

  it(
    'give the same tables when NATS hangs for a minute',
    async () => {
      await survives(await serveRecording(3), async ({ nats }) => {
        await sleep(10_000);
        await nats.pause();
        await sleep(60_000);
        await nats.resume();
      });
    },
    patience + 60_000,
  );

  it(
    'give the same tables when QuestDB hangs for a minute',
    async () => {
      await survives(await serveRecording(3), async ({ questdb }) => {
        await sleep(10_000);
        await questdb.pause();
        await sleep(60_000);
        await questdb.resume();
      });
    },
    patience + 60_000,
  );

  it(
    'give the same tables when QuestDB answers 503 for a minute',
    async () => {
      await survives(
        await serveRecording(3),
        async ({ proxy }) => {
          await sleep(10_000);
          proxy?.be('503');
          await sleep(60_000);
          proxy?.be('through');
          expect(proxy?.spoilt()).toBeGreaterThan(0);
        },
        true,
      );
    },
    patience + 60_000,
  );
});
