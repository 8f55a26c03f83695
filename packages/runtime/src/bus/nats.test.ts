import { natsServer } from '@tandem/backends';
import { afterAll } from 'vitest';
import { wipeNats } from '../nats-wipe.fixture.ts';
import { busContract } from './bus.contract.ts';
import { natsBus } from './nats.ts';

for (const which of ['newest', 'debian'] as const) {
  const server = await natsServer({ which });
  if (server === undefined) continue;
  afterAll(() => server.stop());
  busContract(`NATS ${server.version}`, async () => {
    await wipeNats(server.url);
    return natsBus(server.url);
  });
}
