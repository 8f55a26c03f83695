import { join } from 'node:path';
import type { Bar, FeedStatus, Gap, Tick } from '@tandem/common';
import { faultPlan, market, startSimulator } from '@tandem/simulator';
import { describe, expect, it } from 'vitest';
import { hasReference, klines, nineFields, usdm } from './reference.ts';
import { recorded, serveRecording, watching } from './served-recording.ts';
import { canMount, smallDisk } from './small-disk.ts';
import { scratch, Tandem, until } from './tandem.ts';

const speed = 20;
const minute = 60_000;

interface Status {
  feeds: FeedStatus[];
  services: Record<string, { state: string; detail: string }>;
}

/** All trades are there, and every complete minute is the exchange's own in all nine fields. */
async function expectWhole(tandem: Tandem): Promise<void> {
  for (const [symbol, trades] of [
    ['BTCUSDT', 21_313],
    ['ETHUSDT', 14_076],
  ] as const) {
    const instrument = `binance-usdm:${symbol}`;
    expect((await tandem.table<Tick>(`ticks?instrument=${instrument}`)).length).toBe(trades);
    const bars = await tandem.table<Bar>(`bars?instrument=${instrument}&interval=1m&to=${usdm.end}`);
    const complete = bars.filter((bar) => bar.complete && !bar.gap);
    const expected = klines(symbol);
    expect(complete.map(nineFields)).toEqual(
      [0, 1, 2, 3, 4].map((index) => expected.get(usdm.firstComplete + index * minute)),
    );
  }
  const { rows } = await tandem.get<{ rows: Gap[] }>('/gaps');
  expect(rows.filter(({ state }) => state !== 'repaired')).toEqual([]);
}

function newestBar(tandem: Tandem): Promise<number> {
  const path = '/bars?instrument=binance-usdm:BTCUSDT&interval=1s&limit=1';
  return tandem.get<{ rows: Bar[] }>(path).then(({ rows }) => rows[0]?.time ?? 0);
}

describe.skipIf(!hasReference)('a market that is badly told', () => {
  it('of spoilt frames and frames of unknown kinds, each is counted, and the tables are right', async () => {
    const directory = await scratch();
    const simulator = await serveRecording(speed, faultPlan(7, { malformed: 5e-3 }));
    const tandem = new Tandem(watching(simulator, directory.path));
    try {
      await tandem.start();
      await recorded(tandem, 240_000);
      const { feeds } = await tandem.get<Status>('/feeds');
      expect(simulator.state.faultsMet.malformed).toBeGreaterThan(100);
      for (const feed of feeds) {
        expect(feed.counts.malformed).toBeGreaterThan(50);
        expect(feed.counts.repaired).toBeGreaterThan(10);
      }
      await expectWhole(tandem);
      const metrics = await (await fetch(`${tandem.url}/metrics`)).text();
      expect(metrics).toMatch(/frames_refused_total\{[^}]*kind="malformed"[^}]*\} [1-9]/);
      expect(metrics).toMatch(/frames_refused_total\{[^}]*kind="unknown"[^}]*\} [1-9]/);
      // The first of each kind is logged, not a line for each.
      expect(tandem.output.split('\n').filter((line) => line.includes('a frame was refused')).length).toBe(2);
    } finally {
      await tandem.stop();
      await simulator.stop();
      await directory.remove();
    }
  }, 300_000);

  it.skipIf(!canMount)(
    'written to a disk that is full for a while, Tandem says so, loses nothing, and goes on by itself',
    async () => {
      const directory = await scratch();
      const disk = await smallDisk(join(directory.path, 'disk'), 48);
      const simulator = await serveRecording(speed);
      const tandem = new Tandem(watching(simulator, join(disk.path, 'data')));
      try {
        await tandem.start();
        await until(
          'a minute has closed',
          async () => (await newestBar(tandem)) > usdm.firstComplete + minute,
        );
        await disk.fill();
        await until('it is not ready, and says why', async () => {
          const ready = await fetch(`${tandem.url}/health/ready`);
          return ready.status === 503 && /space/i.test(await ready.text());
        });
        await until('its log says so too', () => /space/i.test(tandem.output));
        await disk.free();
        await until('it is ready again', async () => (await fetch(`${tandem.url}/health/ready`)).ok);
        await recorded(tandem, 240_000);
        await expectWhole(tandem);
        expect(await tandem.stop()).toBe(0);
      } catch (error) {
        throw new Error(`${error instanceof Error ? error.stack : error}\n${tandem.output.slice(-6_000)}`);
      } finally {
        await tandem.kill();
        await simulator.stop();
        await disk.remove();
        await directory.remove();
      }
    },
    300_000,
  );
});

describe('a symbol that the exchange does not list', () => {
  it('is shown as down with the reason, and the others run', async () => {
    const directory = await scratch();
    const simulator = await startSimulator({ history: market(5), venue: 'binance-usdm' });
    const tandem = new Tandem({
      DATA: directory.path,
      FEED: 'binance-usdm',
      INSTRUMENTS: 'BTCUSDT,ETHUSDT,NOPEUSDT',
      PAIRS: 'BTCUSDT/ETHUSDT',
      BINANCE_USDM_WS: simulator.wsUrl,
      BINANCE_USDM_REST: simulator.restUrl,
      PORT: '0',
      LOG_LEVEL: 'warn',
    });
    try {
      await tandem.start();
      await until('each feed is what it is', async () => {
        const { feeds } = await tandem.get<Status>('/feeds');
        const stateOf = (symbol: string) => feeds.find((feed) => feed.symbol === symbol)?.state ?? '';
        return (
          stateOf('NOPEUSDT') === 'down' &&
          ['BTCUSDT', 'ETHUSDT'].every((symbol) => ['live', 'quiet'].includes(stateOf(symbol)))
        );
      });
      const { feeds, services } = await tandem.get<Status>('/status');
      expect(feeds.find(({ symbol }) => symbol === 'NOPEUSDT')?.detail).toBe(
        'NOPEUSDT is no instrument of binance-usdm: remove it from the setting "instruments"',
      );
      expect(services['feed binance-usdm']).toMatchObject({
        state: 'degraded',
        detail: expect.stringContaining('NOPEUSDT is no instrument'),
      });
    } finally {
      await tandem.stop();
      await simulator.stop();
      await directory.remove();
    }
  });
});
