import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startAlerter } from '@tandem/alerter';
import { type Api, startApi } from '@tandem/api';
import {
  type Alert,
  type Analytics,
  blankAnalytics,
  parseRule,
  presets,
  type Rule,
  ruleJsonSchema,
  ruleText,
  type Study,
} from '@tandem/common';
import {
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type Service,
  type Settings,
  type Store,
} from '@tandem/runtime';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const minute = 60_000;
const now = Math.floor(Date.now() / minute) * minute;
const study: Study = {
  id: 'btc-eth-1m',
  y: 'sim:BTCUSDT',
  x: 'sim:ETHUSDT',
  interval: '1m',
  window: 240,
  method: 'ols',
  scale: 'price',
  thresholds: { shortEntry: 2, longEntry: -2, exit: 0, stop: 4 },
  costs: { feeBps: 5, slippageBps: 1 },
  correlation: 0.5,
};

/** A live row so many minutes ago. */
function row(ago: number, z: number): Analytics {
  return {
    ...blankAnalytics('live', study.id, now - ago * minute),
    state: 'live',
    n: 240,
    yClose: 60_000,
    xClose: 3_000,
    alpha: 0,
    beta: 20,
    spread: z,
    spreadMean: 0,
    spreadDeviation: 1,
    z,
    returnCorrelation: 0.8,
    inhibitions: [],
  };
}

/** A stored alert of a rule, of the bar so many minutes ago. */
function raised(rule: string, ago: number): Alert {
  const bar = row(ago, 2.5);
  const written = presets.divergence.rule();
  return {
    dataset: 'live',
    id: `${rule}_${study.id}_${bar.time}_firing`,
    rule,
    study: study.id,
    time: bar.time,
    transition: 'firing',
    severity: written.severity,
    direction: 'SHORT_SPREAD',
    z: bar.z,
    returnCorrelation: bar.returnCorrelation,
    beta: bar.beta,
    text: ruleText(written),
    late: false,
    simulated: false,
    instrument: null,
    priceCorrelation: null,
    legs: null,
    inputs: { z: bar.z },
    inhibited: [],
    labels: [],
    amended: null,
    link: null,
  };
}

let store: Store;
let settings: Settings;
let api: Api;
let alerter: Service;
let receiver: Server;
let close: () => Promise<void>;
const lines: string[] = [];
const received: {
  id: string | undefined;
  path: string | undefined;
  headers: Record<string, string>;
  body: string;
}[] = [];

