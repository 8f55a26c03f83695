import { natsServer } from '@tandem/backends';
import { afterAll } from 'vitest';
import { wipeNats } from '../nats-wipe.fixture.ts';
import { natsSettings } from './nats.ts';
import { settingsContract } from './settings.contract.ts';

for (const which of ['newest', 'debian'] as const) {
  const server = await natsServer({ which });
  if (server === undefined) continue;
  afterAll(() => server.stop());
  settingsContract(`NATS ${server.version}`, async () => {
    await wipeNats(server.url);
    return natsSettings(server.url);
  });
}
