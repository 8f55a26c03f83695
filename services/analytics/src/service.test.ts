import { type Analytics, type Bar, LiveStudy, type Study, subjects } from '@tandem/common';
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
import { AnalyticsCore } from './core/analytics-core.ts';
import { bar, minute, start, study, tandem } from './core/market.fixture.ts';
import { defaultStudies, startAnalytics } from './index.ts';

let bus: Bus;
let store: Store;
let lines: string[];
let published: Analytics[];
let running: ServiceContext;
let settings: Settings;
const services: Service[] = [];

beforeEach(async () => {
  store = await duckdbStore({ path: ':memory:' });
  settings = memorySettings();
  lines = [];
  newBus();
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
  await bus.close();
  await store.close();
});

function newBus(): void {
  bus = memoryBus();
  published = [];
  bus.subscribe('analytics.>', (_, data) => published.push(data as Analytics));
}

async function begin(studies: readonly Study[] = [study], instruments?: string[]): Promise<void> {
  const log = createLog({ write: (line) => lines.push(line), format: 'json' });
  running = { bus, store, settings, log, health: healthRegistry(), metrics: metricsRegistry() };
  const options = { dataset: 'live', studies, ...(instruments ? { instruments } : {}) };
  services.push(await startAnalytics(running, options));
}

async function end(): Promise<void> {
  for (const service of services.splice(0)) await service.stop();
}

/** What the resampler does: a bar rests in the store before it is on the bus. */
async function happen(...bars: Bar[]): Promise<void> {
  await store.write([{ table: 'bars', rows: bars }]);
  for (const one of bars) await bus.publish(subjects.bars(one.interval, one.venue, one.symbol), one);
}

const legs = (from: number, to: number): Bar[] =>
  tandem(100)
    .slice(from, to)
    .flatMap(({ y, x }) => [y, x]);
const table = (): Promise<Analytics[]> => store.query('analytics', { where: { dataset: 'live' } });
const until = <T>(check: () => Promise<T> | T): Promise<T> =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 });

/** The table as it must be for these bars, by the core alone. */
function expected(bars: readonly Bar[]): Analytics[] {
  const core = new AnalyticsCore('live', [study]);
  for (const one of bars) core.apply(one);
  const state = core.studies[0]!;
  return core.track(state, core.oldest(state), []).rows(core.newest(state));
}

describe('from bars to rows', () => {
  it('each bar time of both legs gives one row, stored as published, in time order', async () => {
    await begin();
    await happen(...legs(0, 40));
    await until(async () => expect(await table()).toEqual(expected(legs(0, 40))));
    await until(() => expect(published).toEqual(expected(legs(0, 40))));
    expect((await table()).at(-1)?.state).toBe('live');
  });

  it('an amended bar rewrites the rows of its windows, and publishes those that differ', async () => {
    await begin();
    await happen(...legs(0, 60));
    await until(() => expect(published).toHaveLength(60));
    const amended = bar('ETHUSDT', 30, 3_100, { revision: 11 });
    await happen(amended);
    await until(async () => expect(await table()).toEqual(expected([...legs(0, 60), amended])));
    // What is weighted exponentially remembers longer than the window does.
    await until(() => expect(published.length).toBeGreaterThanOrEqual(90));
    expect(published.slice(60).map((row) => (row.time - start) / minute)).toEqual(
      Array.from({ length: published.length - 60 }, (_, i) => 30 + i),
    );
  });

  it('history that arrives after live bars makes the rows that it makes possible', async () => {
    await begin();
    await happen(...legs(50, 55));
    await until(() => expect(published).toHaveLength(5));
    await happen(...legs(0, 50).map((one) => ({ ...one, source: 'klines' as const })));
    await until(async () => expect(await table()).toEqual(expected(legs(0, 55))));
  });

  it('a bar that is none is refused in one line, and the next is taken', async () => {
    await begin();
    await bus.publish('bars.1m.sim.BTCUSDT', { ...bar('BTCUSDT', 0, 1), close: 'NaN' });
    await bus.publish('bars.1m.sim.BTCUSDT', { ...bar('BTCUSDT', 0, 1), time: start + 1 });
    await happen(...legs(0, 1));
    await until(() => expect(published).toHaveLength(1));
    const refusals = lines.filter((line) => line.includes('a bar is refused'));
    expect(refusals.map((line) => JSON.parse(line).msg)).toEqual([
      expect.stringContaining('close: '),
      expect.stringContaining('is no open time of a 1m bar'),
    ]);
    expect(await running.metrics.text()).toContain('tandem_analytics_refused_total{what="bar"} 2');
  });
});