beforeAll(async () => {
  settings = memorySettings();
  store = await duckdbStore({ path: ':memory:' });
  const bus = memoryBus();
  const log = createLog({ write: (line) => lines.push(line), format: 'json' });
  const context = {
    bus,
    store,
    settings,
    log,
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
  const history = Array.from({ length: 600 }, (_, i) => row(600 - i, i % 100 < 5 ? 2.5 : 0.1));
  await store.write([{ table: 'analytics', rows: history }]);
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      received.push({ id: headers['webhook-id'], path: request.url, headers, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const options = { dataset: 'live', studies: [study], instruments: [study.y, study.x] };
  const rules = [presets.divergence.rule()];
  const { port } = receiver.address() as AddressInfo;
  const endpoints = [{ id: 'webhook-1', url: `http://127.0.0.1:${port}/configured` }];
  alerter = await startAlerter(context, { ...options, rules, endpoints, allowPrivate: true });
  api = await startApi(context, {
    ...options,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    badge: { kind: 'LIVE', reason: '' },
    rules,
    version: '0',
  });
  close = async () => {
    await api.stop();
    await alerter.stop();
    await bus.close();
    await store.close();
    receiver.close();
  };
});
afterAll(() => close());

async function call(verb: string, path: string, body?: unknown, type = 'application/json') {
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method: verb,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const rowsOf = (answer: { body: Record<string, unknown> }) => answer.body.rows as Record<string, unknown>[];

const calm = {
  when: { all: [{ field: '|z|', is: '>=', value: 2 }] },
  bars: 2,
  cooldown: 0,
  scope: { studies: [study.id] },
};

describe('rules over the api', () => {
  it('are written with their revisions, and a stale change is refused', async () => {
    const written = await call('PUT', '/rules/calm', calm);
    expect(written).toMatchObject({ status: 200, body: { id: 'calm', bars: 2, severity: 'warning' } });
    expect((await call('PUT', '/rules/calm', calm)).status).toBe(409);
    const known = rowsOf(await call('GET', '/rules')).find(({ id }) => id === 'calm');
    const changed = await call('PUT', `/rules/calm?revision=${known?.revision}`, {
      ...calm,
      severity: 'critical',
    });
    expect(changed).toMatchObject({ status: 200, body: { severity: 'critical' } });
    expect((await call('DELETE', `/rules/calm?revision=${known?.revision}`)).status).toBe(409);
    const latest = rowsOf(await call('GET', '/rules')).find(({ id }) => id === 'calm');
    expect((await call('DELETE', `/rules/calm?revision=${latest?.revision}`)).status).toBe(200);
    expect((await call('DELETE', '/rules/calm')).status).toBe(404);
  });

  it('that are wrong are refused with the field and the reason', async () => {
    const wrong = { ...calm, when: { all: [{ field: 'zed', is: '>=', value: 2 }] } };
    const { status, body } = await call('PUT', '/rules/wrong', wrong);
    expect(status).toBe(400);
    expect(body.error).toMatch(/^The rule is refused: when\.all/);
    expect((await call('PUT', '/rules/No%20Slug', calm)).status).toBe(400);
    expect((await call('PUT', '/rules/text', calm, 'text/plain')).status).toBe(415);
    expect(await call('PUT', '/rules/huge', { ...calm, name: 'x'.repeat(100_000) })).toMatchObject({
      status: 413,
      body: { error: 'The body is too large.' },
    });
    expect(await call('PUT', '/rules/text', 'no object')).toMatchObject({
      status: 400,
      body: { error: 'The body is not JSON, or not an object or list.' },
    });
    expect(rowsOf(await call('GET', '/rules')).map(({ id }) => id)).toEqual(['divergence']);
  });

  it('stand in the status as they are written, not as they were configured', async () => {
    const named = async () => ((await call('GET', '/status')).body.rules as Rule[]).map(({ id }) => id);
    const { body } = await call('PUT', '/rules/calm', calm);
    expect(await named()).toEqual(['calm', 'divergence']);
    await call('DELETE', `/rules/calm?revision=${body.revision}`);
    expect(await named()).toEqual(['divergence']);
  });

  it('that somebody wrote past the api, and receivers too, are told of in the status until they are mended', async () => {
    const told = async () => {
      const { services } = (await call('GET', '/status')).body as {
        services: Record<string, { state: string; detail: string }>;
      };
      const { state, detail } = services['rules and endpoints'] ?? {};
      return [state, detail];
    };
    const patience = { timeout: 10_000, interval: 200 };
    expect(await told()).toEqual(['ok', '']);
    await settings.put('endpoints', 'far', { id: 'far', url: 'ftp://example.com/' });
    await expect
      .poll(told, patience)
      .toEqual(['degraded', expect.stringContaining('endpoint "far" is refused: it has the scheme ftp:')]);
    const view = rowsOf(await call('GET', '/endpoints')).find(({ id }) => id === 'far');
    expect(view).toMatchObject({ url: '…', refused: true, revision: expect.any(Number) });
    const mended = { ...view, url: 'http://127.0.0.1:1/' };
    expect(await call('PUT', '/endpoints/far', mended)).toMatchObject({ status: 200 });
    expect(rowsOf(await call('GET', '/endpoints')).find(({ id }) => id === 'far')?.refused).toBeUndefined();
    await settings.put('endpoints', 'far', { id: 'far', url: 'ftp://example.com/' });
    await settings.put('rules', 'none', { id: 'none' });
    await expect.poll(told, patience).toEqual(['degraded', expect.stringContaining('; and 1 more')]);
    await settings.delete('rules', 'none');
    await settings.delete('endpoints', 'far');
    await expect.poll(told, patience).toEqual(['ok', '']);
  });

  it.each([
    [{ scope: { studies: ['btc-eth-1m', 'btc-eth-2m'] } }, 'scope.studies.1: there is no study "btc-eth-2m"'],
    [{ scope: { tags: ['majors'] } }, 'scope.tags.0: there is no study with the tag "majors"'],
    [{ endpoints: ['nobody'] }, 'endpoints.0: there is no endpoint "nobody"'],
    [{ id: 'other' }, 'id: must be "calm"'],
    [{ revision: 'first' }, 'The revision must be a whole number'],
  ])(
    'that name what there is not are refused, for they would watch nothing or tell nobody: %j',
    async (change, why) => {
      const { status, body } = await call('PUT', '/rules/calm', { ...calm, ...change });
      expect([status, body.error]).toEqual([400, expect.stringContaining(why)]);
      expect(rowsOf(await call('GET', '/rules')).map(({ id }) => id)).toEqual(['divergence']);
    },
  );

  it('may be written back as they were read, and still not over what somebody else wrote', async () => {
    const read = rowsOf(await call('GET', '/rules')).find(({ id }) => id === 'divergence');
    const written = await call('PUT', '/rules/divergence', { ...read, bars: 3 });
    expect(written).toMatchObject({ status: 200, body: { bars: 3 } });
    expect((await call('PUT', '/rules/divergence', { ...read, bars: 4 })).status).toBe(409);
  });

  it('are made of presets and few numbers, each accepted as it is made', async () => {
    const made = rowsOf(await call('GET', '/rules/presets'));
    expect(made.map(({ name }) => name)).toEqual(Object.keys(presets));
    for (const { name, rule } of made) {
      expect(await call('POST', `/rules/presets/${name}`, {})).toEqual({ status: 200, body: rule });
      expect(parseRule(rule)).toEqual({ rule });
    }
    const written = await call('POST', '/rules/presets/high-deviation', { z: 3.5 });
    expect(written.body).toMatchObject({ when: { field: '|z|', is: '>=', value: 3.5 }, bars: 1 });
    expect(await call('POST', '/rules/presets/high-deviation', { z: 0 })).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^The preset is refused: z: /) },
    });
    expect((await call('POST', '/rules/presets/toString', {})).status).toBe(404);
  });

  it('are described by a JSON Schema', async () => {
    const { status, body } = await call('GET', '/rules/schema');
    expect([status, body]).toEqual([200, ruleJsonSchema()]);
  });

  it('are shown at work on the stored history before they are saved', async () => {
    const { status, body } = await call('POST', '/rules/preview', { rule: calm });
    expect(status).toBe(200);
    expect(body).toMatchObject({ text: expect.stringContaining('|z| >= 2 for 2 bars') });
    expect((body.firings as object[]).length).toBe(6);
    expect((await call('POST', '/rules/preview', { rule: { when: {} } })).status).toBe(422);
  });

  it('are answered 503 where the alerter itself fails, which is not the fault of who asks', async () => {
    const failing = vi.spyOn(store, 'query').mockRejectedValue(new Error('the database failed: disk full'));
    try {
      expect(await call('POST', '/rules/preview', { rule: calm })).toMatchObject({
        status: 503,
        body: { error: 'The alerter cannot answer at present: the database failed: disk full.' },
      });
      expect(await call('POST', '/alerts/none/acknowledge', { by: 'me' })).toMatchObject({ status: 503 });
    } finally {
      failing.mockRestore();
    }
    expect(lines.filter((line) => line.includes('the alerter could not answer'))).toEqual(
      Array(2).fill(expect.stringContaining('disk full')),
    );
    expect((await call('POST', '/rules/preview', { rule: calm })).status).toBe(200);
  });
});

