import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Alert, type Analytics, Delivery, subjects } from '@tandem/common';
import {
  type Bus,
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type Service,
  type ServiceContext,
  type Settings,
  type Store,
} from '@tandem/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { minute, row, rule, ruleAt, start } from './core/rows.fixture.ts';
import { type AlerterOptions, startAlerter } from './index.ts';

interface Hook {
  url: string;
  bodies: (Alert & { type: string })[];
  ids: (string | undefined)[];
  /** Status of each answer; after the last, the last. `hang` never answers. */
  script: (number | 'hang')[];
}

let bus: Bus;
let store: Store;
let settings: Settings;
let lines: string[];
let clock: number;
const servers: Server[] = [];
const services: Service[] = [];

beforeEach(async () => {
  bus = memoryBus();
  store = await duckdbStore({ path: ':memory:' });
  settings = memorySettings();
  lines = [];
  clock = start;
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await bus.close();
  await store.close();
});

function context(): ServiceContext {
  const log = createLog({ write: (line) => lines.push(line), format: 'json' });
  return {
    bus,
    store,
    settings,
    log,
    health: healthRegistry(),
    metrics: metricsRegistry(),
    clock: () => clock,
  };
}

async function begin(options: Partial<AlerterOptions> = {}): Promise<Service> {
  const service = await startAlerter(context(), {
    dataset: 'live',
    studies: [
      { id: 'btc-eth-1m', interval: '1m' },
      { id: 'sol-eth-1m', interval: '1m' },
    ],
    rules: [rule],
    endpoints: [],
    allowPrivate: true,
    effectiveFrom: start - 1,
    schedule: [0, 1, 1, 1],
    ...options,
  });
  services.push(service);
  return service;
}

async function end(service: Service): Promise<void> {
  services.splice(services.indexOf(service), 1);
  await service.stop();
}

/** What analytics does: the row rests in the store before it is on the bus. */
async function happen(...rows: Analytics[]): Promise<void> {
  await store.write([{ table: 'analytics', rows }]);
  for (const one of rows) await bus.publish(subjects.analytics(one.study), one);
}

const zs = (from: number, ...values: (number | null)[]): Analytics[] =>
  values.map((z, i) => row(from + i, z));
const alerts = (): Promise<Alert[]> => store.query('alerts', { where: { dataset: 'live' } });
const deliveries = (): Promise<Delivery[]> => store.query('deliveries', { where: { dataset: 'live' } });
const until = <T>(check: () => Promise<T> | T): Promise<T> =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 });

async function hook(...script: (number | 'hang')[]): Promise<Hook> {
  const made: Hook = { url: '', bodies: [], ids: [], script };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    made.bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
    made.ids.push(request.headers['webhook-id'] as string | undefined);
    const answer = (made.script.length > 1 ? made.script.shift() : made.script[0]) ?? 200;
    if (answer !== 'hang') response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end('ok');
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return made;
}

