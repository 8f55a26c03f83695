import { constants } from 'node:os';
import type { Log } from './log.ts';
import type { Service } from './service.ts';

export interface RunOptions {
  readonly log: Log;
  /** What starts each service, in this order; they stop in the reverse. */
  readonly services: readonly (() => Promise<Service>)[];
  /** Closes the ports once every service has stopped. */
  readonly close?: () => Promise<void>;
  /** Told once all have started. */
  readonly started?: (services: readonly Service[]) => void;
  /** Longest time to drain, ms (10,000). */
  readonly drainWithin?: number;
}

/**
 * Runs services until SIGINT or SIGTERM, then drains and ends the process with 0.
 *
 * A second signal ends it at once. What nobody has caught, and a service that cannot go on, end it with 1
 * after one line: a restart takes the same path as after a kill.
 */
export async function run(options: RunOptions): Promise<void> {
  const { log, drainWithin = 10_000 } = options;
  const services: Service[] = [];
  const die = (error: unknown, what: string) => {
    log.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, what);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => die(error, 'ended by an error that nobody has caught:'));
  process.on('unhandledRejection', (error) => die(error, 'ended by an error that nobody has caught:'));

  const giveUp = () => {
    log.error({ within: drainWithin }, 'stopping took too long: ending without the rest');
    process.exit(1);
  };

  // Waiting for a signal alone does not keep a process alive.
  setInterval(() => {}, 2 ** 30);
  const told = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
      if (told.signal.aborted) {
        log.warn({ signal }, 'told again to stop: ending at once');
        process.exit(128 + constants.signals[signal]);
      }
      log.info({ signal }, 'stopping');
      setTimeout(() => {
        log.error(
          { within: options.drainWithin ?? 10_000 },
          'stopping took too long: ending without the rest',
        );
        process.exit(1);
      }, options.drainWithin ?? 10_000);
      told.abort();
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });

  const drain = async () => {
    for (const service of services.reverse()) {
      await service.stop();
      log.info({ part: service.name }, 'stopped');
    }
    await options.close?.();
  };

  try {
    for (const start of options.services) {
      if (told.signal.aborted) break;
      const service = await start();
      services.push(service);
      service.failed?.catch((error) => die(error, `${service.name} cannot go on:`));
      log.info({ part: service.name }, 'started');
    }
  } catch (error) {
    log.fatal({ err: explained(error) }, 'could not start:');
    // What has started may hold rows that are worth keeping; what fails now changes nothing.
    setTimeout(giveUp, drainWithin);
    await drain().catch(() => {});
    process.exit(1);
  }
  if (!told.signal.aborted) options.started?.(services);
  await stopped;
  try {
    await drain();
  } catch (error) {
    die(error, 'could not stop in order:');
  }
  process.exit(0);
}

/** What is thrown as a plain `Error` is a sentence for the user, who has no use for a stack; anything else is a defect. */
function explained(error: unknown): unknown {
  const sentence = error instanceof Error && error.constructor === Error && !('code' in error);
  return sentence ? { message: error.message } : error;
}
