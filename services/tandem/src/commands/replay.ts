import { fileURLToPath } from 'node:url';
import { startAlerter } from '@tandem/alerter';
import { defaultStudies, startAnalytics } from '@tandem/analytics';
import { type Api, startApi } from '@tandem/api';
import {
  intervals as allIntervals,
  Dataset,
  defaultRules,
  HedgeMethod,
  Interval,
  instrumentOf,
  PriceScale,
  subjects,
  Venue,
} from '@tandem/common';
import { emptySummary, type ReplayBatch, type ReplaySummary, replayMessages } from '@tandem/ingestor';
import { startResampler } from '@tandem/resampler';
import {
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
} from '@tandem/runtime';
import { refuseOutput } from '../output-file.ts';
import { pacer, readSpeed } from '../replay-pace.ts';
import { pairsIn } from '../replay-pairs.ts';
import { version } from '../version.ts';
import { type Option, readOptions, text } from './options.ts';

const options: Readonly<Record<string, Option>> = {
  speed: { type: 'string', value: 'N|max', help: 'times as fast as recorded (max)' },
  bars: { type: 'string', value: 'FILE', help: 'write the bars as CSV' },
  analytics: { type: 'string', value: 'FILE', help: 'write the analytics as CSV' },
  dataset: { type: 'string', value: 'ID', help: 'name of the dataset (replay)' },
  intervals: { type: 'string', value: 'LIST', help: 'lengths of bars (1s,1m,5m)' },
  method: { type: 'string', value: 'NAME', help: 'hedge method of the studies (ols)' },
  scale: { type: 'string', value: 'NAME', help: 'price or log (price)' },
  window: { type: 'string', value: 'BARS', help: 'bars that the estimators look back on (as live)' },
  pairs: {
    type: 'string',
    value: 'LIST',
    help: 'pairs Y/X to study (BTC/ETH, SOL/ETH, BNB/BTC if recorded)',
  },
  venue: { type: 'string', value: 'NAME', help: 'venue of the files, if they do not tell' },
  stream: { type: 'string', value: 'NAME', help: 'trade or aggTrade, if both were recorded' },
  symbol: { type: 'string', value: 'NAME', help: 'symbol of rows that name none' },
  serve: { type: 'boolean', help: 'show the replay on the dashboard, until Ctrl-C' },
  port: { type: 'string', value: 'PORT', help: 'port of the dashboard (8080)' },
  verbose: { type: 'boolean', help: 'log what the services say' },
};

/** Instruments appear within so many batches, so that pairs are known before the first bar closes. */
const lookAhead = 50;