describe('receivers over the api', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  it('never show their secrets, keep what is masked, and can be tested', async () => {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?token=hidden`;
    const written = await call('PUT', '/endpoints/desk', { url, secrets: [secret] });
    expect(written).toMatchObject({ status: 200, body: { id: 'desk', secrets: ['whsec_…'] } });
    const view = rowsOf(await call('GET', '/endpoints')).find(({ id }) => id === 'desk');
    expect(JSON.stringify(view)).not.toMatch(/hidden|whsec_[A-Za-z0-9]/);
    const renamed = { name: 'Desk', url: view?.url, secrets: view?.secrets };
    expect((await call('PUT', `/endpoints/desk?revision=${view?.revision}`, renamed)).status).toBe(200);
    const renewed = rowsOf(await call('GET', '/endpoints')).find(({ id }) => id === 'desk');
    expect(renewed?.name).toBe('Desk');
    const tested = await call('POST', '/endpoints/desk/test');
    expect(tested).toMatchObject({ status: 200, body: { delivered: true, status: 204 } });
    expect(received.at(-1)).toMatchObject({ id: tested.body.id });
  });

  it('may be written back as they were read, with a new secret before the old one, and are tested as written', async () => {
    const { port } = receiver.address() as AddressInfo;
    const read = rowsOf(await call('GET', '/endpoints')).find(({ id }) => id === 'desk') as Record<
      string,
      unknown
    >;
    const fresh = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const url = `http://127.0.0.1:${port}/moved`;
    const change = { ...read, url, secrets: [fresh, ...(read.secrets as string[])] };
    expect((await call('PUT', '/endpoints/desk', change)).status).toBe(200);
    const tested = await call('POST', '/endpoints/desk/test');
    expect(tested.body).toMatchObject({ delivered: true });
    const { path, headers } = received.at(-1) as (typeof received)[number];
    expect([path, headers['webhook-signature']?.split(' ').length]).toEqual(['/moved', 2]);
  });

  it('that would not come into force are refused, not forgotten', async () => {
    const { port } = receiver.address() as AddressInfo;
    const another = await call('PUT', '/endpoints/webhook-1', { url: `http://127.0.0.1:${port}/else` });
    expect(another).toMatchObject({
      status: 422,
      body: { error: expect.stringContaining('it has the id of an endpoint of the configuration') },
    });
    const url = `http://127.0.0.1:${port}/many`;
    const known = rowsOf(await call('GET', '/endpoints')).length;
    for (let at = known; at < 50; at++) {
      expect((await call('PUT', `/endpoints/many-${at}`, { url })).status).toBe(200);
    }
    expect(await call('PUT', '/endpoints/one-more', { url })).toMatchObject({
      status: 422,
      body: { error: expect.stringContaining('there are already 50 endpoints') },
    });
    for (let at = known; at < 50; at++) await call('DELETE', `/endpoints/many-${at}`);
  });

  it('that cannot be receivers are refused with the reason', async () => {
    expect(await call('PUT', '/endpoints/bad', { url: 'ftp://example.com/' })).toMatchObject({
      status: 422,
      body: { error: expect.stringMatching(/^The endpoint is refused: it has the scheme ftp:/) },
    });
    expect((await call('PUT', '/endpoints/bad', { url: 'http://x', secrets: ['short'] })).status).toBe(400);
    expect((await call('POST', '/endpoints/none/test')).status).toBe(422);
    expect((await call('DELETE', '/endpoints/desk')).status).toBe(200);
  });
});