describe('restarts', () => {
  it('killed at any row, with bars missed and amended meanwhile, the table equals the undisturbed one', async () => {
    const amended = bar('BTCUSDT', 25, 60_000, { revision: 11 });
    await begin();
    await happen(...legs(0, 40));
    await until(() => expect(published).toHaveLength(40));
    await end();
    await store.write([{ table: 'bars', rows: [...legs(40, 60), amended] }]);
    newBus();
    await begin();
    const all = expected([...legs(0, 60), amended]);
    await until(async () => expect(await table()).toEqual(all));
    // New rows first, in order; then all from the amended bar on, which each row hands on to the next.
    await until(() => expect(published).toHaveLength(55));
    expect(published.map((row) => (row.time - start) / minute)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => 40 + i),
      ...Array.from({ length: 35 }, (_, i) => 25 + i),
    ]);
    await end();
    newBus();
    await begin();
    await happen(...legs(60, 62));
    await until(async () => expect(await table()).toEqual(expected([...legs(0, 62), amended])));
    // A row is published when it is durable.
    await until(() => expect(published).toHaveLength(2));
  });
});

describe('a stream that has forgotten', () => {
  it('bars that left the stream before they were read are read from the store', async () => {
    bus = Object.defineProperty(memoryBus({ capacity: 32 }), 'durable', { value: true });
    await begin();
    await happen(...legs(0, 2));
    await until(async () => expect(await table()).toHaveLength(2));
    await end();
    await happen(...legs(2, 40));
    await begin();
    await happen(...legs(40, 50));
    await until(async () => expect(await table()).toEqual(expected(legs(0, 50))));
    expect(lines.filter((line) => line.includes('have left the stream'))).toHaveLength(1);
  });
});

describe('the edges', () => {
  it('a study that cannot be computed is refused with a sentence; the others run', async () => {
    await begin(
      [
        { ...study, id: 'magic', method: 'magic' as 'ols' },
        { ...study, id: 'same', x: study.y },
        { ...study, id: 'unfed', x: 'sim:DOGEUSDT' },
        { ...study, id: 'tiny', window: 3 },
        study,
        study,
      ],
      ['sim:BTCUSDT', 'sim:ETHUSDT'],
    );
    const told = lines.map((line) => JSON.parse(line).msg).filter((line) => line.includes('is refused'));
    expect(told).toEqual([
      expect.stringContaining('study "magic" is refused: method: '),
      'study "same" is refused: both legs are sim:BTCUSDT; name two instruments',
      'study "unfed" is refused: sim:DOGEUSDT is not fed; add it to the instruments',
      expect.stringContaining('study "tiny" is refused: window: '),
      'study "btc-eth-1m" is refused: another study has the same id; rename one',
    ]);
    expect(await bus.request(subjects.rpc('analytics', 'studies'), {}, 1_000)).toEqual([study]);
  });

  it('forming bars give a provisional z by the last confirmed fit, and no row', async () => {
    const lives: LiveStudy[] = [];
    bus.subscribe('live.>', (_, data) => lives.push(LiveStudy.parse(data)));
    await begin();
    await happen(...legs(0, 30));
    await until(() => expect(published).toHaveLength(30));
    const last = published[29]!;
    const forming = { complete: false, revision: 1 };
    await bus.publish('forming.1m.sim.BTCUSDT', bar('BTCUSDT', 30, last.yClose, forming));
    expect(lives).toEqual([]);
    await bus.publish('forming.1m.sim.ETHUSDT', bar('ETHUSDT', 30, last.xClose, forming));
    expect(lives).toHaveLength(1);
    expect(lives[0]).toMatchObject({ study: study.id, time: start + 30 * minute, provisional: true });
    expect(lives[0]?.z).toBeCloseTo(last.z as number, 8);
    // More at once than four a second may pass: the newest is what remains.
    for (let i = 1; i <= 50; i++) {
      await bus.publish('forming.1m.sim.BTCUSDT', bar('BTCUSDT', 30, last.yClose! + i, forming));
    }
    await until(() => expect(lives.at(-1)?.yClose).toBe(last.yClose! + 50));
    expect(lives).toHaveLength(2);
    expect(await table()).toHaveLength(30);
  });

  it('default studies are named after their pair without the quote asset that both share', () => {
    const ids = (y: string, x: string) =>
      defaultStudies([{ y, x }], ['1s', '1m', '15m']).map(({ id, window }) => [id, window]);
    expect(ids('binance-usdm:BTCUSDT', 'binance-usdm:ETHUSDT')).toEqual([
      ['btc-eth-1s', 600],
      ['btc-eth-1m', 240],
      ['btc-eth-15m', 240],
    ]);
    expect(ids('coinbase:BTC-USD', 'coinbase:ETH-USD')[0]).toEqual(['btc-eth-1s', 600]);
    expect(ids('binance-spot:BTCUSDT', 'binance-spot:ETHBTC')[0]).toEqual(['btcusdt-ethbtc-1s', 600]);
    const pairs = [
      { y: 'sim:BTCUSDT', x: 'sim:ETHUSDT', tags: ['majors'] },
      { y: 'sim:SOLUSDT', x: 'sim:ETHUSDT', tags: [] },
    ];
    expect(defaultStudies(pairs, ['1s']).map(({ id, tags }) => [id, tags])).toEqual([
      ['btc-eth-1s', ['majors']],
      ['sol-eth-1s', undefined],
    ]);
  });
});
