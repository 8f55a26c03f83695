import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Analytics, type Bar, intervalMs } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertsOf, analyticsOf, barAt, gapOf, studies, watched } from './market.fixture.ts';
import { context, options } from './preview.fixture.ts';
import { type Api, startApi } from './service.ts';

const origin = Date.UTC(2024, 7, 8, 14);
const study = studies.find((one) => one.id === 'btc-eth-1m')!;
const times = Array.from({ length: 300 }, (_, index) => origin - (300 - index) * intervalMs['1m']);

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  json(): { error: string; id: string; rows: { time: number }[]; more: boolean } & Record<string, unknown>;
}

let ports: ServiceContext;
let api: Api;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tandem-page-'));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>Tandem</title>');
  await writeFile(join(directory, 'main.js'), 'export {};');
  ports = await context();
  const y: Bar[] = times.map((time) => barAt(study.y, '1m', time, origin));
  const x: Bar[] = times.map((time) => barAt(study.x, '1m', time, origin));
  const rows = times.map((_, index) => analyticsOf(study, y.slice(0, index + 1), x.slice(0, index + 1)));
  await ports.store.write([
    { table: 'bars', rows: [...y, ...x] },
    { table: 'analytics', rows },
    { table: 'gaps', rows: [gapOf(watched[1]!, origin)!] },
  ]);
  api = await startApi(ports, { ...options, dashboardDirectory: directory });
});

afterAll(async () => {
  await api.stop();
  await ports.bus.close();
  await ports.store.close();
  await rm(directory, { recursive: true });
});