describe('alerts over the api', () => {
  it('are acknowledged and silenced by somebody, and a silence always ends', async () => {
    expect((await call('POST', '/alerts/none/acknowledge', { by: 'me' })).status).toBe(422);
    expect(rowsOf(await call('GET', '/acknowledgements'))).toEqual([]);
    expect((await call('POST', '/silences', { by: 'me' })).status).toBe(422);
    const until = now + 3_600_000;
    for (const name of ['rule', 'study']) {
      const refused = await call('POST', '/silences', { by: 'me', until, [name]: 'divergance' });
      expect([refused.status, refused.body.error]).toEqual([
        422,
        `The silence is refused: ${name}: there is no ${name} "divergance".`,
      ]);
    }
    expect((await call('POST', '/silences', { by: 'me', until, study: 'sim-btcusdt' })).status).toBe(200);
    for (const { id } of rowsOf(await call('GET', '/silences'))) await call('DELETE', `/silences/${id}`);
    const begun = await call('POST', '/silences', { by: 'me', rule: 'divergence', until: now + 3_600_000 });
    expect(begun).toMatchObject({ status: 200, body: { by: 'me', rule: 'divergence' } });
    expect(rowsOf(await call('GET', '/silences'))).toHaveLength(1);
    expect((await call('DELETE', `/silences/${begun.body.id}`)).status).toBe(200);
    expect(rowsOf(await call('GET', '/silences'))).toEqual([]);
  });

  it('show by whom they were acknowledged, and are found by the id that their link names', async () => {
    await store.write([{ table: 'alerts', rows: [raised('divergence', 1), raised('calm', 2)] }]);
    const { id } = raised('divergence', 1);
    const found = rowsOf(await call('GET', `/alerts?id=${id}`));
    expect(found.map((alert) => [alert.id, alert.rule])).toEqual([[id, 'divergence']]);
    expect(rowsOf(await call('GET', '/acknowledgements'))).toEqual([]);
    const { body } = await call('POST', `/alerts/${id}/acknowledge`, { by: 'ann', comment: 'mine' });
    expect(rowsOf(await call('GET', '/acknowledgements'))).toEqual([body]);
    expect(body).toMatchObject({ alert: id, by: 'ann', comment: 'mine' });
  });

  it('are paged without loss though several rules fire at one bar, and others come meanwhile', async () => {
    const rules = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'];
    const alerts = [50, 49, 48, 47].flatMap((ago) => rules.map((rule) => raised(rule, ago)));
    await store.write([{ table: 'alerts', rows: alerts }]);
    const range = { from: now - 51 * minute, to: now - 46 * minute };
    const ids = alerts.map(({ id }) => id).sort();
    for (const limit of [1, 3, 5, 7, 19, 20]) {
      const forward: unknown[] = [];
      for (let from: number = range.from, more = true; more; ) {
        const { body } = await call('GET', `/alerts?from=${from}&to=${range.to}&limit=${limit}`);
        const rows = body.rows as Alert[];
        forward.push(...rows.map(({ id }) => id));
        more = body.more as boolean;
        from = (rows.at(-1)?.time ?? 0) + 1;
      }
      expect(forward.sort(), `forward by ${limit}`).toEqual(ids);
      const backward: unknown[] = [];
      for (let to: number = range.to, left = ids.length; left > 0; ) {
        const rows = rowsOf(await call('GET', `/alerts?to=${to}&limit=${limit}`)) as unknown as Alert[];
        backward.push(...rows.map(({ id }) => id));
        left -= rows.length;
        to = rows[0]?.time ?? 0;
        await store.write([{ table: 'alerts', rows: [raised('newer', 1)] }]);
      }
      expect(backward.sort(), `backward by ${limit}`).toEqual(ids);
    }
  });

  it('are exported as they are filtered', async () => {
    const response = await fetch(`${api.url}/api/v1/export/alerts?rule=calm&format=ndjson`);
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).rule)).toEqual(['calm']);
  });

  it('are filtered by rule, study, transition and severity, deliveries by receiver and state', async () => {
    for (const path of [
      `/alerts?rule=divergence&study=${study.id}&transition=resolved&severity=warning`,
      '/deliveries?endpoint=desk&state=failed',
    ]) {
      expect(await call('GET', path)).toMatchObject({ status: 200, body: { rows: [] } });
    }
    expect((await call('GET', '/alerts?transition=maybe')).status).toBe(400);
    expect(await call('POST', '/deliveries/replay', { from: now - minute, to: now })).toMatchObject({
      status: 200,
      body: { queued: 0 },
    });
  });

  it('take no order from another page', async () => {
    const response = await fetch(`${api.url}/api/v1/rules/calm`, {
      method: 'PUT',
      body: JSON.stringify(calm),
      headers: { 'content-type': 'application/json', origin: 'http://evil.example' },
    });
    expect(response.status).toBe(403);
  });
});

describe('the description of the api', () => {
  it('leads nowhere into the void, and asks for no id that the path has named already', async () => {
    const { body } = await call('GET', '/openapi.json');
    const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]*)"/g)].map(
      ([, path]) => path as string,
    );
    expect(references).toContain('components/schemas/Condition');
    for (const path of references) {
      const target = path
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], body);
      expect(target, path).toBeTypeOf('object');
    }
    const paths = body.paths as Record<
      string,
      Record<string, { requestBody: { content: Record<string, { schema: { required: string[] } }> } }>
    >;
    const put = paths['/api/v1/rules/{id}']?.put?.requestBody.content['application/json']?.schema;
    expect(put?.required).toEqual(['when', 'scope']);
  });
});
