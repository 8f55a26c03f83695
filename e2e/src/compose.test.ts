import type { Analytics, Bar } from '@tandem/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Container, composeCommand, containers, Deployment, provideBaseImages } from './deployment.ts';
import { until } from './tandem.ts';

const compose = process.env.TANDEM_TEST_ALL === 'true' ? await composeCommand() : undefined;
if (process.env.TANDEM_TEST_ALL === 'true' && compose === undefined) {
  console.log('The tests of docker compose did not run: no Docker engine with compose answers here.');
}

const instrument = 'sim:BTCUSDT';
const minutes = 60_000;
const project = `tandemtest${process.pid}`;
/** Where anything but memory can be written. */
const volumes: Readonly<Partial<Record<Container, string[]>>> = {
  nats: [`${project}_nats:/data`],
  questdb: [`${project}_questdb:/var/lib/questdb`],
  api: [`${project}_exports:/exports`],
};
/** Makes many trades of an instrument that nobody watches, in hours of yesterday. */
const makeTrades = (symbol: string, count: number) => `
  const sql = \`INSERT BATCH 100000 INTO ticks SELECT 'live', 'sim', '${symbol}', x::varchar,
    dateadd('s', (x / 20)::int, dateadd('d', -1, now())), rnd_double(), rnd_double(),
    'buy', 1L, 0L FROM long_sequence(${count})\`;
  const { href, username, password } = new URL(process.env.TANDEM_STORE.replace('questdb:', 'http:'));
  const authorization = 'Basic ' + btoa(username + ':' + password);
  const url = new URL('/exec?query=' + encodeURIComponent(sql), href.replace(/[^/]*@/, ''));
  const answer = await fetch(url, { headers: { authorization } });
  if (!answer.ok) throw new Error(await answer.text());
`;

