import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster } from '@tandem/cluster';
import { describe, it } from 'vitest';
import { randomOf } from './cluster-run.ts';
import { hasReference } from './reference.ts';
import { type Environment, Reader, Tandem } from './tandem.ts';
import {
  expectSameAlerts,
  expectScheduled,
  expectTold,
  kinds,
  runWebhooks,
  type WebhookRun,
} from './webhook-run.ts';

/** `npm run test:all`: what takes minutes. */
const all = process.env.TANDEM_TEST_ALL === 'true' && hasReference;
const kills = 100;
const patience = 1_800_000;

async function one(environment: Environment) {
  const tandem = new Tandem(environment);
  await tandem.start();
  return { reader: tandem, output: () => tandem.output, stop: () => tandem.stop() };
}

async function five(environment: Environment) {
  const cluster = await startCluster(environment);
  if (cluster === undefined) return undefined;
  const { services } = cluster;
  return {
    reader: new Reader(() => services.api.url),
    alerter: services.alerter,
    output: () => services.alerter.output,
    stop: () => cluster.stop(),
  };
}

describe.skipIf(!all)(`an alerter of its own, on NATS and QuestDB, that is killed ${kills} times`, () => {
  it(
    'doubles and loses no alert, and tells every healthy receiver at least once',
    async () => {
      const undisturbed = (await runWebhooks(10, [], one)) as WebhookRun;
      const random = randomOf(5);
      const killed = await runWebhooks(1, kinds, five, async ({ alerter }) => {
        for (let kill = 0; kill < kills; kill++) {
          await sleep(200 + 1_500 * random());
          await alerter.kill();
          await alerter.start();
        }
      });
      if (killed === undefined) return;
      expectSameAlerts(killed, undisturbed);
      expectTold(killed);
      expectScheduled(killed);
    },
    patience,
  );
});
