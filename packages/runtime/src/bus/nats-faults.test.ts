import { setTimeout as sleep } from 'node:timers/promises';
import { natsServer } from '@tandem/backends';
import { afterAll, describe, expect, it } from 'vitest';
import { wipeNats } from '../nats-wipe.fixture.ts';
import { take } from './bus.contract.ts';
import type { Bus, Subscription } from './bus.ts';
import { natsBus } from './nats.ts';

const subjects = Array.from({ length: 20 }, (_, n) => `ticks.sim.S${n}`);

/** Numbered messages on every subject, each published once its predecessor is safe. */
async function publishAll(bus: Bus, perSubject: number, pace: number): Promise<void> {
  await Promise.all(
    subjects.map(async (subject) => {
      for (let n = 0; n < perSubject; n++) {
        await bus.publish(subject, n);
        await sleep(pace);
      }
    }),
  );
}

/** The numbers that each subject had, in the order of the stream. */
function bySubject(messages: readonly { subject: string; data: unknown }[]): Record<string, unknown[]> {
  const numbers = Object.fromEntries(messages.map(({ subject }) => [subject, [] as unknown[]]));
  for (const { subject, data } of messages) numbers[subject]?.push(data);
  return numbers;
}

const undisturbed = (perSubject: number) =>
  Object.fromEntries(subjects.map((subject) => [subject, Array.from({ length: perSubject }, (_, n) => n)]));

for (const which of ['newest', 'debian'] as const) {
  const server = await natsServer({ which });
  if (server === undefined) continue;
  if (server.how === 'environment') {
    console.log(
      'The tests that harm NATS did not run: TANDEM_TEST_NATS names a server that is not ours to harm.',
    );
    continue;
  }
  afterAll(() => server.stop());

  describe(`the bus on NATS ${server.version}`, () => {
    it('loses and repeats nothing, and keeps the order, while the server is killed with messages in flight', async () => {
      await wipeNats(server.url);
      const perSubject = 300;
      const bus = await natsBus(server.url);
      const reader = await natsBus(server.url);
      const reading = take(reader, 'TICKS', null, perSubject * subjects.length);
      const publishing = publishAll(bus, perSubject, 3);
      // Moments of a fixed seed.
      for (const wait of [137, 61, 404]) {
        await sleep(wait);
        await server.kill();
        await sleep(wait / 2);
        await server.restart();
      }
      await publishing;
      expect(bySubject(await reading)).toEqual(undisturbed(perSubject));
      const kept = await take(bus, 'TICKS', null, perSubject * subjects.length);
      expect(bySubject(kept)).toEqual(undisturbed(perSubject));
      // Nothing follows.
      await bus.publish('ticks.sim.END', 'end');
      const after = await take(bus, 'TICKS', kept.at(-1)?.position ?? null, 1);
      expect(after[0]?.data).toBe('end');
      await bus.close();
      await reader.close();
    });

    it('tells a passing reader that it may have missed something once it hears again', async () => {
      await wipeNats(server.url);
      const bus = await natsBus(server.url);
      const heard: unknown[] = [];
      let stopped: Subscription | undefined;
      const missed = new Promise<void>((resolve) => {
        bus.subscribe('bars.>', (_, data) => heard.push(data), resolve);
        stopped = bus.subscribe(
          'bars.>',
          () => undefined,
          () => heard.push('told after its end'),
        );
      });
      stopped?.stop();
      await server.kill();
      await server.restart();
      await missed;
      await bus.publish('bars.1m.sim.AAA', 1);
      await expect.poll(() => heard).toEqual([1]);
      await bus.close();
    });

    // Seconds of silence are what it is about; the older server is noticed in the same way.
    it.runIf(which === 'newest')(
      'waits for a server that hangs, says so, and goes on where it was',
      async () => {
        await wipeNats(server.url);
        const states: string[] = [];
        const bus = await natsBus(server.url, { onState: (condition) => states.push(condition) });
        const perSubject = 200;
        const reading = take(bus, 'TICKS', null, perSubject * subjects.length);
        const publishing = publishAll(bus, perSubject, 3);
        await sleep(150);
        await server.pause();
        let safe = false;
        const waiting = bus.publish('ticks.sim.WAITS', 1).then(() => {
          safe = true;
        });
        try {
          while (states.at(-1) !== 'down') await sleep(50);
          expect(safe).toBe(false);
          await expect(bus.request('rpc.a.b', 1, 50)).rejects.toThrow(
            /no answer from "rpc.a.b" within 50 ms/,
          );
          await bus.publish('live.a-b-1m', 'missed');
        } finally {
          await server.resume();
        }
        await publishing;
        await waiting;
        const read = (await reading).filter(({ subject }) => subject !== 'ticks.sim.WAITS');
        const kept = (await take(bus, 'TICKS', null, perSubject * subjects.length + 1)).filter(
          ({ subject }) => subject !== 'ticks.sim.WAITS',
        );
        expect(bySubject(kept)).toEqual(undisturbed(perSubject));
        expect(read.length).toBeGreaterThanOrEqual(perSubject * subjects.length - 1);
        expect(states.at(-1)).toBe('ok');
        await bus.close();
      },
    );
  });
}

const late = await natsServer({ started: false });
if (late !== undefined) {
  afterAll(() => late.stop());
  it('waits for a server that starts after it', async () => {
    const states: string[] = [];
    const opening = natsBus(late.url, { onState: (condition) => states.push(condition) });
    while (states.length === 0) await sleep(10);
    // Each attempt may fail for a reason of its own.
    expect([...new Set(states)]).toEqual(['down']);
    await late.restart();
    const bus = await opening;
    await bus.publish('bars.1m.sim.AAA', 1);
    expect((await bus.last('bars.1m.sim.AAA'))?.data).toBe(1);
    expect(states.at(-1)).toBe('ok');
    await bus.close();
  });
}