describe('from a row to a receiver', () => {
  it('an alert is stored, published, and posted with its type and a stable id', async () => {
    const receiver = await hook(200);
    const published: unknown[] = [];
    bus.subscribe('alerts.>', (subject, data) => published.push([subject, data]));
    await begin({ endpoints: [{ id: 'desk', url: receiver.url }] });
    await happen(...zs(0, 2, 2.3, 0.1));
    await until(() => expect(receiver.bodies).toHaveLength(2));
    const stored = await alerts();
    expect(stored.map((alert) => [alert.time, alert.transition, alert.late, alert.simulated])).toEqual([
      [start + minute, 'firing', false, false],
      [start + 2 * minute, 'resolved', false, false],
    ]);
    expect(published).toEqual(stored.map((alert) => ['alerts.divergence.btc-eth-1m', alert]));
    expect(receiver.bodies).toEqual(stored.map((alert) => ({ type: `alert.${alert.transition}`, ...alert })));
    expect(receiver.ids).toEqual(stored.map((alert) => alert.id));
    await until(async () => {
      const ended = await deliveries();
      expect(ended.map((one) => [one.state, one.attempts, one.answer])).toEqual([
        ['delivered', 1, 'status 200'],
        ['delivered', 1, 'status 200'],
      ]);
      expect(ended.every((one) => Delivery.safeParse(one).success)).toBe(true);
    });
  });

  it('a receiver that fails is asked again in order; one that hangs delays neither it nor another', async () => {
    const flaky = await hook(500, 302, 200);
    const dead = await hook('hang');
    const well = await hook(204);
    await begin({
      endpoints: [
        { id: 'dead', url: dead.url },
        { id: 'flaky', url: flaky.url },
        { id: 'well', url: well.url },
      ],
    });
    await happen(...zs(0, 2, 2));
    await until(() => expect([flaky.bodies.length, well.bodies.length]).toEqual([3, 1]));
    await happen(...zs(2, 0));
    await until(() => expect([flaky.bodies.length, well.bodies.length]).toEqual([4, 2]));
    expect(flaky.bodies.map((body) => body.transition)).toEqual(['firing', 'firing', 'firing', 'resolved']);
    expect(new Set(flaky.ids).size).toBe(2);
    await until(async () => {
      expect(dead.bodies.map((body) => body.transition)).toEqual(['firing']);
      const state = new Map(
        (await deliveries()).map((one) => [`${one.endpoint} ${one.alert.split('_').pop()}`, one]),
      );
      expect(state.get('flaky firing')).toMatchObject({ state: 'delivered', attempts: 3 });
      expect(state.get('well resolved')).toMatchObject({ state: 'delivered', attempts: 1 });
      expect(state.get('dead firing')).toMatchObject({ state: 'pending', attempts: 0 });
      expect(state.get('dead resolved')).toMatchObject({ state: 'pending', attempts: 0 });
    });
  });

  it('gives up when the schedule is over, says so, and goes on with the next', async () => {
    const receiver = await hook(503, 503, 503, 503, 200);
    await begin({ endpoints: [{ id: 'desk', url: receiver.url }] });
    const ended = async () =>
      (await deliveries()).map((one) => [one.state, one.attempts, one.answer, one.next]);
    await happen(...zs(0, 2, 2));
    await until(async () => expect(await ended()).toEqual([['failed', 4, 'status 503', null]]));
    await happen(...zs(2, 0));
    await until(async () =>
      expect(await ended()).toEqual([
        ['failed', 4, 'status 503', null],
        ['delivered', 1, 'status 200', null],
      ]),
    );
    expect(lines.some((line) => line.includes('could not be delivered'))).toBe(true);
    expect(lines.some((line) => line.includes(receiver.url))).toBe(false);
  });

  it('what was pending when the process ended is delivered by the next, the older first', async () => {
    const receiver = await hook('hang');
    const options = { endpoints: [{ id: 'desk', url: receiver.url }], rules: [{ ...rule, bars: 1 }] };
    const first = await begin(options);
    // The second row is a flip: two alerts of one time, the resolution first.
    await happen(...zs(0, 2, -2, 0));
    await until(async () => expect(await alerts()).toHaveLength(4));
    await until(() => expect(receiver.bodies).toHaveLength(1));
    await end(first);
    receiver.script.splice(0, 1, 200);
    receiver.bodies.splice(0);
    await begin(options);
    await until(async () =>
      expect((await deliveries()).map((one) => one.state)).toEqual(Array(4).fill('delivered')),
    );
    expect(receiver.bodies.map((body) => `${(body.time - start) / minute} ${body.transition}`)).toEqual([
      '0 firing',
      '1 resolved',
      '1 firing',
      '2 resolved',
    ]);
  });

  it('on data that is not live nothing leaves, and the row says why; unless it is allowed', async () => {
    const receiver = await hook(200);
    const endpoints = [{ id: 'desk', url: receiver.url }];
    const first = await begin({ endpoints, simulated: true });
    await happen(...zs(0, 2, 2));
    await until(async () => expect((await deliveries()).map((one) => one.state)).toEqual(['withheld']));
    expect((await deliveries())[0]?.answer).toContain('not live');
    expect((await alerts())[0]?.simulated).toBe(true);
    await end(first);
    await begin({ endpoints, simulated: true, alertSimulated: true });
    await happen(...zs(2, 0));
    await until(() => expect(receiver.bodies.map((body) => body.transition)).toEqual(['resolved']));
  });

  it('an endpoint on a private address is refused in one line that does not tell its secret', async () => {
    await begin({ allowPrivate: false, endpoints: [{ id: 'desk', url: 'http://10.0.0.1/secret-token' }] });
    const line = lines.find((one) => one.includes('endpoint'));
    expect(line).toContain('private or reserved address 10.0.0.1');
    expect(lines.join('')).not.toContain('secret-token');
  });
});

