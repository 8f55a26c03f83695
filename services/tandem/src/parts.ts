import { fileURLToPath } from 'node:url';
import { startAlerter } from '@tandem/alerter';
import { startAnalytics } from '@tandem/analytics';
import { startApi } from '@tandem/api';
import { liveDataset } from '@tandem/common';
import { startIngestor } from '@tandem/ingestor';
import { startResampler } from '@tandem/resampler';
import type { Service, ServiceContext, TandemConfiguration } from '@tandem/runtime';
import { market, startSimulator } from '@tandem/simulator';
import type { Plan } from './plan.ts';
import { startRetention } from './retention.ts';
import { type Bases, venueOptions } from './venues.ts';
import { version } from './version.ts';

/** The five services, from the screen upstream: each finds its readers already there. */
export const serviceNames = ['api', 'alerter', 'analytics', 'resampler', 'ingestor'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What each service is started with. */
export interface Setup {
  readonly context: ServiceContext;
  readonly configuration: TandemConfiguration;
  readonly plan: Plan;
}

/** How each service is started; with it, what belongs to it alone. */
export const parts: Readonly<Record<ServiceName, (setup: Setup) => Promise<Service>>> = {
  api: ({ context, configuration, plan }) =>
    startApi(context, {
      dataset: liveDataset,
      host: configuration.host,
      port: configuration.port,
      allowedHosts: configuration.allowedHosts,
      dashboardDirectory: fileURLToPath(new URL('../../../dashboard/dist', import.meta.url)),
      badge: { kind: plan.simulated ? 'SIMULATED' : 'LIVE', reason: plan.feed.reason },
      instruments: plan.instruments,
      studies: plan.studies,
      rules: plan.rules,
      version,
    }),

  alerter: ({ context, configuration, plan }) =>
    startAlerter(context, {
      dataset: liveDataset,
      studies: plan.studies,
      instruments: plan.instruments,
      rules: plan.rules,
      endpoints: configuration.webhooks.map((url, index) => ({ id: `webhook-${index + 1}`, url })),
      allowPrivate: configuration.webhookPrivate,
      page: configuration.pageUrl,
      simulated: plan.simulated,
      alertSimulated: configuration.alertSimulated,
      // Without a warm start there is no history that could fire: every bar is of now.
      ...(configuration.warmStart ? {} : { effectiveFrom: 0 }),
    }),

  analytics: ({ context, plan }) =>
    startAnalytics(context, {
      dataset: liveDataset,
      studies: plan.studies,
      instruments: plan.instruments,
    }),

  /** The writer of most rows also lets the old ones go. */
  async resampler({ context, configuration }) {
    const resampler = await startResampler(context, {
      dataset: liveDataset,
      intervals: configuration.intervals,
      warmStart: configuration.warmStart,
    });
    return withCompanion(resampler, await startRetention(context, configuration.retentionDays));
  },

  /** The simulated exchange, if it is the feed, lives where it is watched from. */
  async ingestor({ context, configuration, plan }) {
    const simulator = plan.simulated
      ? await startSimulator({ history: market(marketSeed), venue: 'binance-usdm' })
      : undefined;
    const bases: Bases | undefined = simulator && { stream: simulator.wsUrl, rest: simulator.restUrl };
    const venues = venueOptions(configuration, plan.instruments, bases);
    return withCompanion(await startIngestor(context, { venues }), simulator);
  },
};

/** One market for everybody: what is seen on one machine can be talked about on another. */
const marketSeed = 20_260_101;

/** A service that takes something along when it stops. */
function withCompanion(service: Service, companion: { stop(): Promise<void> } | undefined): Service {
  if (companion === undefined) return service;
  return {
    ...service,
    async stop() {
      await service.stop();
      await companion.stop();
    },
  };
}
