import { setImmediate as breathe } from 'node:timers/promises';
import { type Instrument, type Study, subjects } from '@tandem/common';
import {
  follow,
  type Message,
  PositionLost,
  positionsBucket,
  type Service,
  type ServiceContext,
} from '@tandem/runtime';
import { admit } from './admit.ts';
import { serveAnalysis } from './analysis.ts';
import { readBar } from './bar-edge.ts';
import { catchUp } from './catch-up.ts';
import { AnalyticsCore } from './core/analytics-core.ts';
import { followForming } from './live-feed.ts';
import { RowKeeper } from './row-keeper.ts';
import { serial } from './serial.ts';

export interface AnalyticsOptions {
  dataset: string;
  studies: readonly Study[];
  /** The instruments that are fed; a study with another leg is refused. Not given: every study is taken. */
  instruments?: readonly Instrument[];
}

export interface AnalyticsService extends Service {
  /** Resolves when the rows of every bar taken in so far are stored and published, amendments included. */
  settled(): Promise<void>;
}

/** Starts the service that turns bars into one analytics row per study and bar. */
export async function startAnalytics(
  context: ServiceContext,
  options: AnalyticsOptions,
): Promise<AnalyticsService> {
  const { bus, store, settings, metrics } = context;
  const { dataset } = options;
  const log = context.log.child({ service: 'analytics' });
  const health = context.health.part('analytics');
  const refused = metrics.counter('analytics_refused_total', 'Messages and studies refused', ['what']);
  const bars = metrics.counter('analytics_bars_total', 'Bar versions taken in, by what became of them', [
    'applied',
  ]);
  const waiting = metrics.gauge('analytics_rows_waiting', 'Rows still to be compared with the table');
  const stopping = new AbortController();
  const { signal } = stopping;
  const jobs = serial();

  const { studies, refusals } = admit(options.studies, options.instruments);
  for (const refusal of refusals) {
    refused.inc({ what: 'study' });
    log.warn(refusal);
  }
  const core = new AnalyticsCore(dataset, studies);
  const keeper = new RowKeeper(context, core, signal, (fault) => {
    if (fault !== undefined) log.warn({ fault }, 'the store does not answer; waiting for it');
    health.report(fault === undefined ? 'ok' : 'degraded', fault === undefined ? '' : `the store: ${fault}`);
  });

  /** Compares what may have been amended with the table, a chunk at a time, between the batches. */
  let repairing: Promise<void> = Promise.resolve();
  let repairs = false;
  const repair = async (): Promise<void> => {
    while (keeper.waiting > 0 && !signal.aborted) {
      await jobs.run(() => keeper.repair());
      waiting.set(keeper.waiting);
      await breathe();
    }
    repairs = false;
  };
  const repairSoon = (): void => {
    if (repairs || keeper.waiting === 0) return;
    repairs = true;
    repairing = repair().catch((error: unknown) => {
      repairs = false;
      if (!signal.aborted) log.error({ err: error }, 'a recomputation failed and waits for the next bar:');
    });
  };

  const take = ({ subject, data }: Message): void => {
    const bar = readBar(data);
    if (typeof bar !== 'string') {
      if (bar.dataset === dataset) bars.inc({ applied: core.apply(bar) });
      return;
    }
    refused.inc({ what: 'bar' });
    log.warn({ subject }, `a bar is refused: ${bar}; mend its publisher`);
  };
  const begin = (): Promise<void> =>
    jobs.run(async () => {
      await catchUp(store, core, keeper);
      await keeper.advance();
      repairSoon();
    });
  const run = async (): Promise<void> => {
    for (;;) {
      try {
        await follow(context, {
          consumer: 'analytics',
          stream: 'BARS',
          signal,
          handle: (messages) =>
            jobs.run(async () => {
              for (const message of messages) take(message);
              await keeper.advance();
              repairSoon();
            }),
        });
        return;
      } catch (error) {
        if (!(error instanceof PositionLost)) throw error;
        // The store has what the stream has forgotten.
        log.warn('the bars that were not yet read have left the stream; reading them from the store');
        await settings.delete(positionsBucket, 'analytics.bars');
        await begin();
      }
    }
  };

  // The reader is there before the store is read: what is published meanwhile waits for it, behind `begin`.
  const caughtUp = begin();
  const running = run();
  try {
    await caughtUp;
  } catch (error) {
    stopping.abort();
    await running.catch(() => {});
    health.remove();
    throw error;
  }
  health.report('ok');
  log.info({ studies: studies.length, checking: keeper.waiting }, 'analytics have caught up');
  const live = followForming(bus, dataset, studies, keeper, () => refused.inc({ what: 'forming' }));
  const list = bus.serve(subjects.rpc('analytics', 'studies'), async () => studies);
  const legs = [...new Set(studies.flatMap(({ y, x }) => [y, x]))];
  const analysis = serveAnalysis(context, {
    store,
    dataset,
    studies,
    instruments: options.instruments ?? legs,
  });
  const failed = running.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  return {
    name: 'analytics',
    failed,
    async settled() {
      await jobs.idle();
      while (repairs) await repairing;
    },
    async stop() {
      list.stop();
      await analysis.stop();
      live.stop();
      stopping.abort();
      await running.catch(() => {});
      await repairing;
      await jobs.idle();
      health.remove();
    },
  };
}
