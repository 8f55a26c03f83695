import {
  type Alert,
  Delivery,
  type Endpoint,
  type EndpointView,
  type ReplayAnswer,
  type ReplayRequest,
} from '@tandem/common';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alert, start } from './core/alert.fixture.ts';
import { newDelivery } from './core/recipients.ts';
import { type Market, market } from './deliveries.fixture.ts';
import type { Receiver } from './receiver.fixture.ts';
import { replayLimit } from './replay.ts';

const minute = 60_000;
const secrets = [`whsec_${btoa('a'.repeat(32))}`, `whsec_${btoa('b'.repeat(32))}`];

let it_: Market;
beforeEach(async () => {
  it_ = await market();
});
afterEach(() => it_.close());

const until = <T>(check: () => Promise<T> | T): Promise<T> =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 });

/** The alert of a minute: an entry or its end, in turns. */
function bar(index: number, given: Partial<Alert> = {}): Alert {
  return alert({
    time: start + index * minute,
    transition: index % 2 === 0 ? 'firing' : 'resolved',
    ...given,
  });
}
const bars = (count: number, given: Partial<Alert> = {}) =>
  Array.from({ length: count }, (_, i) => bar(i, given));

/** `minute transition` of what a receiver heard, each once, in the order of the first time. */
function heard({ heard: all }: Receiver): string[] {
  const told = all.map(({ body }) => JSON.parse(body) as Alert);
  return [...new Set(told.map(({ time, transition }) => `${(time - start) / minute} ${transition}`))];
}
const states = async (endpoint: string) =>
  (await it_.deliveries(endpoint)).map(({ time, state }) => `${(time - start) / minute} ${state}`);
const endpoints = async () =>
  ((await it_.bus.request('rpc.alerter.endpoints', {}, 1_000)) as { endpoints: EndpointView[] }).endpoints;
const at = (id: string, { url }: Receiver, given: object = {}) => ({ id, url, ...given });

/** Raises an alert of a study, and another, which `well` hears: what anybody was sent of the first has been heard by then. */
async function heardByNow(well: Receiver, study: string): Promise<void> {
  for (const name of [study, `${study}-2`]) {
    const before = well.heard.length;
    await it_.raise(bar(1, { study: name, id: name }));
    await until(() => expect(well.heard.length).toBeGreaterThan(before));
  }
}

