import type { ServiceContext } from '@tandem/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { context, options } from './preview.fixture.ts';
import { type Api, startApi } from './service.ts';

let ports: ServiceContext;
let api: Api;

beforeEach(async () => {
  ports = await context();
  api = await startApi(ports, options);
});

afterEach(async () => {
  await api.stop();
  await ports.bus.close();
  await ports.store.close();
});

it('says what is down though the settings and the bus do not answer', async () => {
  const never = new Promise<never>(() => undefined);
  ports.settings.list = () => never;
  ports.bus.last = () => never;
  const answer = await fetch(`${api.url}/api/v1/status`);
  const { services } = (await answer.json()) as { services: Record<string, { state: string }> };
  expect(services).toMatchObject({ bus: { state: 'down' }, store: { state: 'ok' } });
});
