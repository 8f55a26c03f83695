import { setTimeout as sleep } from 'node:timers/promises';
import type { Stream } from '@tandem/common';
import { type BackoffOptions, backoff } from './backoff.ts';
import type { Message, Position } from './bus/bus.ts';
import type { Reporter } from './health.ts';
import type { ServiceContext } from './service.ts';

export interface Following {
  /** Who reads: a slug, the same after a restart. */
  readonly consumer: string;
  readonly stream: Stream;
  /** Takes in a batch; resolves when its effects are durable. The same batch may come again. */
  readonly handle: (messages: readonly Message[]) => Promise<void>;
  /** Ends the following, after the batch in hand. */
  readonly signal: AbortSignal;
  /** Waits between attempts at a batch that failed. */
  readonly retry?: BackoffOptions;
  /** Longest time that a position rests unstored, ms (1,000). */
  readonly storeEvery?: number;
}

/** The bucket of positions. */
export const positionsBucket = 'positions';

/**
 * Reads a stream from where `consumer` was, batch by batch, until `signal` aborts.
 *
 * A batch that fails is handed over again, after growing waits, until it succeeds: its rows have an identity,
 * so what was done of it the first time does no harm. A lost position rejects (`PositionLost`).
 */
export async function follow(
  context: Pick<ServiceContext, 'bus' | 'settings' | 'log' | 'health'>,
  following: Following,
): Promise<void> {
  const { consumer, stream, signal } = following;
  const health = context.health.part(`${consumer} reading ${stream}`);
  const key = `${consumer}.${stream.toLowerCase()}`;
  try {
    const stored = context.bus.durable ? await context.settings.get(positionsBucket, key) : undefined;
    const keeper = positionKeeper(context, key, following.storeEvery ?? 1_000);
    try {
      health.report('ok');
      const from = (stored?.value as Position | undefined) ?? null;
      for await (const messages of context.bus.read(stream, from, signal)) {
        if (!(await handled(context, following, health, messages))) break;
        const last = messages.at(-1);
        if (last !== undefined) keeper.reached(last.position);
        if (signal.aborted) break;
      }
    } finally {
      await keeper.end();
    }
  } finally {
    health.remove();
  }
}

/** Hands a batch over until it succeeds (true) or the signal aborts (false). */
async function handled(
  context: Pick<ServiceContext, 'log'>,
  { consumer, stream, handle, signal, retry }: Following,
  health: Reporter,
  messages: readonly Message[],
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      await handle(messages);
      if (attempt > 1) {
        health.report('ok');
        context.log.info({ consumer, stream, attempt }, 'the batch that failed has succeeded');
      }
      return true;
    } catch (error) {
      const wait = backoff(attempt, Math.random(), retry);
      health.report('degraded', error instanceof Error ? error.message : String(error));
      context.log.warn(
        { err: error, consumer, stream, attempt, wait },
        'a batch failed and will be repeated:',
      );
      // Rejects when the signal aborts, or has already.
      const waited = await sleep(wait, true, { signal }).catch(() => false);
      if (!waited) return false;
    }
  }
}

/** Stores the newest position at most once in `every` ms, and at the end; only where a position outlives the process. */
function positionKeeper(
  { bus, settings, log }: Pick<ServiceContext, 'bus' | 'settings' | 'log'>,
  key: string,
  every: number,
) {
  let newest: Position | undefined;
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> = Promise.resolve();

  const store = async () => {
    timer = undefined;
    const position = newest;
    if (position === undefined) return;
    newest = undefined;
    try {
      await settings.put(positionsBucket, key, position);
    } catch (error) {
      // An old position only means that more is read again; the next one may fare better.
      newest ??= position;
      log.warn({ err: error, key }, 'the position could not be stored:');
    }
  };
  return {
    reached(position: Position) {
      if (!bus.durable) return;
      newest = position;
      timer ??= setTimeout(() => {
        storing = storing.then(store);
      }, every);
    },
    async end() {
      clearTimeout(timer);
      storing = storing.then(store);
      await storing;
    },
  };
}
