import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Bar, FeedStatus, TickMessage } from '@tandem/common';
import {
  type Bus,
  type Change,
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type Service,
  type Store,
} from '@tandem/runtime';
import {
  faultPlan,
  market,
  marketSymbols,
  recording,
  type Simulator,
  startSimulator,
} from '@tandem/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { startIngestor } from './service.ts';
import { binanceUsdm } from './venues/binance-usdm.ts';

const data = join(
  fileURLToPath(new URL('../../../..', import.meta.url)),
  'shared/data/binance-usdm-2024-08-08',
);
const recorded = existsSync(data);
if (!recorded) {
  if (process.env.CI === 'true') throw new Error(`the reference recordings are missing: ${data}`);
  console.log('The tests over reference recordings did not run: ../shared/data is not there.');
}

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

interface Feed {
  bus: Bus;
  store: Store;
  ingestor: Service;
  messages: TickMessage[];
  status: Map<string, FeedStatus>;
}

/** An ingestor on a simulated exchange, with all that it has published. */
async function ingest(
  simulator: Simulator,
  symbols: string[],
  stream: 'trade' | 'aggTrade',
  known: readonly Change[] = [],
): Promise<Feed> {
  const bus = memoryBus();
  const store = await duckdbStore({ path: ':memory:' });
  if (known.length > 0) await store.write(known);
  const messages: TickMessage[] = [];
  const status = new Map<string, FeedStatus>();
  bus.subscribe('ticks.>', (_, message) => messages.push(TickMessage.parse(message)));
  bus.subscribe('feeds.>', (_, message) => {
    const one = FeedStatus.parse(message);
    status.set(one.symbol, one);
  });
  const context = {
    bus,
    store,
    settings: memorySettings(),
    log: createLog({ level: 'silent' }),
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
  const ingestor = await startIngestor(context, {
    venues: [
      {
        dialect: binanceUsdm({ stream, apiKey: 'key' }),
        streamBase: simulator.wsUrl,
        restBase: simulator.restUrl,
        symbols,
        warmStart: false,
      },
    ],
  });
  running.push({ stop: () => store.close() }, { stop: () => bus.close() }, ingestor);
  return { bus, store, ingestor, messages, status };
}

async function until(what: string, condition: () => boolean, patience = 90_000): Promise<void> {
  const began = performance.now();
  while (!condition()) {
    if (performance.now() - began > patience) throw new Error(`waited in vain until ${what}`);
    await sleep(20);
  }
}

const of = (messages: readonly TickMessage[], symbol: string) =>
  messages.filter((one) => one.symbol === symbol);
const ticksOf = (messages: readonly TickMessage[], symbol: string) =>
  of(messages, symbol).flatMap((one) => one.ticks);

/** Every message continues the ids of the one before. */
function expectContinuous(messages: readonly TickMessage[], symbol: string): void {
  let next: number | undefined;
  for (const { fromId, toId, gap } of of(messages, symbol)) {
    expect(gap).toBeUndefined();
    if (fromId === null || toId === null) continue;
    if (next !== undefined) expect(Number(fromId)).toBe(next);
    next = Number(toId) + 1;
  }
}

describe.skipIf(!recorded)('a recorded market that is served live', () => {
  const files = ['btcusdt', 'ethusdt'].map((name) => join(data, `${name}_20240808.gz`));
  const last = { BTCUSDT: 5266605247, ETHUSDT: 4308082598 };
  const counts = { BTCUSDT: 21_313, ETHUSDT: 14_076 };

  async function play(faults?: ReturnType<typeof faultPlan>): Promise<Feed> {
    const simulator = await startSimulator({
      history: recording(files),
      venue: 'binance-usdm',
      speed: 30,
      ...(faults === undefined ? {} : { faults }),
    });
    running.push(simulator);
    const feed = await ingest(simulator, ['BTCUSDT', 'ETHUSDT'], 'trade');
    await until(
      'the whole recording has arrived',
      () =>
        (['BTCUSDT', 'ETHUSDT'] as const).every(
          (symbol) => feed.status.get(symbol)?.lastId === String(last[symbol]),
        ),
      60_000,
    );
    return feed;
  }

  it('publishes every recorded trade once and in order', { timeout: 240_000 }, async () => {
    const { messages } = await play();
    for (const symbol of ['BTCUSDT', 'ETHUSDT'] as const) {
      expect(ticksOf(messages, symbol)).toHaveLength(counts[symbol]);
      expectContinuous(messages, symbol);
    }
  });

  it('publishes the same when frames are dropped, skipped, repeated, reordered and spoilt', {
    timeout: 240_000,
  }, async () => {
    const rates = {
      drop: 0.0001,
      disconnect: 0.0001,
      skip: 0.0005,
      repeat: 0.01,
      reorder: 0.01,
      malformed: 0.001,
    };
    const { messages, status } = await play(faultPlan(7, rates));
    for (const symbol of ['BTCUSDT', 'ETHUSDT'] as const) {
      expectContinuous(messages, symbol);
      const ids = ticksOf(messages, symbol).map((tick) => Number(tick.id));
      expect(ids).toEqual(
        Array.from({ length: counts[symbol] }, (_, index) => last[symbol] - counts[symbol] + 1 + index),
      );
      expect(status.get(symbol)?.counts.repaired).toBeGreaterThan(0);
    }
  });
});

describe('a feed that says what it knows', () => {
  const symbols = marketSymbols.filter(({ symbol }) => symbol === 'BTCUSDT' || symbol === 'ETHUSDT');

  /** Its clock begins at the same moment each time, so that each time the same is traded. */
  async function exchange(rates: Record<string, number>): Promise<Simulator> {
    const simulator = await startSimulator({
      history: market(11, { symbols, rates }),
      venue: 'binance-usdm',
      epoch: Date.UTC(2026, 5, 1, 12),
    });
    running.push(simulator);
    return simulator;
  }

  it('a history that ends behind what the stream has shown proves nothing', async () => {
    const simulator = await exchange({ BTCUSDT: 50, ETHUSDT: 20 });
    const feed = await ingest(simulator, ['BTCUSDT', 'ETHUSDT'], 'aggTrade');
    await until('both trade', () => watermark(feed, 'ETHUSDT') > 0 && watermark(feed, 'BTCUSDT') > 0);
    simulator.faults.inject({ kind: 'restHead', behind: 10_000 });
    simulator.faults.mute('ethusdt@aggTrade');
    await until(
      'the silence is noticed',
      () => watermark(feed, 'BTCUSDT') > watermark(feed, 'ETHUSDT') + 4_000,
    );
    const stood = watermark(feed, 'ETHUSDT');
    await until('the other goes on', () => watermark(feed, 'BTCUSDT') > stood + 7_000);
    expect(watermark(feed, 'ETHUSDT')).toBe(stood);
  });

  it('an exchange that sends no frame at all is asked whether it is quiet', async () => {
    const simulator = await exchange({ ETHUSDT: 0.001 });
    const feed = await ingest(simulator, ['ETHUSDT'], 'aggTrade');
    await until('the quiet market is known', () => watermark(feed, 'ETHUSDT') > 0);
  });

  it('a ban of our address does not hold the live feed up: the gap is declared and repaired later', async () => {
    const simulator = await exchange({ BTCUSDT: 50 });
    const feed = await ingest(simulator, ['BTCUSDT'], 'aggTrade');
    await until('it trades', () => watermark(feed, 'BTCUSDT') > 0);
    simulator.faults.rest({ answer: 'status', status: 418 });
    simulator.faults.skip({ stream: 'btcusdt@aggTrade', count: 5 });
    await until('the gap is declared', () => feed.messages.some((one) => one.gap !== undefined));
    const live = watermark(feed, 'BTCUSDT');
    await until('the feed goes on', () => watermark(feed, 'BTCUSDT') > live + 1_000);
    expect(feed.messages.find((one) => one.gap !== undefined)?.gap).toMatchObject({ repairable: true });
  });

  it.each([
    ['the stream', 0],
    ['its history, because the stream is mute,', 1],
  ])(
    'after a pause longer than trades are kept, of which %s tells first, all that was traded since the last bar is a gap and repaired',
    async (_, mute) => {
      const simulator = await exchange({ BTCUSDT: mute ? 2 : 50 });
      if (mute) simulator.faults.mute('btcusdt@aggTrade');
      const end = Math.floor(simulator.now() / 1_000) * 1_000 - 300_000;
      const bar: Bar = {
        dataset: 'live',
        venue: 'binance-usdm',
        symbol: 'BTCUSDT',
        interval: '1s',
        time: end - 1_000,
        ...{ open: 1, high: 1, low: 1, close: 1, volume: 0, quoteVolume: 0, vwap: null, trades: 0 },
        ...{ buyVolume: 0, buyQuoteVolume: 0, complete: true, gap: false, revision: 0, source: 'trades' },
      };
      const feed = await ingest(simulator, ['BTCUSDT'], 'aggTrade', [{ table: 'bars', rows: [bar] }]);
      await until('the gap is declared', () => feed.messages.some((one) => one.gap !== undefined));
      const gap = feed.messages[0]?.gap;
      expect(gap).toMatchObject({ fromTime: end, repairable: true });
      const repaired = () => feed.messages.filter((one) => Number(one.toId) <= Number(gap?.toId));
      await until('it is repaired', () => repaired().at(-1)?.toId === gap?.toId);
      expect(repaired()[0]).toMatchObject({ fromId: gap?.fromId });
      const first = repaired()[0]?.ticks[0]?.time ?? 0;
      expect(first).toBeGreaterThanOrEqual(end);
      // At two trades a second the first of 300 s cannot be far from their begin.
      expect(first).toBeLessThan(end + 60_000);
    },
  );

  it('a venue that counts its trades anew is shown as down with the reason, not as quiet', async () => {
    const simulator = await exchange({ BTCUSDT: 50 });
    const time = simulator.now() - 60_000;
    const before = {
      id: '99000000000000',
      time,
      received: time,
      price: 1,
      quantity: 1,
      count: 1,
      side: null,
    };
    const identity = { dataset: 'live', venue: 'binance-usdm', symbol: 'BTCUSDT' };
    const feed = await ingest(simulator, ['BTCUSDT'], 'aggTrade', [
      { table: 'ticks', rows: [{ ...identity, ...before }] },
    ]);
    await until(
      'it is shown',
      () => feed.status.get('BTCUSDT')?.detail.includes('counts its trades anew') ?? false,
    );
    expect(feed.status.get('BTCUSDT')?.state).toBe('down');
    expect(feed.messages).toEqual([]);
  });

  const watermark = (feed: Feed, symbol: string) => of(feed.messages, symbol).at(-1)?.watermark ?? 0;

  it('a quiet instrument that its venue confirms has no trades goes on in time', async () => {
    const simulator = await exchange({ BTCUSDT: 50, ETHUSDT: 0.001 });
    const feed = await ingest(simulator, ['BTCUSDT', 'ETHUSDT'], 'aggTrade');
    await until('the quiet market is known', () => watermark(feed, 'ETHUSDT') > 0);
    const began = simulator.now();
    const ticks = ticksOf(feed.messages, 'ETHUSDT').length;
    await until('its watermark passes', () => watermark(feed, 'ETHUSDT') > began + 2_000);
    // At one trade in 1000 s this time was without one, or nearly.
    expect(ticksOf(feed.messages, 'ETHUSDT').length - ticks).toBeLessThan(3);
  });

  it('an instrument that the venue does not list is down with the reason, through connections that come and go', async () => {
    const simulator = await startSimulator({ history: market(1), venue: 'binance-usdm' });
    running.push(simulator);
    const { status } = await ingest(simulator, ['BTCUSDT', 'NOPEUSDT'], 'trade');
    const said = () => status.get('NOPEUSDT');
    const reason = 'NOPEUSDT is no instrument of binance-usdm: remove it from the setting "instruments"';
    await until(
      'the list was read',
      () => said()?.state === 'down' && status.get('BTCUSDT')?.state === 'live',
    );
    expect(said()?.detail).toBe(reason);
    simulator.faults.drop();
    await until('the connection was lost', () => (said()?.counts.reconnects ?? 0) > 0);
    expect(said()).toMatchObject({ state: 'down', detail: reason });
    await until('the other is live again', () => status.get('BTCUSDT')?.state === 'live');
    expect(said()).toMatchObject({ state: 'down', detail: reason });
  });

  it('an instrument whose venue cannot be asked stands still: dead is not quiet', async () => {
    const simulator = await exchange({ BTCUSDT: 50, ETHUSDT: 20 });
    const feed = await ingest(simulator, ['BTCUSDT', 'ETHUSDT'], 'aggTrade');
    await until('both trade', () => watermark(feed, 'ETHUSDT') > 0 && watermark(feed, 'BTCUSDT') > 0);
    simulator.faults.rest({ answer: 'status', status: 503 });
    simulator.faults.mute('ethusdt@aggTrade');
    await until(
      'the silence is noticed',
      () => watermark(feed, 'BTCUSDT') > watermark(feed, 'ETHUSDT') + 4_000,
    );
    const stood = watermark(feed, 'ETHUSDT');
    await until('the other goes on', () => watermark(feed, 'BTCUSDT') > stood + 7_000);
    expect(watermark(feed, 'ETHUSDT')).toBe(stood);
    simulator.faults.clear();
    await until('it is repaired', () => watermark(feed, 'ETHUSDT') > stood + 8_000);
    expectContinuous(feed.messages, 'ETHUSDT');
  });

  it('a stream that is mute while its venue trades is fetched over REST and given up', async () => {
    const simulator = await exchange({ BTCUSDT: 50, ETHUSDT: 20 });
    const feed = await ingest(simulator, ['BTCUSDT', 'ETHUSDT'], 'aggTrade');
    await until('both trade', () => watermark(feed, 'ETHUSDT') > 0 && watermark(feed, 'BTCUSDT') > 0);
    simulator.faults.mute('ethusdt@aggTrade');
    await until('the connection is given up', () => (feed.status.get('ETHUSDT')?.counts.reconnects ?? 0) > 0);
    const reconnected = simulator.now();
    await until('it trades again', () => watermark(feed, 'ETHUSDT') > reconnected + 1_000);
    expectContinuous(feed.messages, 'ETHUSDT');
  });

  it('a half-open connection is given up although it never closes', async () => {
    const simulator = await exchange({ BTCUSDT: 50 });
    const feed = await ingest(simulator, ['BTCUSDT'], 'aggTrade');
    await until('it trades', () => watermark(feed, 'BTCUSDT') > 0);
    simulator.faults.silence({ pongs: false });
    await until('it reconnects', () => (feed.status.get('BTCUSDT')?.counts.reconnects ?? 0) > 0);
    const reconnected = simulator.now();
    await until('it trades again', () => watermark(feed, 'BTCUSDT') > reconnected + 1_000);
    expectContinuous(feed.messages, 'BTCUSDT');
  });

  it('trades that the venue refuses to serve again are declared missing, and repaired when it serves them', async () => {
    const simulator = await exchange({ BTCUSDT: 50 });
    const feed = await ingest(simulator, ['BTCUSDT'], 'aggTrade');
    await until('it trades', () => watermark(feed, 'BTCUSDT') > 0);
    simulator.faults.rest({ answer: 'status', status: 451, body: '{"code":0,"msg":"restricted location"}' });
    simulator.faults.skip({ stream: 'btcusdt@aggTrade', count: 5 });
    await until('the gap is declared', () => feed.messages.some((one) => one.gap !== undefined));
    const { gap } = feed.messages.find((one) => one.gap !== undefined) as TickMessage;
    expect(Number(gap?.toId) - Number(gap?.fromId)).toBe(4);
    expect(gap).toMatchObject({ repairable: true });
    const live = watermark(feed, 'BTCUSDT');
    await until('the feed goes on', () => watermark(feed, 'BTCUSDT') > live + 1_000);
  });
});
