import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomOf } from './cluster-run.ts';
import { hasReference } from './reference.ts';
import { type Environment, Tandem } from './tandem.ts';
import {
  expectSameAlerts,
  expectScheduled,
  expectTold,
  kinds,
  runWebhooks,
  type WebhookRun,
} from './webhook-run.ts';

const all = process.env.TANDEM_TEST_ALL === 'true';
const kills = all ? 100 : 10;
/** Slow enough for so many starts of the process within the recorded five minutes. */
const speed = all ? 1 : 5;
const patience = 1_800_000;

async function start(environment: Environment) {
  const tandem = new Tandem(environment);
  await tandem.start();
  return { reader: tandem, tandem, output: () => tandem.output, stop: () => tandem.stop() };
}

describe.skipIf(!hasReference)(`alerts of a process that is killed at ${kills} moments`, () => {
  let undisturbed: WebhookRun;
  let killed: WebhookRun;

  beforeAll(async () => {
    undisturbed = (await runWebhooks(10, [], start)) as WebhookRun;
    const random = randomOf(20_240_808);
    killed = (await runWebhooks(speed, kinds, start, async ({ tandem }) => {
      for (let kill = 0; kill < kills; kill++) {
        await sleep(200 + 2_000 * random());
        await tandem.kill();
        await tandem.start();
      }
    })) as WebhookRun;
  }, patience);

  it('are neither doubled nor lost', () => {
    expectSameAlerts(killed, undisturbed);
  });

  it('have reached every healthy receiver at least once, under one id, in one wording and in order', () => {
    expectTold(killed);
  });

  it('have one row per receiver, and each receiver gets what the schedule says', () => {
    expectScheduled(killed);
  });

  it('never bring the address of a receiver into the log', () => {
    expect(killed.output).not.toContain('/hook');
  });
});
