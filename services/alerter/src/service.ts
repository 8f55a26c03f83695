import { Analytics, type Instrument, liveDataset, type RuleDraft } from '@tandem/common';
import { follow, PositionLost, positionsBucket, type Service, type ServiceContext } from '@tandem/runtime';
import type { WatchedStudy } from './core/rule-watch.ts';
import { startDeliveries } from './delivery/deliveries.ts';
import type { ConfiguredEndpoint } from './delivery/endpoint-book.ts';
import { startEvaluation } from './evaluation.ts';
import { standingRefusals } from './standing-refusals.ts';

export interface AlerterOptions {
  dataset: string;
  /** The studies that rules may look at. */
  studies: readonly WatchedStudy[];
  /** The instruments whose feeds rules may look at; none if not given. */
  instruments?: readonly Instrument[];
  /** The rules of the first run; from then on their documents count, which may be edited. */
  rules: readonly RuleDraft[];
  /** The endpoints of the configuration; for live data the documents of the settings count beside them. */
  endpoints: readonly ConfiguredEndpoint[];
  /** Whether an endpoint may be on a private, loopback or link-local network. */
  allowPrivate?: boolean;
  /** Whether the data is simulated; replayed and uploaded data (any dataset but the live one) always counts as such. */
  simulated?: boolean;
  /** Whether alerts on simulated data may leave the process. */
  alertSimulated?: boolean;
  /** Where no row is stored yet: the bar time from which rules take effect (live: now; other datasets: the first bar). */
  effectiveFrom?: number;
  /** Where people reach the page, for links in alerts. */
  page?: string | undefined;
  /** Wait before each delivery attempt, ms, instead of the usual schedule. */
  schedule?: readonly number[];
  /** How long an entry is worth delivering, ms, instead of 5 minutes. */
  entryLife?: number;
  /** How long a receiver may take to answer, ms, instead of 10 s. */
  timeout?: number;
}

/** Starts the service that turns analytics into alerts and delivers them. */
export async function startAlerter(context: ServiceContext, options: AlerterOptions): Promise<Service> {
  const { store, settings, metrics } = context;
  const { dataset, allowPrivate = false } = options;
  const log = context.log.child({ service: 'alerter' });
  const health = context.health.part('alerter');
  const standing = standingRefusals(context.health);
  const raised = metrics.counter('alerts_total', 'Alerts raised', ['transition']);
  const ended = metrics.counter('deliveries_total', 'Deliveries that ended, by how', ['state']);
  const amended = metrics.counter('alerter_amendments_total', 'Rows not evaluated, their time having been');
  const refused = metrics.counter('alerter_refused_total', 'Rules, endpoints and messages refused', ['what']);
  const stopping = new AbortController();
  const { signal } = stopping;
  const refuse = (what: 'rule' | 'endpoint' | 'silence' | 'row' | 'feed', sentence: string): void => {
    refused.inc({ what });
    log.warn(sentence);
  };

  for (const table of ['analytics', 'alerts', 'deliveries'] as const) await store.settled(table);
  const simulated = options.simulated === true || dataset !== liveDataset;
  const withheld =
    simulated && options.alertSimulated !== true
      ? 'withheld: the data is not live, and alerts on such data are not allowed to leave'
      : undefined;
  const deliveries = await startDeliveries(
    { ...context, log },
    {
      ...options,
      allowPrivate,
      documents: dataset === liveDataset,
      withheld,
      signal,
      refuse: (sentence) => refuse('endpoint', sentence),
      standing: (refusals) => standing.report('endpoints', refusals),
      onEnd({ alert, endpoint, state, answer }) {
        ended.inc({ state });
        const about = { alert, endpoint, answer };
        if (state === 'failed') log.error(about, 'an alert could not be delivered and is given up');
        if (state === 'expired') log.warn(about, 'an alert was not delivered in time and has expired');
      },
    },
  );
  const evaluation = await startEvaluation({ ...context, log }, deliveries, {
    ...options,
    simulated,
    signal,
    refuse,
    standing: (refusals) => standing.report('rules', refusals),
    onAlert(alert) {
      raised.inc({ transition: alert.transition });
      log.info({ alert: alert.id, late: alert.late }, `${alert.transition}: ${alert.text}`);
    },
  });
  const take = async (rows: readonly Analytics[]): Promise<void> => {
    amended.inc(await evaluation.take(rows));
  };
  const run = async (): Promise<void> => {
    for (;;) {
      try {
        await follow(context, {
          consumer: 'alerter',
          stream: 'ANALYTICS',
          signal,
          handle: async (messages) => {
            await ready;
            await take(
              messages.flatMap(({ subject, data }) => {
                const parsed = Analytics.safeParse(data);
                if (parsed.success) return parsed.data.dataset === dataset ? [parsed.data] : [];
                const issue = parsed.error.issues[0];
                refuse('row', `a row on ${subject} is refused: ${issue?.path.join('.')}: ${issue?.message}`);
                return [];
              }),
            );
          },
        });
        return;
      } catch (error) {
        if (!(error instanceof PositionLost)) throw error;
        // The store has what the stream has forgotten.
        log.warn('the rows that were not yet read have left the stream; reading them from the store');
        await settings.delete(positionsBucket, 'alerter.analytics');
        await ready;
        await evaluation.begin();
      }
    }
  };

  // The reader is there before the store is read: what is published meanwhile waits for it, behind `ready`.
  const ready = evaluation.begin();
  const running = run();
  try {
    await ready;
  } catch (error) {
    stopping.abort();
    await Promise.all([running.catch(() => {}), evaluation.end(), deliveries.end()]);
    health.remove();
    standing.remove();
    throw error;
  }
  health.report('ok');
  log.info(
    { rules: evaluation.rules, endpoints: deliveries.endpoints, deliveries: deliveries.pending },
    'alerts have caught up',
  );
  const failed = running.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  return {
    name: 'alerter',
    failed,
    async stop() {
      stopping.abort();
      await running.catch(() => {});
      await evaluation.end();
      await deliveries.end();
      health.remove();
      standing.remove();
    },
  };
}