/** `tandem replay FILE…`: recordings through the identical code, as a dataset that never touches live data. */
export async function replay(argv: readonly string[]): Promise<void> {
  const given = readOptions('tandem replay FILE… [options]', options, argv);
  if (given.positionals.length === 0) throw new Error('Name the files to replay: npx tandem replay FILE…');
  const dataset = choice('dataset', text(given, 'dataset') ?? 'replay', Dataset);
  if (dataset === 'live') throw new Error('--dataset live is refused: a replay never touches live data.');
  const intervals = (text(given, 'intervals') ?? '1s,1m,5m')
    .split(',')
    .map((one) => choice('intervals', one, Interval));
  const speed = readSpeed(text(given, 'speed'));
  const venue = text(given, 'venue');
  const stream = text(given, 'stream');
  if (stream !== undefined && stream !== 'trade' && stream !== 'aggTrade') {
    throw new Error(`--stream "${stream}" is refused: write trade or aggTrade.`);
  }
  const bars = text(given, 'bars');
  const rows = text(given, 'analytics');
  if (bars !== undefined) await refuseOutput('bars', bars);
  if (rows !== undefined) await refuseOutput('analytics', rows);
  const port = Number(text(given, 'port') ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('--port must be a whole number up to 65535.');

  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  const summary = emptySummary();
  const messages = replayMessages(given.positionals, {
    summary,
    ...(venue === undefined ? {} : { venue: choice('venue', venue, Venue) }),
    ...(stream === undefined ? {} : { stream }),
    symbol: text(given, 'symbol'),
  });
  const first = await take(messages, lookAhead);
  const instruments = instrumentsIn(first);
  const studies = defaultStudies(
    pairsIn(instruments, text(given, 'pairs')),
    intervals,
    windowsOf(text(given, 'window')),
    {
      method: choice('method', text(given, 'method') ?? 'ols', HedgeMethod),
      scale: choice('scale', text(given, 'scale') ?? 'price', PriceScale),
    },
  );

  const bus = memoryBus();
  const store = await duckdbStore({ path: ':memory:' });
  const log = createLog({ level: given.values.verbose === true ? 'info' : 'error', format: 'auto' });
  const context = {
    bus,
    store,
    settings: memorySettings(),
    log,
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
  const api = given.values.serve === true ? await serve() : undefined;
  const alerter = await startAlerter(context, {
    dataset,
    studies,
    rules: defaultRules,
    endpoints: [],
    simulated: true,
  });
  const analytics = await startAnalytics(context, { dataset, studies });
  const resampler = await startResampler(context, { dataset, intervals });

  async function serve(): Promise<Api> {
    const started = await startApi(context, {
      dataset,
      host: '127.0.0.1',
      port,
      allowedHosts: [],
      dashboardDirectory: fileURLToPath(new URL('../../../../dashboard/dist', import.meta.url)),
      badge: { kind: 'REPLAY', reason: `replaying ${given.positionals.length} recorded file(s)` },
      instruments,
      studies,
      rules: defaultRules,
      version,
    });
    process.stdout.write(`Dashboard: ${started.url}\n`);
    return started;
  }

  const wait = pacer(speed, stopping.signal);
  const publish = async (batch: ReplayBatch) => {
    await wait(batch.at);
    for (const message of batch.messages)
      await bus.publish(subjects.ticks(message.venue, message.symbol), message);
  };
  for (const batch of first) await publish(batch);
  for await (const batch of messages) {
    if (stopping.signal.aborted) break;
    await publish(batch);
  }
  await bus.drained('TICKS');
  await resampler.flush();
  await bus.drained('BARS');
  await analytics.settled();
  await bus.drained('ANALYTICS');

  const where = { dataset };
  const written = [
    ...(bars === undefined
      ? []
      : [`${await store.export('bars', { where }, 'csv', bars)} bars written to ${bars}`]),
    ...(rows === undefined
      ? []
      : [`${await store.export('analytics', { where }, 'csv', rows)} analytics rows written to ${rows}`]),
  ];
  report(summary, written);
  if (api !== undefined && !stopping.signal.aborted) {
    process.stdout.write('The replay has ended; Ctrl-C stops the dashboard.\n');
    await new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  }
  for (const service of [resampler, analytics, alerter, api]) await service?.stop();
  await bus.close();
  await store.close();
  // Signals are still listened to; nothing else is left to do.
  process.exit(0);
}

function choice<Value>(
  name: string,
  given: string,
  schema: { safeParse(value: unknown): { success: boolean; data?: Value } },
): Value {
  const parsed = schema.safeParse(given.trim());
  if (!parsed.success)
    throw new Error(`--${name} "${given}" is refused: "npx tandem replay --help" says what is meant.`);
  return parsed.data as Value;
}

/** One window for every interval, or those that live studies have. */
function windowsOf(given: string | undefined): Partial<Record<Interval, number>> | undefined {
  if (given === undefined) return undefined;
  const window = Number(given);
  if (!Number.isInteger(window) || window < 20 || window > 100_000) {
    throw new Error(`--window "${given}" is refused: write a whole number of bars from 20 to 100000.`);
  }
  return Object.fromEntries(allIntervals.map((interval) => [interval, window]));
}

async function take(messages: AsyncGenerator<ReplayBatch>, count: number): Promise<ReplayBatch[]> {
  const batches: ReplayBatch[] = [];
  while (batches.length < count) {
    const { value, done } = await messages.next();
    if (done === true) break;
    batches.push(value);
  }
  return batches;
}

function instrumentsIn(batches: readonly ReplayBatch[]): string[] {
  const all = batches.flatMap(({ messages }) =>
    messages.map(({ venue, symbol }) => instrumentOf(venue, symbol)),
  );
  return [...new Set(all)].sort();
}

/** What was read and what became of it, for a person. */
function report(summary: ReplaySummary, written: readonly string[]): void {
  const lines = Object.entries(summary.instruments).map(
    ([instrument, { ticks, filtered, duplicates, gaps }]) =>
      `${instrument.padEnd(28)} ${ticks} ticks, ${filtered} filtered, ${duplicates} duplicates, ${gaps} gaps`,
  );
  const { unknown, malformed, refused } = summary;
  lines.push(`${unknown} unknown frames, ${malformed} malformed frames, ${refused} refused lines`);
  lines.push(
    ...summary.complaints,
    ...summary.truncated.map((file) => `${file} ends in the middle: it was read up to there`),
  );
  lines.push(...summary.notices, ...written);
  process.stdout.write(`${lines.join('\n')}\n`);
}