describe('receivers of every kind, at once', () => {
  it('each gets what the schedule says, and none delays another', async () => {
    const hooks = {
      well: await it_.hook(200),
      slow: await it_.hook('slow'),
      failing: await it_.hook(500),
      flaky: await it_.hook('reset', 500, 200),
      redirecting: await it_.hook({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
      endless: await it_.hook('endless'),
      hanging: await it_.hook('hang'),
      busy: await it_.hook({ status: 429, headers: { 'retry-after': '1' } }, 200),
      gone: await it_.hook(410),
    };
    const down = await it_.hook(200);
    await down.down();
    const ended: Delivery[] = [];
    await it_.begin({
      endpoints: Object.entries({ ...hooks, down }).map(([id, hook]) => at(id, hook)),
      // Longer than a machine may be busy with something else: who answers, has answered by then.
      timeout: 4_000,
      schedule: [0, 1, 1],
      onEnd: (delivery) => ended.push(delivery),
    });
    await it_.raise(bar(1));
    await until(async () => {
      const rows = await it_.deliveries();
      expect(rows.map(({ state }) => state)).not.toContain('pending');
      expect(rows.every((row) => Delivery.safeParse(row).success)).toBe(true);
    });
    await until(() => expect(ended).toHaveLength(10));
    const rows = new Map((await it_.deliveries()).map((row) => [row.endpoint, row]));
    const statuses = (id: string) => rows.get(id)?.history?.map(({ status }) => status);
    expect(rows.get('well')).toMatchObject({ state: 'delivered', attempts: 1, answer: 'status 200' });
    expect(rows.get('slow')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(rows.get('endless')).toMatchObject({ state: 'delivered', attempts: 1 });
    expect(rows.get('flaky')).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(statuses('flaky')).toEqual([null, 500, 200]);
    expect(rows.get('failing')).toMatchObject({
      state: 'failed',
      attempts: 3,
      answer: 'status 500',
      next: null,
    });
    expect(statuses('redirecting')).toEqual([302, 302, 302]);
    expect(rows.get('hanging')).toMatchObject({
      state: 'failed',
      attempts: 3,
      answer: 'no answer within 4000 ms',
    });
    expect(rows.get('down')).toMatchObject({ state: 'failed', attempts: 3, status: null });
    expect(rows.get('gone')).toMatchObject({ state: 'failed', attempts: 1, status: 410 });
    const [first, second] = rows.get('busy')?.history ?? [];
    expect(rows.get('busy')).toMatchObject({ state: 'delivered', attempts: 2 });
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
    // Who is well heard it while the others were still being asked.
    expect(ended.findIndex(({ endpoint }) => endpoint === 'well')).toBeLessThan(
      ended.findIndex(({ endpoint }) => endpoint === 'hanging'),
    );
    expect(new Set(hooks.flaky.heard.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([bar(1).id]),
    );
  });

  it('one that is away for several retries gets every resolution when it is back, in order; entries have expired', async () => {
    const desk = await it_.hook(200);
    await desk.down();
    await it_.begin({ endpoints: [at('desk', desk)], schedule: [0, ...Array<number>(1_000).fill(20)] });
    await it_.raise(...bars(6));
    await until(async () => expect((await it_.deliveries())[1]?.attempts).toBeGreaterThan(4));
    await desk.up();
    await until(async () => expect(await states('desk')).not.toContain('1 pending'));
    await until(async () => expect((await states('desk')).join()).not.toContain('pending'));
    // The first entry was tried in vain; its resolution was due. Those behind it had their try when their turn came.
    expect(await states('desk')).toEqual([
      '0 expired',
      '1 delivered',
      '2 delivered',
      '3 delivered',
      '4 delivered',
      '5 delivered',
    ]);
    expect(heard(desk)).toEqual(['1 resolved', '2 firing', '3 resolved', '4 firing', '5 resolved']);
    expect((await it_.deliveries())[0]?.answer).toBe('its resolution is due');
  });

  it('an entry is not sent any more once it is old, wherever it waits', async () => {
    const desk = await it_.hook(500);
    const ended: Delivery[] = [];
    await it_.begin({
      endpoints: [at('desk', desk)],
      schedule: [0, 60 * minute],
      entryLife: 2_000,
      onEnd: (delivery) => ended.push(delivery),
    });
    await it_.raise(bar(1), bar(2));
    await until(async () => expect(await states('desk')).toEqual(['1 pending', '2 expired']));
    await until(() =>
      expect(ended).toMatchObject([{ state: 'expired', answer: 'an entry so old is not to be acted on' }]),
    );
    await until(() => expect(heard(desk)).toEqual(['1 resolved']));
  });

  it('a receiver that hangs has few connections, however many studies wait for it', async () => {
    const [hanging, well] = [await it_.hook('hang'), await it_.hook(200)];
    await it_.begin({ endpoints: [at('hanging', hanging), at('well', well)], timeout: 60_000 });
    const studies = Array.from({ length: 40 }, (_, i) =>
      bar(1, { study: `s-${i}`, id: `r_s-${i}_resolved` }),
    );
    await it_.raise(...studies);
    await until(() => expect(well.heard).toHaveLength(40));
    await until(() => expect(hanging.heard).toHaveLength(8));
    expect(hanging.mostSockets()).toBe(8);
    expect(well.mostSockets()).toBeLessThanOrEqual(8);
    expect((await states('hanging')).every((state) => state.endsWith('pending'))).toBe(true);
  });

  it('an entry expires though it still waits for one of the few connections', async () => {
    const hanging = await it_.hook('hang');
    await it_.begin({ endpoints: [at('hanging', hanging)], timeout: 60_000, entryLife: 300 });
    // Resolutions do not expire: they hold the connections for as long as it takes.
    await it_.raise(...Array.from({ length: 8 }, (_, i) => bar(1, { study: `s-${i}`, id: `s-${i}` })));
    await until(() => expect(hanging.heard).toHaveLength(8));
    await it_.raise(bar(0, { study: 'late', id: 'late' }));
    await until(async () =>
      expect((await it_.deliveries()).map(({ state }) => state).sort()).toEqual([
        'expired',
        ...Array(8).fill('pending'),
      ]),
    );
  });

  it('a receiver that wants to be left alone is, by every study', async () => {
    const busy = await it_.hook({ status: 429, headers: { 'retry-after': '3600' } });
    const well = await it_.hook(200);
    await it_.begin({ endpoints: [at('busy', busy), at('well', well)] });
    await it_.raise(bar(1));
    await until(async () =>
      expect((await it_.deliveries('busy'))[0]).toMatchObject({ state: 'pending', attempts: 1 }),
    );
    const { next, queued } = (await it_.deliveries('busy'))[0] as Delivery;
    expect((next ?? 0) - (queued ?? 0)).toBeGreaterThanOrEqual(60 * minute);
    await heardByNow(well, 'other');
    expect(busy.heard).toHaveLength(1);
  });
});

describe('after a restart', () => {
  it('what was pending goes on, the older first, at the time that was stored', async () => {
    const [desk, well] = [await it_.hook(500), await it_.hook(200)];
    const options = { endpoints: [at('desk', desk)], schedule: [0, 60 * minute] };
    await it_.begin(options);
    await it_.raise(bar(1), bar(3));
    await until(async () => expect((await it_.deliveries())[0]?.attempts).toBe(1));
    await it_.stop();
    const [before] = await it_.deliveries();
    desk.script = [200];
    await it_.begin({ ...options, endpoints: [...options.endpoints, at('well', well)] });
    await it_.raise(bar(5));
    await until(async () => expect(await states('well')).toEqual(['5 delivered']));
    expect((await it_.deliveries('desk'))[0]).toEqual(before);
    await it_.stop();
    // An hour later.
    await it_.store.write([{ table: 'deliveries', rows: [{ ...(before as Delivery), next: Date.now() }] }]);
    await it_.begin(options);
    await until(async () =>
      expect(await states('desk')).toEqual(['1 delivered', '3 delivered', '5 delivered']),
    );
    expect(heard(desk)).toEqual(['1 resolved', '3 resolved', '5 resolved']);
  });

  it('a receiver that wanted to be left alone still is, by studies that it has not heard of too', async () => {
    const busy = await it_.hook({ status: 429, headers: { 'retry-after': '3600' } });
    const well = await it_.hook(200);
    const options = { endpoints: [at('busy', busy), at('well', well)] };
    await it_.begin(options);
    await it_.raise(bar(1));
    await until(async () => expect((await it_.deliveries('busy'))[0]).toMatchObject({ attempts: 1 }));
    await it_.stop();
    // What it was told of has ended meanwhile.
    const [told] = await it_.deliveries('busy');
    await it_.store.write([{ table: 'deliveries', rows: [{ ...(told as Delivery), state: 'expired' }] }]);
    await it_.begin(options);
    await heardByNow(well, 'other');
    expect(busy.heard).toHaveLength(1);
    // Who changes its document means to ask at once.
    await it_.settings.put('endpoints', 'busy', { id: 'busy', url: busy.url, name: 'Busy' });
    await until(async () => expect(busy.heard.length).toBeGreaterThan(1));
  });

  it('a delivery whose alert is not kept any more is given up, and said so', async () => {
    const desk = await it_.hook(500);
    const options = { endpoints: [at('desk', desk)], schedule: [0, 60 * minute] };
    await it_.begin(options);
    await it_.raise(bar(1));
    await until(async () => expect((await it_.deliveries())[0]?.attempts).toBe(1));
    await it_.stop();
    await it_.store.expire('alerts', start + 10 * minute);
    await it_.begin(options);
    expect((await it_.deliveries())[0]).toMatchObject({
      state: 'failed',
      answer: 'its alert is not kept any more',
    });
    expect(it_.lines.join()).toContain('given up');
  });
});

describe('endpoints in the settings', () => {
  const put = (endpoint: Partial<Endpoint> & { id: string }) =>
    it_.settings.put('endpoints', endpoint.id, endpoint);

  it('a document takes effect without a restart: added, changed, deleted', async () => {
    const [one, other] = [await it_.hook(200), await it_.hook(200)];
    const deliveries = await it_.begin();
    await put({ id: 'desk', url: one.url, shape: 'json', secrets });
    await until(() => expect(deliveries.endpoints).toBe(1));
    await it_.raise(bar(0));
    await until(() => expect(one.heard).toHaveLength(1));
    for (const secret of secrets) {
      const { body, headers } = one.heard[0] as Receiver['heard'][number];
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
    }
    await put({ id: 'desk', url: other.url, shape: 'slack' });
    await put({ id: 'loud', url: one.url, minimumSeverity: 'critical' });
    await until(() => expect(deliveries.endpoints).toBe(2));
    await it_.raise(bar(1));
    await until(() => expect(other.heard).toHaveLength(1));
    expect(JSON.parse(other.heard[0]?.body ?? '')).toHaveProperty('blocks');
    await it_.settings.delete('endpoints', 'desk');
    await until(() => expect(deliveries.endpoints).toBe(1));
    await it_.raise(bar(2));
    expect(await it_.deliveries()).toHaveLength(2);
    expect(one.heard).toHaveLength(1);
  });

  it('what waits for an endpoint is tried at once when its URL is mended, and given up when it is deleted', async () => {
    const desk = await it_.hook(200);
    await put({ id: 'desk', url: `${desk.url}?`.replace('127.0.0.1', '127.0.0.2') });
    await put({ id: 'gone', url: `${desk.url}?`.replace('127.0.0.1', '127.0.0.2') });
    await it_.begin({ schedule: [0, 60 * minute], timeout: 5_000 });
    await it_.raise(bar(1));
    await until(async () => expect((await it_.deliveries()).map(({ attempts }) => attempts)).toEqual([1, 1]));
    await put({ id: 'desk', url: desk.url });
    await it_.settings.delete('endpoints', 'gone');
    await until(async () =>
      expect((await it_.deliveries()).map(({ state, answer }) => [state, answer])).toEqual([
        ['delivered', 'status 200'],
        ['failed', 'the endpoint is not configured any more'],
      ]),
    );
  });

  it('a receiver that is gone (410) is disabled in its document, with the reason, and can be enabled again', async () => {
    const desk = await it_.hook(410);
    await put({ id: 'desk', url: desk.url, secrets });
    await it_.begin();
    await it_.raise(bar(1));
    await until(async () =>
      expect((await it_.settings.get('endpoints', 'desk'))?.value).toHaveProperty('disabled'),
    );
    const document = (await it_.settings.get('endpoints', 'desk'))?.value as Endpoint;
    expect(document).toMatchObject({
      enabled: false,
      secrets,
      disabled: { reason: expect.stringContaining('410') },
    });
    await it_.raise(bar(2));
    await until(async () => expect(await states('desk')).toEqual(['1 failed', '2 withheld']));
    expect((await it_.deliveries())[1]?.answer).toContain(
      'the endpoint is disabled: the receiver answered 410',
    );
    expect(desk.heard).toHaveLength(1);
    await until(() => expect(it_.lines.join()).toContain('an endpoint is disabled'));
    desk.script = [200];
    await put({ ...document, enabled: true });
    await until(async () => expect((await endpoints())[0]?.enabled).toBe(true));
    await it_.raise(bar(3));
    await until(async () => expect(await states('desk')).toEqual(['1 failed', '2 withheld', '3 delivered']));
    // Nothing that it missed is lost.
    const range = { from: 0, to: bar(4).time, states: ['failed', 'withheld'] };
    expect(await it_.bus.request('rpc.alerter.replay', range, 5_000)).toMatchObject({ queued: 2 });
    await until(async () =>
      expect(await states('desk')).toEqual(['1 delivered', '2 delivered', '3 delivered']),
    );
  });

  it('a configured endpoint that is gone stays disabled after a restart, until it is given another URL', async () => {
    const [old, moved] = [await it_.hook(410), await it_.hook(200)];
    await it_.begin({ endpoints: [at('webhook-1', old)] });
    await it_.raise(bar(1));
    await until(async () =>
      expect((await it_.settings.get('endpoints', 'webhook-1'))?.value).toMatchObject({ enabled: false }),
    );
    await it_.stop();
    await it_.begin({ endpoints: [at('webhook-1', old)] });
    await it_.raise(bar(2));
    await it_.stop();
    expect(await states('webhook-1')).toContain('2 withheld');
    expect(old.heard).toHaveLength(1);
    await it_.begin({ endpoints: [at('webhook-1', moved)] });
    await it_.raise(bar(3));
    await until(() => expect(moved.heard).toHaveLength(1));
    expect(it_.refused).toEqual([
      'endpoint "webhook-1" is refused: the configuration has an endpoint of that id with another URL',
    ]);
  });

  it('a wrong document is refused in one sentence that tells no secret, and the rest goes on', async () => {
    const desk = await it_.hook(200);
    await put({ id: 'desk', url: desk.url });
    await put({ id: 'private', url: 'http://10.0.0.1/secret-path' });
    await put({ id: 'short', url: 'https://example.com/secret-path', secrets: ['whsec_c2VjcmV0'] });
    await it_.settings.put('endpoints', 'other', { id: 'another', url: 'https://example.com/secret-path' });
    await it_.settings.put('endpoints', 'junk', 'https://example.com/secret-path');
    const deliveries = await it_.begin({ allowPrivate: false });
    expect(deliveries.endpoints).toBe(0);
    expect(it_.refused.join('\n')).toMatch(
      /"private" is refused: it points at the private or reserved address 10/,
    );
    expect(it_.refused.join('\n')).toMatch(
      /"short" is refused: secrets.0: a secret is whsec_ and then 24 to 64/,
    );
    expect(it_.refused).toHaveLength(5);
    for (const secret of ['secret-path', 'c2VjcmV0']) {
      expect(it_.refused.join() + it_.lines.join()).not.toContain(secret);
    }
  });

  it('they are shown masked, with how they are doing, those of the configuration too', async () => {
    const busy = await it_.hook({ status: 429, headers: { 'retry-after': '60' } });
    await put({ id: 'desk', url: busy.url, secrets });
    await it_.begin({ endpoints: [{ id: 'webhook-1', url: `${busy.url}/secret-path` }] });
    await it_.raise(bar(1), bar(3));
    await until(async () =>
      expect(await endpoints()).toMatchObject([
        { id: 'webhook-1', configured: true, url: `http://127.0.0.1:${busy.port}/…`, waiting: 2 },
        { id: 'desk', configured: false, secrets: ['whsec_…', 'whsec_…'], pausedUntil: expect.any(Number) },
      ]),
    );
  });

  it('no more endpoints are taken than have room for connections of their own', async () => {
    const endpoints = Array.from({ length: 53 }, (_, i) => ({ id: `e${i}`, url: 'https://example.com/' }));
    const deliveries = await it_.begin({ endpoints });
    expect(deliveries.endpoints).toBe(50);
    expect(it_.refused).toHaveLength(3);
  });
});

describe('a test of an endpoint', () => {
  const test = (endpoint: string) => it_.bus.request('rpc.alerter.test-endpoint', { endpoint }, 5_000);

  it('sends a marked alert once, signed, and stores nothing', async () => {
    const desk = await it_.hook(200);
    await it_.settings.put('endpoints', 'desk', { id: 'desk', url: desk.url, secrets, enabled: false });
    await it_.begin();
    const answer = await test('desk');
    expect(answer).toMatchObject({ delivered: true, status: 200, answer: 'status 200' });
    const { body, headers } = desk.heard[0] as Receiver['heard'][number];
    expect(new Webhook(secrets[0] ?? '').verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'alert.test',
      id: headers['webhook-id'],
    });
    expect(await it_.deliveries()).toEqual([]);
    expect(await it_.store.query('alerts', { where: { dataset: 'live' } })).toEqual([]);
  });

  it('says what the receiver answered, and is not tried again', async () => {
    const desk = await it_.hook({ status: 404, body: 'no_team' });
    await it_.begin({ endpoints: [at('desk', desk, { shape: 'slack' })] });
    expect(await test('desk')).toMatchObject({ delivered: false, answer: 'status 404: no_team' });
    expect(desk.heard).toHaveLength(1);
    expect(desk.heard[0]?.body).toContain('TEST');
  });

  it('of an endpoint that is not there, or that is being tested, is refused', async () => {
    const slow = await it_.hook('slow');
    await it_.begin({ endpoints: [at('slow', slow)] });
    await expect(test('nobody')).rejects.toThrow('there is no endpoint "nobody" to test');
    const first = test('slow');
    await expect(test('slow')).rejects.toThrow('is being tested already');
    await first;
    await expect(it_.bus.request('rpc.alerter.test-endpoint', { url: 'x' }, 1_000)).rejects.toThrow(
      'the test is refused: ',
    );
  });
});

describe('a URL that is to become an endpoint', () => {
  const check = (url: string) => it_.bus.request('rpc.alerter.check-endpoint', { url }, 5_000);

  it('is resolved as it is now, and refused if it leads into a private network', async () => {
    const lookup = async (hostname: string) => [
      { address: hostname === 'inside.test' ? '10.0.0.7' : '93.184.216.34', family: 4 },
    ];
    await it_.begin({ allowPrivate: false, lookup });
    expect(await check('https://outside.test/hook')).toEqual({ fault: null });
    expect(await check('https://inside.test/hook')).toEqual({
      fault: expect.stringContaining('inside.test, which is at the private or reserved address 10.0.0.7'),
    });
    expect(await check('ftp://outside.test/')).toEqual({ fault: expect.stringContaining('scheme') });
  });
});

describe('replaying', () => {
  const replay = (request: ReplayRequest) =>
    it_.bus.request('rpc.alerter.replay', request, 5_000) as Promise<ReplayAnswer>;

  it('dead letters of a range go out again, in order, under the ids that they had', async () => {
    const desk = await it_.hook(500);
    await it_.begin({ endpoints: [at('desk', desk)], schedule: [0] });
    await it_.raise(...bars(6));
    await until(async () => expect((await states('desk')).join()).not.toContain('pending'));
    desk.script = [200];
    desk.heard.splice(0);
    const range = { from: start + minute, to: start + 5 * minute };
    expect(await replay(range)).toEqual({ queued: 4, left: [], next: null });
    await until(async () =>
      expect(await states('desk')).toEqual([
        '0 failed',
        '1 delivered',
        '2 delivered',
        '3 delivered',
        '4 delivered',
        '5 failed',
      ]),
    );
    expect(heard(desk)).toEqual(['1 resolved', '2 firing', '3 resolved', '4 firing']);
    expect(desk.heard.map(({ headers }) => headers['webhook-id'])).toEqual(
      [1, 2, 3, 4].map((minutes) => bar(minutes).id),
    );
    // An entry that is replayed is wanted however old it is, and its resolution does not end it.
    const row = (await it_.deliveries())[2] as Delivery;
    expect(row).toMatchObject({ expires: null, attempts: 1 });
    expect(row.history?.map(({ status }) => status)).toEqual([500, 200]);
    // Nothing is left to replay but what is asked for by its state.
    expect(await replay(range)).toEqual({ queued: 0, left: [], next: null });
    expect(await replay({ ...range, states: ['delivered'] })).toMatchObject({ queued: 4 });
    await until(() => expect(desk.heard).toHaveLength(8));
  });

  it('one delivery goes out again, whatever became of it', async () => {
    const [desk, other] = [await it_.hook(200), await it_.hook(200)];
    await it_.begin({ endpoints: [at('desk', desk), at('other', other)] });
    await it_.raise(bar(0));
    await until(async () => expect(await states('desk')).toEqual(['0 delivered']));
    expect(await replay({ alert: bar(0).id, endpoint: 'desk' })).toMatchObject({ queued: 1 });
    await until(() => expect(desk.heard).toHaveLength(2));
    expect(other.heard).toHaveLength(1);
    await expect(replay({ alert: 'unknown', endpoint: 'desk' })).rejects.toThrow(
      'no such alert was ever queued',
    );
  });

  it('leaves what is under way, and what has no receiver, and says so', async () => {
    const [desk, gone] = [await it_.hook('hang'), await it_.hook(500)];
    await it_.begin({ endpoints: [at('desk', desk), at('gone', gone)], schedule: [0], timeout: 60_000 });
    await it_.raise(bar(1));
    await until(async () => expect(await states('gone')).toEqual(['1 failed']));
    expect(await replay({ alert: bar(1).id, endpoint: 'desk' })).toEqual({
      queued: 0,
      left: [{ count: 1, reason: 'it is under way already' }],
      next: null,
    });
    await it_.stop();
    await it_.begin({ endpoints: [at('desk', desk)], timeout: 60_000 });
    expect(await replay({ from: 0, to: start * 2 })).toMatchObject({
      queued: 0,
      left: [{ count: 1, reason: 'there is no endpoint "gone"' }],
    });
    await expect(replay({ from: 0, to: 1, endpoint: 'gone' })).rejects.toThrow('there is no endpoint "gone"');
  });

  it('of alerts that may not leave is refused', async () => {
    const desk = await it_.hook(200);
    await it_.begin({ endpoints: [at('desk', desk)], withheld: 'withheld: the data is not live' });
    await it_.raise(bar(0));
    const everything = { from: 0, to: start * 2, states: ['withheld' as const] };
    await expect(replay(everything)).rejects.toThrow('nothing is replayed: withheld: the data is not live');
    expect(desk.heard).toEqual([]);
  });

  it('that makes no sense is refused in one sentence', async () => {
    await it_.begin();
    await expect(replay({} as ReplayRequest)).rejects.toThrow('the replay is refused: ');
    await expect(replay({ from: 0, to: 1, states: ['pending' as 'failed'] })).rejects.toThrow(
      'the replay is refused',
    );
  });

  it('of more than is queued at once says where to go on', async () => {
    const desk = await it_.hook(200);
    await it_.begin({ endpoints: [at('desk', desk)] });
    const many = Array.from({ length: replayLimit + 7 }, (_, i) => bar(i, { id: `a-${i}` }));
    const rows = many.map(({ id, time }) => ({
      ...newDelivery(bar(1), 'desk', 0, undefined),
      alert: id,
      time,
    }));
    await it_.store.write([
      { table: 'alerts', rows: many },
      { table: 'deliveries', rows: rows.map((row) => ({ ...row, state: 'failed' as const })) },
    ]);
    const first = await replay({ from: 0, to: start * 2 });
    expect(first).toEqual({ queued: replayLimit, left: [], next: start + replayLimit * minute });
    const { queued, next } = await replay({ from: first.next ?? 0, to: start * 2 });
    expect([queued, next]).toEqual([7, null]);
  });

  it('of a bar that has more of them than is queued at once leaves none behind', async () => {
    const desk = await it_.hook(200);
    await it_.begin({ endpoints: [at('desk', desk)] });
    const many = Array.from({ length: replayLimit + 7 }, (_, i) => bar(1, { id: `a-${i}` }));
    const rows = many.map(({ id }) => ({
      ...newDelivery(bar(1), 'desk', 0, undefined),
      alert: id,
      state: 'failed' as const,
    }));
    await it_.store.write([
      { table: 'alerts', rows: many },
      { table: 'deliveries', rows },
    ]);
    const { queued, next } = await replay({ from: 0, to: start * 2 });
    expect([queued, next]).toEqual([replayLimit + 7, bar(1).time + 1]);
  });
});