/** As `fetch`, but with any headers that a hostile program may send. */
function call(
  path: string,
  given: { method?: string; headers?: Record<string, string>; url?: string } = {},
): Promise<Answer> {
  const url = new URL(given.url ?? api.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: url.hostname,
        port: url.port,
        path,
        method: given.method ?? 'GET',
        headers: given.headers ?? {},
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const body = Buffer.concat(parts).toString();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body,
            json: () => JSON.parse(body),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

const bars = `/api/v1/bars?instrument=${encodeURIComponent(study.y)}`;

describe('history', () => {
  it('gives the newest bars, ascending, and says that there are more', async () => {
    const { rows, more } = (await call(`${bars}&limit=3`)).json();
    expect(rows.map((row) => row.time)).toEqual(times.slice(-3));
    expect(more).toBe(true);
  });

  it('gives the bars of a range from its beginning, with the end left out', async () => {
    const range = `&from=${times[10]}&to=${new Date(times[13]!).toISOString()}`;
    const { rows, more } = (await call(bars + range)).json();
    expect(rows.map((row) => row.time)).toEqual(times.slice(10, 13));
    expect(more).toBe(false);
  });

  it('gives analytics of a study and gaps of an instrument', async () => {
    const analytics = (await call('/api/v1/analytics?study=btc-eth-1m&limit=1')).json();
    expect(analytics.rows[0]).toMatchObject({ study: 'btc-eth-1m', time: times.at(-1), state: 'live' });
    const gaps = (await call(`/api/v1/gaps?instrument=${encodeURIComponent(watched[1]!)}`)).json();
    expect(gaps.rows[0]).toMatchObject({ missing: 1_843, state: 'lost' });
  });

  it('gives nothing, not an error, where nothing is', async () => {
    for (const path of ['/ticks?instrument=sim:XRPUSDT', '/alerts', '/deliveries', '/analytics?study=none']) {
      const answer = await call(`/api/v1${path}`);
      expect([answer.status, answer.json().rows]).toEqual([200, []]);
    }
  });
});

describe('parameters', () => {
  it.each([
    ['no instrument', '/bars', 'instrument'],
    ['an instrument of no venue', '/bars?instrument=nyse:BTC', 'instrument'],
    [
      'an instrument that is SQL',
      `/bars?instrument=${encodeURIComponent("sim:BTC'; DROP TABLE bars;--")}`,
      'instrument',
    ],
    ['a path for an instrument', '/ticks?instrument=..%2F..%2Fetc%2Fpasswd', 'instrument'],
    ['an interval that nobody folds', '/bars?instrument=sim:BTCUSDT&interval=7m', 'interval'],
    ['a limit beyond the most', '/bars?instrument=sim:BTCUSDT&limit=2001', 'limit'],
    ['a limit that is no number', '/bars?instrument=sim:BTCUSDT&limit=1e3', 'limit'],
    ['a time before the epoch', '/bars?instrument=sim:BTCUSDT&from=-1', 'from'],
    ['a time without its zone', '/bars?instrument=sim:BTCUSDT&from=2024-08-08T13:00:00', 'from'],
    ['the same parameter twice', '/bars?instrument=sim:BTCUSDT&instrument=sim:ETHUSDT', 'instrument'],
    ['a parameter that nobody knows', '/bars?instrument=sim:BTCUSDT&sort=price', 'sort'],
    ['a prototype for a parameter', '/bars?instrument=sim:BTCUSDT&constructor=x', 'constructor'],
    ['a study that is no slug', '/analytics?study=%00', 'study'],
    ['a format that nobody writes', '/export/bars?instrument=sim:BTCUSDT&format=xlsx', 'format'],
  ])('refuses %s with a sentence and an id', async (_, path, named) => {
    const answer = await call(`/api/v1${path}`);
    expect(answer.status).toBe(400);
    expect(answer.json().error).toContain(named);
    expect(answer.json().id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers what is nowhere, and what is malformed, in the same form', async () => {
    expect((await call('/api/v1/orders')).status).toBe(404);
    expect((await call('/%E0%A4%A')).json().error).toContain('nothing at');
    expect((await call('/..%2f..%2fetc%2fpasswd')).status).toBeGreaterThanOrEqual(400);
  });
});

describe('who may ask', () => {
  it('refuses a foreign Host, before any data', async () => {
    const answer = await call('/api/v1/status', { headers: { host: 'evil.example' } });
    expect(answer.status).toBe(403);
    expect(answer.json().error).toContain('evil.example');
  });

  it('refuses a change from a foreign page', async () => {
    const headers = { origin: 'https://evil.example' };
    expect((await call('/api/v1/status', { method: 'POST', headers })).status).toBe(403);
  });

  it('lets no page of another origin read an answer', async () => {
    const answer = await call('/api/v1/status', { headers: { origin: 'https://evil.example' } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
  });
});

describe('files', () => {
  it.each([
    ['csv', 'text/csv', 301],
    ['ndjson', 'application/x-ndjson', 300],
  ])('exports %s, a line per bar, under a name that says what it holds', async (format, type, lines) => {
    const answer = await call(`${bars.replace('/bars', '/export/bars')}&format=${format}&from=0`);
    expect(answer.headers['content-type']).toContain(type);
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="tandem_bars_sim-BTCUSDT_1m_19700101T000000Z_now.${format}"`,
    );
    expect(answer.body.trimEnd().split('\n')).toHaveLength(lines);
  });

  it('exports the alerts that are asked for, and no others', async () => {
    const { rows } = (await call(`/api/v1/analytics?study=${study.id}&limit=2000`)).json() as unknown as {
      rows: Analytics[];
    };
    const alerts = alertsOf(rows.map((row, index) => ({ ...row, z: index % 2 === 0 ? 3 : 0 })));
    await ports.store.write([{ table: 'alerts', rows: alerts }]);
    const answer = await call('/api/v1/export/alerts?transition=firing&rule=divergence&format=ndjson');
    expect(answer.headers['content-disposition']).toContain('tandem_alerts_divergence_firing.ndjson');
    const lines = answer.body.trimEnd().split('\n');
    expect(lines).toHaveLength(alerts.filter(({ transition }) => transition === 'firing').length);
    expect(lines.every((line) => JSON.parse(line).transition === 'firing')).toBe(true);
    const [one] = alerts;
    const found = (await call(`/api/v1/alerts?id=${encodeURIComponent(one!.id)}`)).json();
    expect(found.rows).toMatchObject([{ id: one!.id }]);
  });

  it('exports parquet', async () => {
    const answer = await call('/api/v1/export/analytics?study=btc-eth-1m&format=parquet');
    expect(answer.body.slice(0, 4)).toBe('PAR1');
  });
});

describe('the page', () => {
  it('is served under a strict policy, and asked for again each time', async () => {
    const answer = await call('/');
    expect(answer.body).toContain('Tandem');
    expect(answer.headers['cache-control']).toBe('no-cache');
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
  });

  it('keeps a script whose name carries its version', async () => {
    expect((await call('/main.js?v=1')).headers['cache-control']).toContain('immutable');
    expect((await call('/main.js')).headers['cache-control']).toBe('no-cache');
  });
});

describe('status and description', () => {
  it('says the badge with its reason, the parts, and what is watched', async () => {
    const status = (await call('/api/v1/status')).json();
    expect(status.badge).toEqual(options.badge);
    expect(status.services).toMatchObject({
      bus: { state: 'ok' },
      store: { state: 'ok' },
      api: { state: 'ok' },
    });
    expect(status.instruments).toEqual(watched);
    expect(status.studies).toEqual(studies);
  });

  it('describes every route in OpenAPI 3.1, parameters included', async () => {
    const document = (await call('/api/v1/openapi.json')).json() as unknown as {
      openapi: string;
      paths: Record<string, { get: { parameters: { name: string; required: boolean }[] } }>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/api/v1/export/ticks');
    const parameters = document.paths['/api/v1/bars']!.get.parameters;
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ['instrument', true],
      ['interval', false],
      ['from', false],
      ['to', false],
      ['limit', false],
    ]);
  });

  it('gives its metrics and health', async () => {
    ports.metrics.counter('proofs', 'A counter of this test').inc();
    expect((await call('/metrics')).body).toContain('tandem_proofs 1');
    expect((await call('/health/live')).status).toBe(200);
    expect((await call('/health/ready')).status).toBe(200);
  });
});

describe('faults', () => {
  it('says which port is taken and how to choose another', async () => {
    const port = Number(new URL(api.url).port);
    const other = await context();
    await expect(startApi(other, { ...options, port })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is already in use: stop the program that has it, or choose another port`,
    );
    await other.store.close();
  });

  it('answers 503 with the reason where the store fails, and goes on with the rest', async () => {
    const broken = await context();
    const second = await startApi(broken, options);
    await broken.store.close();
    const answer = await call(bars, { url: second.url });
    expect(answer.status).toBe(503);
    expect(answer.json().error).toContain('store');
    const status = (await call('/api/v1/status', { url: second.url })).json();
    expect(status.services).toMatchObject({ store: { state: 'down' }, bus: { state: 'ok' } });
    expect((await call('/health/ready', { url: second.url })).status).toBe(503);
    expect((await call('/', { url: second.url })).json().error).toContain('not built');
    await second.stop();
  });
});