describe('history, restarts and amendments', () => {
  it('a rule first seen over a history takes effect after it, and keeps that time over restarts', async () => {
    await store.write([{ table: 'analytics', rows: zs(0, 3, 3, 3) }]);
    const first = await begin();
    expect(await alerts()).toEqual([]);
    expect((await settings.get('rules', 'divergence'))?.value).toMatchObject({
      effectiveFrom: start + 2 * minute,
    });
    await end(first);
    await store.write([{ table: 'analytics', rows: zs(3, 3, 3) }]);
    await begin();
    expect((await alerts()).map((alert) => alert.time)).toEqual([start + 4 * minute]);
  });

  it('a rule that was changed takes effect anew, and still resolves what it had fired', async () => {
    const first = await begin();
    await happen(...zs(0, 2, 2, 3));
    await until(async () => expect(await alerts()).toHaveLength(1));
    await end(first);
    await begin({ rules: [ruleAt(2.5)] });
    expect((await settings.get('rules', 'divergence'))?.value).toMatchObject({
      when: ruleAt(2.5).when,
      effectiveFrom: start + 2 * minute,
    });
    await happen(...zs(3, 3, 0, 2.4, 2.4, 2.5, 2.5));
    await until(async () =>
      expect((await alerts()).map((alert) => (alert.time - start) / minute)).toEqual([1, 4, 8]),
    );
  });

  it('what happened while it was away is raised when it is back, marked late if it is', async () => {
    const first = await begin();
    await happen(...zs(0, 2));
    await until(async () => expect(await settings.get('alerter', 'live')).toBeDefined());
    await end(first);
    await store.write([{ table: 'analytics', rows: zs(1, 2, 0) }]);
    // The bar of minute 1 closed at 2:00; it is late from 5:00 on, the next from 6:00.
    clock = start + 5 * minute + 1;
    await begin();
    expect((await alerts()).map((alert) => [alert.transition, alert.late])).toEqual([
      ['firing', true],
      ['resolved', false],
    ]);
  });

  it('killed between the alert and its state, it raises the same alert again, once, as it was', async () => {
    const receiver = await hook(200);
    const first = await begin();
    await happen(...zs(0, 2));
    await until(async () => expect(await settings.get('alerter', 'live')).toBeDefined());
    const before = await settings.get('alerter', 'live');
    await happen(...zs(1, 2));
    await until(async () => expect(await alerts()).toHaveLength(1));
    await end(first);
    const raised = await alerts();
    await settings.put('alerter', 'live', before?.value);
    clock = start + 60 * minute;
    await begin({ endpoints: [{ id: 'desk', url: receiver.url }] });
    expect(await alerts()).toEqual(raised);
    // The delivery rows that were not yet written are made good.
    await until(() => expect(receiver.bodies).toHaveLength(1));
  });

  it('killed just after a silent bar was amended, it does not fire on it', async () => {
    const running = context();
    const first = await startAlerter(running, {
      dataset: 'live',
      studies: [{ id: 'btc-eth-1m', interval: '1m' }],
      rules: [rule],
      endpoints: [],
      effectiveFrom: start - 1,
    });
    const document = async () => (await settings.get('alerter', 'live'))?.value;
    const fresh = JSON.stringify(await document());
    await happen(...zs(0, 1));
    await until(async () => expect(JSON.stringify(await document())).not.toBe(fresh));
    // What the rules know of these is not kept for another second; as it is amended, the last would fire.
    await happen(...zs(1, 2, 0));
    await happen(row(2, 2));
    const amendments = 'tandem_alerter_amendments_total 1';
    await until(async () => expect(await running.metrics.text()).toContain(amendments));
    const kept = await document();
    await first.stop();
    await settings.put('alerter', 'live', kept);
    await bus.close();
    bus = memoryBus();
    await begin();
    expect(await alerts()).toEqual([]);
  });

  it('an amended row neither fires nor retracts, and is counted', async () => {
    const running = context();
    services.push(
      await startAlerter(running, {
        dataset: 'live',
        studies: [{ id: 'btc-eth-1m', interval: '1m' }],
        rules: [rule],
        endpoints: [],
        effectiveFrom: start - 1,
      }),
    );
    await happen(...zs(0, 2, 2, 1));
    await until(async () => expect(await alerts()).toHaveLength(1));
    await happen(row(1, 0), row(2, 0));
    await happen(row(3, 0));
    // Rows are counted when all of their batch is done, which is after its alerts can be read.
    const amendments = 'tandem_alerter_amendments_total 2';
    await until(async () => expect(await running.metrics.text()).toContain(amendments));
    await until(async () => expect(await alerts()).toHaveLength(2));
    expect((await alerts()).map((alert) => (alert.time - start) / minute)).toEqual([1, 3]);
  });

  it('a message that is no row, and a rule that is none, are refused in one line each; the rest goes on', async () => {
    await settings.put('rules', 'broken', { id: 'broken', z: -1 });
    await begin();
    await bus.publish('analytics.btc-eth-1m', { z: 'NaN' });
    await happen(...zs(0, 2, 2));
    await until(async () => expect(await alerts()).toHaveLength(1));
    expect(lines.filter((line) => line.includes('refused'))).toHaveLength(2);
    expect(lines.find((line) => line.includes('rule'))).toContain(
      '\\"broken\\" is refused and not evaluated: when:',
    );
  });

  it('a replay has its own alerts under its own ids, on all of its bars, and touches no document', async () => {
    await begin({ dataset: 'replay-1', effectiveFrom: 0 });
    await happen(...zs(0, 2, 2).map((one) => ({ ...one, dataset: 'replay-1' })), ...zs(0, 3, 3));
    await until(async () =>
      expect(await store.query('alerts', { where: { dataset: 'replay-1' } })).toMatchObject([
        { id: `replay-1_divergence_btc-eth-1m_${start + minute}_firing`, simulated: true, late: false },
      ]),
    );
    expect(await alerts()).toEqual([]);
    expect(await settings.list('rules')).toEqual([]);
  });
});