describe.skipIf(compose === undefined)('docker compose up', () => {
  let tandem: Deployment;
  const all = () => Promise.all(containers.map((container) => tandem.healthy(container, 3 * minutes)));
  const newest = async () =>
    (await tandem.get<{ rows: Bar[] }>(`/bars?instrument=${instrument}&interval=1s&limit=1`)).rows[0]?.time ??
    0;
  /** Resolves when a bar is stored that closed after this call. */
  const flowing = async (patience = 2 * minutes) => {
    const now = Date.now();
    await until('bars flow', async () => (await newest().catch(() => 0)) > now, patience);
  };
  const bars = async (from: number, to: number) =>
    (
      await tandem.get<{ rows: Bar[] }>(
        `/bars?instrument=${instrument}&interval=1s&from=${from}&to=${to}&limit=2000`,
      )
    ).rows;

  beforeAll(async () => {
    await provideBaseImages();
    const settings = { TANDEM_FEED: 'sim', TANDEM_WEBHOOK_PRIVATE: 'true' };
    tandem = await Deployment.of(compose!, project, settings);
    await tandem.up();
  }, 20 * minutes);

  afterAll(() => tandem?.down('remove everything'), 2 * minutes);

  it(
    'brings up every container, and each says that it is ready',
    async () => {
      expect((await tandem.services()).sort()).toEqual([...containers].sort());
      await all().catch(async (error: Error) => {
        throw new Error(`${error.message}\n${await tandem.logs()}`);
      });
    },
    4 * minutes,
  );

  it('gives no container more rights than it needs', async () => {
    for (const container of containers) {
      const { Config, HostConfig, Mounts } = await tandem.inspect(container);
      expect(Config.User, container).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(HostConfig, container).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        CapAdd: null,
        Privileged: false,
        RestartPolicy: { Name: 'unless-stopped' },
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '5' } },
      });
      expect(HostConfig.SecurityOpt, container).toContain('no-new-privileges:true');
      expect(HostConfig.Memory, container).toBeGreaterThan(0);
      expect(HostConfig.PidsLimit, container).toBeGreaterThan(0);
      const places = Mounts.map(({ Name, Destination }) => `${Name}:${Destination}`);
      expect(places, container).toEqual(volumes[container] ?? []);
    }
  });

  it('lets this machine alone reach the dashboard, nobody reach the rest, and only three of them out', async () => {
    const leaving: string[] = [];
    for (const container of containers) {
      const { Ports, Networks } = (await tandem.inspect(container)).NetworkSettings;
      const published = Object.values(Ports).flatMap((bindings) => bindings ?? []);
      expect(
        published.map(({ HostIp }) => HostIp),
        container,
      ).toEqual(container === 'api' ? ['127.0.0.1'] : []);
      const internal = await Promise.all(Object.keys(Networks).map((name) => tandem.isInternal(name)));
      if (internal.includes(false)) leaving.push(container);
    }
    expect(leaving).toEqual(['ingestor', 'alerter', 'api']);
  });

  it(
    'shows a page, and carries trades through all five to it',
    async () => {
      const page = await fetch(`${tandem.url}/`);
      expect(await page.text()).toContain('<title>');
      await flowing();
      const { rows } = await tandem.get<{ rows: Analytics[] }>('/analytics?study=btc-eth-1s&limit=5');
      expect(rows.length).toBeGreaterThan(0);
    },
    3 * minutes,
  );

  it(
    'says in an alert where the dashboard is',
    async () => {
      await tandem.withReceiver(async (heard) => {
        await tandem.change('PUT', '/endpoints/desk', { url: 'http://receiver/', shape: 'json' });
        await until('the receiver is in force', async () => {
          const { rows } = await tandem.get<{ rows: { id: string }[] }>('/endpoints');
          return rows.some(({ id }) => id === 'desk');
        });
        await tandem.change('POST', '/endpoints/desk/test');
        await until('the alert is heard', async () => (await heard()).length > 0);
        const [alert] = (await heard()).map((line) => JSON.parse(line) as { link: string });
        expect(alert?.link).toBe(`${tandem.url}/`);
      });
    },
    2 * minutes,
  );

  it(
    'hands out more trades than memory holds, and keeps nothing of them',
    async () => {
      await tandem.node('api', makeTrades('MANY', 600_000));
      const sizes = { ndjson: 100 * 2 ** 20, csv: 40 * 2 ** 20, parquet: 5 * 2 ** 20 };
      for (const [format, least] of Object.entries(sizes)) {
        const file = await fetch(`${tandem.url}/api/v1/export/ticks?instrument=sim:MANY&format=${format}`);
        expect(file.status, format).toBe(200);
        const bytes = new Uint8Array(await file.arrayBuffer());
        expect(bytes.length).toBeGreaterThan(least);
        const lines = bytes.reduce((count, byte) => (byte === 10 ? count + 1 : count), 0);
        if (format !== 'parquet') expect(lines).toBe(600_000 + (format === 'csv' ? 1 : 0));
      }
      const left = await tandem.node('api', `console.log((await import('node:fs')).readdirSync('/exports'))`);
      expect(left.trim()).toBe('[]');
    },
    5 * minutes,
  );

  it(
    'says that it is not ready while what it needs hangs, and is ready again by itself',
    async () => {
      for (const needed of ['questdb', 'nats'] as const) {
        await tandem.paused(needed, async () => {
          for (const container of ['api', 'resampler'] as const) {
            await tandem.healthy(container, 2 * minutes, 'unhealthy');
          }
        });
        await all();
        await flowing();
      }
    },
    8 * minutes,
  );

  it(
    'mends itself when any container is killed, without a hole in the bars',
    async () => {
      const from = (await newest()) + 1_000;
      for (const container of containers) {
        const before = await tandem.inspect(container);
        await tandem.kill(container);
        await until(
          `${container} runs again`,
          async () => (await tandem.inspect(container)).RestartCount > before.RestartCount,
        );
        await all();
        await flowing();
      }
      const to = await newest();
      const rows = await bars(from, to);
      expect(rows.map(({ time }) => time)).toEqual(
        Array.from({ length: (to - from) / 1_000 }, (_, index) => from + index * 1_000),
      );
      expect(rows.filter((bar) => !bar.complete || bar.gap || bar.close === null)).toEqual([]);
    },
    15 * minutes,
  );

  it(
    'keeps every row and every choice through down and up',
    async () => {
      const to = await newest();
      const before = await bars(to - 60_000, to);
      const ticks = () => tandem.get(`/ticks?instrument=sim:MANY&limit=100`);
      const trades = await ticks();
      await tandem.down();
      await tandem.up();
      await all();
      await flowing();
      expect(before).toHaveLength(60);
      expect(await bars(to - 60_000, to)).toEqual(before);
      expect(await ticks()).toEqual(trades);
      const { rows } = await tandem.get<{ rows: object[] }>('/endpoints');
      expect(rows).toMatchObject([{ id: 'desk' }]);
    },
    8 * minutes,
  );
});
