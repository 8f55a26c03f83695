import { createServer } from 'node:http';
import { createLog, type ServiceContext } from '@tandem/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { context, options } from './preview.fixture.ts';
import { startApi } from './service.ts';
import { partsOf, rulesOf, seed } from './status.ts';
import { startStream } from './stream.ts';

let ports: ServiceContext;
const lines: string[] = [];

beforeEach(async () => {
  const log = createLog({ write: (line) => lines.push(line), format: 'json' });
  ports = { ...(await context()), log };
});
afterEach(async () => {
  vi.restoreAllMocks();
  lines.splice(0);
  await ports.bus.close();
  await ports.store.close();
});

it('webhooks of which nothing can be read are down with the reason, not missing', async () => {
  vi.spyOn(ports.settings, 'list').mockRejectedValue(new Error('endpoints/desk.json cannot be read'));
  const { store, webhooks } = await partsOf(ports, options)();
  expect(store).toMatchObject({ state: 'ok' });
  expect(webhooks).toMatchObject({
    state: 'down',
    detail: 'it cannot be read how they are: endpoints/desk.json cannot be read',
  });
});

it('rules that cannot be read are shown as last known, which is said once', async () => {
  const rules = rulesOf(ports, options);
  const list = vi.spyOn(ports.settings, 'list');
  expect(await rules()).toEqual([]);
  list.mockRejectedValue(new Error('rules/a.json cannot be read'));
  for (let asked = 0; asked < 3; asked++) expect(await rules()).toEqual([]);
  expect(lines).toEqual([expect.stringContaining('rules/a.json cannot be read')]);
  list.mockRestore();
  await rules();
  vi.spyOn(ports.settings, 'list').mockRejectedValue(new Error('again'));
  await rules();
  expect(lines).toHaveLength(2);
});

it('a start that cannot learn what was said before goes on, and says so in one line', async () => {
  const stream = startStream(createServer(), ports.bus, ports.log, {
    path: '/stream',
    maxClients: 1,
    bufferedLimit: 1,
    stuckAfter: 1,
    refuse: () => undefined,
    catchUp: async () => {},
  });
  vi.spyOn(ports.bus, 'last').mockRejectedValue(new Error('JetStream does not answer'));
  await seed(ports, options, stream.newest);
  stream.stop();
  expect(lines).toEqual([expect.stringContaining('JetStream does not answer')]);
});

it('says what is down though the settings and the bus do not answer', async () => {
  const api = await startApi(ports, options);
  const never = new Promise<never>(() => undefined);
  ports.settings.list = () => never;
  ports.bus.last = () => never;
  const answer = await fetch(`${api.url}/api/v1/status`);
  const { services } = (await answer.json()) as { services: Record<string, { state: string }> };
  expect(services).toMatchObject({ bus: { state: 'down' }, store: { state: 'ok' } });
  await api.stop();
});
