import type { Api } from '@tandem/api';
import {
  announceHealth,
  configuredOrExit,
  createLog,
  type Health,
  healthRegistry,
  makeDirectory,
  metricsRegistry,
  type OnState,
  openBus,
  openSettings,
  openStore,
  type Reporter,
  readTandemConfiguration,
  run,
  type Service,
  type ServiceContext,
  serveHealth,
  type TandemConfiguration,
} from '@tandem/runtime';
import { apartFault, chosenServices } from '../chosen-services.ts';
import { chooseFeed, chosenFeed } from '../feed-choice.ts';
import { parts, type ServiceName } from '../parts.ts';
import { type Plan, planOf } from '../plan.ts';

/** `tandem start [SERVICE…]`: the named services, or all five, in this process, until it is told to stop. */
export async function start(argv: readonly string[]): Promise<void> {
  const { services, flags } = chosenServices(argv);
  const configuration = configuredOrExit(readTandemConfiguration(process.env, flags));
  const fault = apartFault(services, configuration);
  if (fault !== undefined) throw new Error(fault);
  const format =
    configuration.logFormat === 'auto' ? (process.stdout.isTTY ? 'pretty' : 'json') : configuration.logFormat;
  const log = createLog({ level: configuration.logLevel, format });
  const context = await openPorts(configuration, log);
  // Where the ingestor is, the feed is chosen; the others wait to be told.
  const feed = services.includes('ingestor')
    ? await chooseFeed(context.settings, configuration)
    : await chosenFeed(context.settings, configuration, log);
  const plan = planOf(configuration, feed);
  log.info(
    { feed: feed.venue, reason: feed.reason, services },
    plan.simulated ? 'trades are SIMULATED' : 'trades are live',
  );

  const setup = { context, configuration, plan };
  const starters = services.map((name) => () => parts[name](setup));
  if (!services.includes('api')) {
    starters.unshift(() => serveHealth(context, configuration.host, configuration.healthPort));
    starters.push(...services.map((name) => () => announceHealth(context, name)));
  }
  await run({
    log,
    services: starters,
    started: (running) => announce(services, running, plan),
    close: async () => {
      await context.bus.close();
      await context.store.close();
      await context.settings.close();
    },
  });
}

async function openPorts(
  configuration: TandemConfiguration,
  log: ServiceContext['log'],
): Promise<ServiceContext> {
  if (configuration.store.startsWith('duckdb:') || configuration.settings.startsWith('file:')) {
    await makeDirectory(configuration.data).catch((error: Error) => {
      throw new Error(`${error.message}: choose another with TANDEM_DATA`);
    });
  }
  const health = healthRegistry();
  const metrics = metricsRegistry({ ofProcess: true });
  const settings = await openSettings(configuration.settings, log, stateOf(health, 'settings'));
  const store = await openStore(configuration.store, log, stateOf(health, 'store'));
  const bus = await openBus(configuration.bus, log, stateOf(health, 'bus'));
  return { bus, store, settings, log, health, metrics };
}

/** An adapter's line in the process's health: only those that can lose their server have one. */
function stateOf(health: Health, name: string): OnState {
  let part: Reporter | undefined;
  return (condition, reason) => {
    part ??= health.part(name);
    part.report(condition, reason);
  };
}

/** The one thing that a person wants to know, apart from the log. */
function announce(services: readonly ServiceName[], running: readonly Service[], plan: Plan): void {
  const api = running.find((service) => service.name === 'api') as Api | undefined;
  if (api === undefined) {
    const health = running.find((service) => 'url' in service) as { url: string } | undefined;
    process.stdout.write(`\n  Tandem's ${services.join(', ')} is running.  Health: ${health?.url}\n\n`);
    return;
  }
  const { reason } = plan.feed;
  const data = plan.simulated
    ? `SIMULATED trades: ${reason}.\n  To choose a feed: TANDEM_FEED=binance-usdm npm start`
    : `Live trades: ${reason}.`;
  process.stdout.write(
    `\n  Tandem is running.  Dashboard: ${api.url}\n  ${data}\n  Ctrl-C stops it; the next start goes on where it stopped.\n\n`,
  );
}
