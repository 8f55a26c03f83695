import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerFrame, TickMessage } from '@tandem/common';
import { moment } from './clock.ts';
import { startExchange } from './exchange-process.ts';
import { type Latencies, latenciesOf, type Received } from './latencies.ts';
import { type Arrival, type Listener, listenTo } from './listener.ts';
import { startTandemCluster } from './tandem-cluster.ts';
import { startTandem, type Tandem, type Vitals } from './tandem-process.ts';

export interface LiveRunOptions {
  readonly seed: number;
  /** Prints a second, of all instruments together. */
  readonly rate: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly profile: string | undefined;
  /** Five processes on NATS and QuestDB instead of one. */
  readonly cluster?: boolean;
}

/** What was seen of one run, and what it cost Tandem's process. */
export interface LiveRun extends Latencies {
  readonly rate: number;
  /** Share of one core that Tandem used, all its threads together. */
  readonly cpu: number;
  /** Share of the time in which it collected garbage. */
  readonly gc: number;
  readonly residentMb: number;
}

/** The symbols of the simulated market, which are also what Tandem watches unless told otherwise. */
const symbols = ['btcusdt', 'ethusdt', 'solusdt', 'bnbusdt', 'xrpusdt'];
/** Whatever is still under way then is lost, ms. */
const patience = 2_000;

/**
 * Exchange → Tandem → client, and beside it, as the floor, exchange → client. Both clients listen to the same frames
 * in this process at the same time, so what the machine does to one it does to the other.
 */
export async function liveRun(options: LiveRunOptions): Promise<LiveRun> {
  return withTandem(options, async (tandem, exchange) => {
    const listeners: Listener[] = [];
    try {
      const path = `/public/stream?streams=${symbols.map((symbol) => `${symbol}@trade`).join('/')}`;
      const through = await listenTo(tandem.streamUrl, { type: 'subscribe', subjects: ['ticks.>'] });
      listeners.push(through);
      const direct = await listenTo(exchange.stream + path);
      listeners.push(direct);
      await sleep(options.warmUpMs);
      await exchange.marks();
      for (const listener of listeners) listener.take();
      const before = await tandem.vitals();
      const from = moment();
      await sleep(options.measureMs);
      const to = moment();
      const after = await tandem.vitals();
      await sleep(patience);
      const sent = (await exchange.marks()).filter(([, at]) => at >= from && at < to);
      const { received, skipped } = receivedOf(through.take());
      const latencies = latenciesOf(sent, directOf(direct.take()), received, skipped);
      return { rate: options.rate, ...latencies, ...costOf(before, after, (to - from) / 1_000) };
    } finally {
      for (const listener of listeners) listener.stop();
    }
  });
}

/** Starts an exchange and a Tandem that watches it, and ends both whatever happens. */
export async function withTandem<Result>(
  { seed, rate, profile, cluster }: Pick<LiveRunOptions, 'seed' | 'rate' | 'profile' | 'cluster'>,
  measure: (tandem: Tandem, exchange: Awaited<ReturnType<typeof startExchange>>) => Promise<Result>,
): Promise<Result> {
  const exchange = await startExchange(seed, rate);
  try {
    const settings = {
      FEED: 'binance-usdm',
      // One tick per print: the rate is exact, and nothing is merged before it comes here.
      STREAM: 'trade',
      BINANCE_USDM_WS: exchange.stream,
      BINANCE_USDM_REST: exchange.rest,
      WARM_START: 'false',
    };
    const tandem = cluster ? await startTandemCluster(settings) : await startTandem(settings, profile);
    try {
      return await measure(tandem, exchange);
    } finally {
      await tandem.stop();
    }
  } finally {
    exchange.stop();
  }
}

function costOf(before: Vitals, after: Vitals, seconds: number) {
  return {
    cpu: (after.cpuSeconds - before.cpuSeconds) / seconds,
    gc: (after.gcSeconds - before.gcSeconds) / seconds,
    residentMb: after.residentMb,
  };
}

function directOf(arrivals: readonly Arrival[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { at, bytes } of arrivals) {
    const { data } = JSON.parse(bytes.toString()) as { data: { s: string; t: number } };
    found.set(`${data.s}:${data.t}`, at);
  }
  return found;
}

function receivedOf(arrivals: readonly Arrival[]): { received: Received[]; skipped: number } {
  const received: Received[] = [];
  let skipped = 0;
  for (const { at, wall, bytes } of arrivals) {
    const frame = JSON.parse(bytes.toString()) as ServerFrame;
    if (frame.type === 'error') throw new Error(`Tandem refused the client: ${frame.message}`);
    if (frame.type !== 'update') continue;
    skipped += frame.skipped;
    for (const { data } of frame.messages) {
      const { symbol, ticks } = TickMessage.parse(data);
      for (const tick of ticks)
        received.push({ key: `${symbol}:${tick.id}`, at, sinceReceived: wall - tick.received });
    }
  }
  return { received, skipped };
}
