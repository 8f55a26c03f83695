import { setTimeout as sleep } from 'node:timers/promises';
import { defaultStudies, startAnalytics } from '@tandem/analytics';
import { type Analytics, type Study, subjects } from '@tandem/common';
import {
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
} from '@tandem/runtime';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';
import { type Spread, spreadOf, tailOf } from '../spread.ts';
import { number, spread, table } from '../table.ts';
import { together } from './market.ts';
import { type Owner, profileOf, sharesOf } from './profile.ts';

const count = 500;
/** As few as make so many pairs. */
const instruments = 33;
/** Share of one core that so many studies may take. */
const aim = 0.5;
/** Minutes until the windows of 600 bars are full, and the tests have run on them. */
const warmUp = 11;
/** How long the rows of a second may take, ms. */
const patience = 120_000;

/** What one second of the market took. */
interface Second {
  readonly processorMs: number;
  /** By the clock, from the first bar handed to the bus to the last row taken from it. */
  readonly wallMs: number;
}

/**
 * 500 studies on 1s bars through the running service, on the bus and the store of one process: what it takes of a
 * core. The seconds of the market follow each other as fast as they are done.
 */
export async function studies({ seed, quick }: Options): Promise<Report> {
  const { rounds, profiled } = quick ? { rounds: 1, profiled: 1 } : { rounds: 9, profiled: 3 };
  const market = await watchedMarket(seed);
  try {
    await market.minutes(warmUp);
    market.takeStates();
    const minutes: Second[][] = [];
    for (let round = 0; round < rounds; round += 1) minutes.push(await market.minutes(1));
    const states = market.takeStates();
    const profile = sharesOf(await profileOf(async () => void (await market.minutes(profiled))));
    const sumOf = (minute: readonly Second[]) =>
      minute.reduce((sum, { processorMs }) => sum + processorMs, 0);
    const results = {
      /** Of one core. */
      share: spreadOf(minutes.map((minute) => sumOf(minute) / 60_000)),
      ordinaryMs: spreadOf(minutes.map((minute) => medianOf(minute.slice(0, -1)))),
      testedMs: spreadOf(minutes.map((minute) => minute.at(-1)!.processorMs)),
      wallMs: tailOf(minutes.flat().map(({ wallMs }) => wallMs)),
      profile,
      states,
    };
    return { text: textOf(results), data: { count, instruments, aim, rounds, ...results } };
  } finally {
    await market.stop();
  }
}

interface Results {
  readonly share: Spread;
  readonly ordinaryMs: Spread;
  readonly testedMs: Spread;
  readonly wallMs: ReturnType<typeof tailOf>;
  readonly profile: Readonly<Record<Owner, number>>;
  readonly states: Readonly<Record<string, number>>;
}

function textOf({ share, ordinaryMs, testedMs, wallMs, profile, states }: Results): string {
  const percent = ({ median, min, max }: Spread, of = 1) =>
    spread({ median: 100 * of * median, min: 100 * of * min, max: 100 * of * max }, ' %');
  const part = (name: string, owner: Owner) => [`  ${name}`, percent(share, profile[owner])];
  return [
    table(
      [`${count} studies on 1s bars of ${instruments} instruments, ols, window 600`, 'processor time'],
      [
        ['bars on the bus → rows in DuckDB and on the bus, of one core', percent(share)],
        part('bars → rows: the core and its estimators', 'core'),
        part('rows → DuckDB', 'store'),
        part('collecting garbage', 'collector'),
        part('all else', 'rest'),
        ['a second without tests', spread(ordinaryMs, ' ms')],
        ['the second of each minute that tests all studies', spread(testedMs, ' ms')],
      ],
    ),
    'the parts are those of a CPU profile of the main thread',
    `from a second's bars to the last of its rows, by the clock: p50 ${number(wallMs.p50)} ms, p99 ${number(wallMs.p99)} ms, max ${number(wallMs.max)} ms`,
    `rows: ${Object.entries(states)
      .map(([state, rows]) => `${number(rows)} ${state}`)
      .join(', ')}`,
    `aim: less than ${number(100 * aim)} % of one core: ${share.median < aim ? 'met' : 'missed'}`,
  ].join('\n');
}

function medianOf(seconds: readonly Second[]): number {
  return spreadOf(seconds.map(({ processorMs }) => processorMs)).median;
}

/** The service over a market whose seconds pass when they are told to. */
async function watchedMarket(seed: number) {
  const { instruments: all, next } = together(seed, instruments);
  const bus = memoryBus();
  const store = await duckdbStore({ path: ':memory:' });
  const context = {
    bus,
    store,
    settings: memorySettings(),
    log: createLog({ level: 'warn' }),
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
  const service = await startAnalytics(context, { dataset: 'live', studies: pairsOf(all) });
  let states: Record<string, number> = {};
  let rows = 0;
  let done = () => {};
  bus.subscribe('analytics.>', (_, row) => {
    const { state } = row as Analytics;
    states[state] = (states[state] ?? 0) + 1;
    rows += 1;
    if (rows % count === 0) done();
  });
  const oneSecond = async (): Promise<Second> => {
    const bars = next();
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    const late = new AbortController();
    const [usage, began] = [process.cpuUsage(), performance.now()];
    for (const bar of bars) await bus.publish(subjects.bars(bar.interval, bar.venue, bar.symbol), bar);
    await Promise.race([finished, overdue(late.signal)]);
    late.abort();
    const { user, system } = process.cpuUsage(usage);
    return { processorMs: (user + system) / 1_000, wallMs: performance.now() - began };
  };
  return {
    async minutes(length: number): Promise<Second[]> {
      const seconds: Second[] = [];
      while (seconds.length < 60 * length) seconds.push(await oneSecond());
      return seconds;
    },
    /** How many rows were in each state since this was last asked. */
    takeStates() {
      const taken = states;
      states = {};
      return taken;
    },
    async stop() {
      await service.stop();
      await bus.close();
      await store.close();
    },
  };
}

async function overdue(signal: AbortSignal): Promise<void> {
  const passed = await sleep(patience, true, { signal }).catch(() => false);
  if (passed) throw new Error(`the rows of a second did not come within ${patience / 1_000} s`);
}

function pairsOf(all: readonly string[]): Study[] {
  const pairs = all.flatMap((y, index) => all.slice(index + 1).map((x) => ({ y, x })));
  return defaultStudies(pairs.slice(0, count), ['1s']);
}
