import { type Bar, liveDataset, subjects, type Tick, type TickMessage } from '@tandem/common';
import {
  type Bus,
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type Settings,
  type Store,
} from '@tandem/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Resampler, type ResamplerOptions, startResampler } from './service.ts';

const minute = 1_700_000_040_000;
const venue = 'binance-usdm' as const;
const symbol = 'BTCUSDT';
const where = { dataset: liveDataset, venue, symbol } as const;

let store: Store;
let settings: Settings;
let bus: Bus;
let heard: { subject: string; bar: Bar }[];
const running: Resampler[] = [];

beforeEach(async () => {
  store = await duckdbStore({ path: ':memory:' });
  settings = memorySettings();
  newBus();
});

afterEach(async () => {
  for (const resampler of running.splice(0)) await resampler.stop();
  await bus.close();
  await store.close();
});

function newBus() {
  bus = memoryBus();
  heard = [];
  for (const pattern of ['bars.>', 'forming.>']) {
    bus.subscribe(pattern, (subject, data) => void heard.push({ subject, bar: data as Bar }));
  }
}

async function start(options: Partial<ResamplerOptions> = {}): Promise<Resampler> {
  const context = {
    bus,
    store,
    settings,
    log: createLog({ level: 'silent' }),
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
  const resampler = await startResampler(context, { intervals: ['1m'], ...options });
  running.push(resampler);
  return resampler;
}

function trade(id: number, time: number, price = 100, quantity = 1): Tick {
  return { id: String(id), time, price, quantity, side: 'buy', count: 1, received: time + 1 };
}

function message(ticks: Tick[], changes: Partial<TickMessage> = {}): TickMessage {
  return {
    venue,
    symbol,
    fromId: ticks[0]?.id ?? null,
    toId: ticks.at(-1)?.id ?? null,
    watermark: Math.max(0, ...ticks.map((tick) => tick.time)),
    ticks,
    filtered: 0,
    ...changes,
  };
}

const heartbeat = (watermark: number) => message([], { watermark });
const send = (...messages: TickMessage[]) =>
  Promise.all(messages.map((each) => bus.publish(subjects.ticks(each.venue, each.symbol), each)));
const barsOf = (interval: Bar['interval']) => store.query('bars', { where: { ...where, interval } });
const published = (interval: Bar['interval']) =>
  heard.filter((each) => each.subject === subjects.bars(interval, venue, symbol)).map((each) => each.bar);

async function until(condition: () => boolean | Promise<boolean>) {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('what closes', () => {
  test('a quiet market closes flat bars as soon as the feed says that nothing happened', async () => {
    await start();
    await send(message([trade(1, minute + 500)]), heartbeat(minute + 3_000));
    await until(() => published('1s').length === 3);
    expect(await barsOf('1s')).toEqual(published('1s'));
    expect(published('1s').map((bar) => [bar.close, bar.trades, bar.complete, bar.revision])).toEqual([
      [100, 1, false, 1],
      [100, 0, true, 0],
      [100, 0, true, 0],
    ]);
  });

  test('without a word from the feed no bar closes, so none is invented', async () => {
    const resampler = await start();
    await send(message([trade(1, minute + 500), trade(2, minute + 999)]));
    await until(() => resampler.ledger()[0]?.stored === 2);
    expect(await barsOf('1s')).toEqual([]);
    expect(await store.query('ticks', { where })).toHaveLength(2);
  });

  test('a late trade widens the bar it belongs to, and the minute around it', async () => {
    await start();
    await send(message([trade(1, minute - 10), trade(2, minute + 500)]), heartbeat(minute + 60_000));
    await until(() => published('1m').length === 2);
    await send(message([trade(3, minute + 700, 120)]));
    await until(() => published('1m').length === 3);
    const [, bar] = await barsOf('1m');
    expect(bar).toMatchObject({ open: 100, high: 120, close: 120, trades: 2, revision: 2, complete: true });
    expect(await barsOf('1s')).toMatchObject([
      { time: minute - 1_000 },
      { time: minute, high: 120, close: 120, trades: 2 },
      // The quiet seconds after it follow its close.
      ...Array.from({ length: 59 }, () => ({ close: 120, trades: 0 })),
    ]);
  });
});

describe('what is missing', () => {
  test('after a pause longer than trades are kept, the pause is a gap and not a quiet market', async () => {
    const before = await start();
    await send(message([trade(1, minute + 500)]), heartbeat(minute + 3_000));
    await until(() => published('1s').length === 3);
    await before.stop();
    running.length = 0;
    await store.expire('ticks', minute + 4 * 86_400_000);
    newBus();
    await start();
    const gap = { fromId: '2', toId: '8', fromTime: minute + 3_000, toTime: minute + 5_500 };
    await send(
      message([trade(9, minute + 5_500, 110)], { gap: { ...gap, reason: 'away', repairable: true } }),
      heartbeat(minute + 7_000),
    );
    await until(() => published('1s').length >= 4);
    expect((await barsOf('1s')).map((bar) => [bar.close, bar.gap])).toEqual([
      [100, false],
      [100, false],
      [100, false],
      [null, true],
      [null, true],
      [110, true],
      [110, false],
    ]);
    expect(await store.query('gaps', { where })).toMatchObject([{ fromId: '2', toId: '8', state: 'open' }]);
  });

  test('bars without the ids of their trades are not continued as if nothing had happened since', async () => {
    const before = await start();
    await send(message([trade(1, minute + 500)]), heartbeat(minute + 3_000));
    await until(() => published('1s').length === 3);
    await before.stop();
    running.length = 0;
    await store.expire('ticks', minute + 4 * 86_400_000);
    newBus();
    await start();
    await send(message([trade(9, minute + 5_500, 110)]), heartbeat(minute + 7_000));
    await until(() => published('1s').length >= 4);
    expect((await barsOf('1s')).slice(3).map((bar) => [bar.close, bar.gap])).toEqual([
      [null, true],
      [null, true],
      [110, true],
      [110, false],
    ]);
    expect(await store.query('gaps', { where })).toMatchObject([{ fromId: '8', toId: '8', state: 'lost' }]);
  });

  test('a jump in the ids opens a gap, whose quiet seconds have no price', async () => {
    const resampler = await start();
    await send(
      message([trade(1, minute + 500)]),
      message([trade(9, minute + 3_500, 110)]),
      heartbeat(minute + 5_000),
    );
    await until(() => published('1s').length >= 5);
    expect((await barsOf('1s')).map((bar) => [bar.close, bar.gap])).toEqual([
      [100, true],
      [null, true],
      [null, true],
      [110, true],
      [110, false],
    ]);
    expect(await store.query('gaps', { where })).toMatchObject([
      {
        fromId: '2',
        toId: '8',
        missing: 7,
        time: minute + 500,
        toTime: minute + 3_500,
        state: 'open',
        reason: 'undeclared jump',
      },
    ]);
    expect(resampler.ledger()).toMatchObject([{ openGaps: 1, received: 2, inBars: 2, stored: 2 }]);
  });

  test('a repair makes the bars those of a market that was never missed', async () => {
    const trades = [
      trade(1, minute + 500),
      trade(2, minute + 1_500, 90),
      trade(3, minute + 2_500, 95),
      trade(4, minute + 3_500, 110),
    ];
    const [first, second, third, fourth] = trades as [Tick, Tick, Tick, Tick];
    await start();
    await send(message([first]), message([fourth]), heartbeat(minute + 60_000));
    await until(() => published('1m').length === 1);
    await send(message([second]), message([third]));
    await until(() => published('1m').at(-1)?.gap === false);
    const repaired = await store.query('bars', { where });
    const gaps = await store.query('gaps', { where });
    expect(gaps.map((gap) => [gap.fromId, gap.toId, gap.state])).toEqual([
      ['2', '2', 'repaired'],
      ['3', '3', 'repaired'],
    ]);
    const again = memoryBus();
    const clean = await duckdbStore({ path: ':memory:' });
    const context = {
      bus: again,
      store: clean,
      settings: memorySettings(),
      log: createLog({ level: 'silent' }),
      health: healthRegistry(),
      metrics: metricsRegistry(),
    };
    running.push(await startResampler(context, { intervals: ['1m'] }));
    for (const each of [message(trades), heartbeat(minute + 60_000)])
      await again.publish(subjects.ticks(venue, symbol), each);
    await until(async () => (await clean.query('bars', { where })).length === 61);
    expect(repaired).toEqual(await clean.query('bars', { where }));
  });

  test('ids that the venue no longer has are lost, and their bars stay marked', async () => {
    await start();
    const gap = {
      fromId: '2',
      toId: '8',
      fromTime: minute + 500,
      toTime: minute + 1_500,
      reason: 'gone at the venue',
      repairable: false,
    };
    await send(message([trade(1, minute + 500)]), message([trade(9, minute + 1_500)]));
    await send(message([], { watermark: minute + 4_000, gap }));
    await until(async () => (await store.query('gaps', { where }))[0]?.state === 'lost');
    expect((await barsOf('1s')).map((bar) => bar.gap)).toEqual([true, true, false, false]);
  });

  test('what is no tick message is refused, and the feed goes on', async () => {
    const resampler = await start();
    await bus.publish(subjects.ticks(venue, symbol), { hello: 'world' });
    await bus.publish(subjects.ticks(venue, 'ETHUSDT'), message([trade(1, minute)]));
    await send(message([trade(1, minute + 500)]));
    await until(() => resampler.ledger()[0]?.stored === 1);
    expect(resampler.ledger().map((line) => line.instrument)).toEqual(['binance-usdm:BTCUSDT']);
  });
});

describe('a restart', () => {
  test('goes on in the middle of a bar as if nothing had happened', async () => {
    const first = await start();
    await send(message([trade(1, minute - 500), trade(2, minute + 200, 90), trade(3, minute + 1_100, 130)]));
    await until(() => first.ledger()[0]?.stored === 3);
    await first.stop();
    newBus();
    await start();
    await send(
      message([trade(3, minute + 1_100, 130), trade(4, minute + 1_400, 80)]),
      heartbeat(minute + 60_000),
    );
    await until(() => published('1m').length === 1);
    expect(await barsOf('1m')).toMatchObject([
      { complete: false, trades: 1 },
      { complete: true, open: 90, high: 130, low: 80, close: 80, trades: 3, volume: 3 },
    ]);
    expect(await store.query('gaps', { where })).toEqual([]);
  });
});

describe('the bars in progress', () => {
  test('are published as provisional and never written', async () => {
    await start();
    const forming = () => heard.filter((each) => each.subject === subjects.forming('1m', venue, symbol));
    await send(message([trade(1, minute + 500)]));
    await until(() => forming().length === 1);
    await send(message([trade(2, minute + 600, 105)]));
    await until(() => forming().length === 2);
    expect(forming().map(({ bar }) => [bar.close, bar.trades, bar.complete])).toEqual([
      [100, 1, false],
      [105, 2, false],
    ]);
    expect(await store.query('bars', { where })).toEqual([]);
  });

  test('are written as partial bars at the end of the input of a dataset, and never of the live market', async () => {
    const live = await start();
    await expect(live.flush()).rejects.toThrow('dataset');
    await live.stop();
    newBus();
    const replay = await start({ dataset: 'replay-1' });
    await send(message([trade(1, minute + 500), trade(2, minute + 1_500, 101)]));
    await replay.flush();
    const rows = await store.query('bars', { where: { ...where, dataset: 'replay-1' } });
    expect(rows.map((bar) => [bar.interval, bar.time, bar.close, bar.complete])).toEqual(
      expect.arrayContaining([
        ['1s', minute, 100, false],
        ['1s', minute + 1_000, 101, false],
        ['1m', minute, 101, false],
      ]),
    );
    expect(rows).toHaveLength(3);
  });
});

describe('the warm start', () => {
  test('fills the time before the first whole bar with the venue’s own, and never replaces an own whole one', async () => {
    const asked: unknown[] = [];
    const kline = (time: number) => ({
      symbol,
      interval: '1m',
      time,
      open: 7,
      high: 7,
      low: 7,
      close: 7,
      volume: 7,
      quoteVolume: 49,
      vwap: 7,
      trades: 7,
      buyVolume: 0,
      buyQuoteVolume: 0,
      complete: true,
      gap: false,
      revision: 7,
      source: 'klines',
    });
    bus.serve(subjects.rpc('ingestor', 'klines'), async (request) => {
      asked.push(request);
      const bars = [];
      for (let time = minute - 120_000; time < minute + 180_000; time += 60_000) bars.push(kline(time));
      return { bars };
    });
    await start({ warmStart: true });
    await send(message([trade(1, minute + 500)]));
    await until(() => published('1m').length === 2);
    await send(heartbeat(minute + 120_000));
    await until(async () => (await barsOf('1m')).filter((bar) => bar.source === 'klines').length === 3);
    expect((await barsOf('1m')).map((bar) => [bar.time - minute, bar.source, bar.complete])).toEqual([
      [-120_000, 'klines', true],
      [-60_000, 'klines', true],
      [0, 'klines', true],
      [60_000, 'trades', true],
    ]);
    expect(asked).toMatchObject([
      { interval: '1m', to: minute },
      { interval: '1m', to: minute + 60_000 },
    ]);
  });
});
