import {
  type Bus,
  createLog,
  healthRegistry,
  memoryBus,
  memorySettings,
  positionsBucket,
} from '@tandem/runtime';
import { expect, it } from 'vitest';
import { followPast } from './follow-past.ts';

it('goes on at the first message kept when the stream has dropped unread ones, with nothing left in memory', async () => {
  const bus: Bus = Object.assign(memoryBus({ capacity: 4 }), { durable: true });
  const settings = memorySettings();
  const subject = 'ticks.sim.BTCUSDT';
  await bus.publish(subject, 1);
  await settings.put(positionsBucket, 'resampler.ticks', (await bus.last(subject))?.position);
  for (const number of [2, 3, 4, 5, 6, 7]) await bus.publish(subject, number);
  const stopping = new AbortController();
  const read: unknown[] = [];
  let forgotten = 0;
  const context = { bus, settings, log: createLog({ level: 'silent' }), health: healthRegistry() };
  await followPast(
    context as Parameters<typeof followPast>[0],
    stopping.signal,
    async (messages) => {
      read.push(...messages.map(({ data }) => data));
      stopping.abort();
    },
    () => {
      forgotten++;
    },
  );
  expect([read, forgotten]).toEqual([[4, 5, 6, 7], 1]);
});
