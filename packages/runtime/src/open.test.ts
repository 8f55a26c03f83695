import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openBus, openSettings, openStore } from './open.ts';

it('opens the adapter that the scheme of a URL names', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-open-'));
  const store = await openStore(`duckdb:${join(directory, 'deep', 'tandem.duckdb')}`);
  const settings = await openSettings(`file:${join(directory, 'settings')}`);
  expect((await readdir(directory)).sort()).toEqual(['deep', 'settings']);
  const others = [
    await openStore('duckdb::memory:'),
    await openSettings('memory:'),
    await openBus('memory:'),
  ];
  for (const port of [store, settings, ...others]) await port.close();
  await rm(directory, { recursive: true });
});

it.each([
  '',
  'memory',
  'memory:x',
  'redis://host',
  'toString:',
  'duckdb:',
  'file:',
  '://',
  'nats:',
  'nats://',
  'nats://a/b',
  'questdb:',
  'questdb://',
  'questdb://a?table=ticks',
])('refuses the URL %j in a sentence that lists what is known', async (url) => {
  await expect(openBus(url)).rejects.toThrow(
    `bus "${url}" is refused: it is not known; known: memory:, nats://[USER:PASSWORD@]HOST[:PORT][?tls]`,
  );
  await expect(openStore(url)).rejects.toThrow(
    /^store .* is refused: it is not known; known: duckdb:PATH, questdb:\/\/\[USER:PASSWORD@\]HOST/,
  );
  await expect(openSettings(url)).rejects.toThrow(/known: memory:, file:DIRECTORY, nats:.*HOST/);
});
