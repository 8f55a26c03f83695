import { createServer, type IncomingMessage } from 'node:http';
import { liveDataset, subjects } from '@tandem/common';
import type { Service, ServiceContext } from '@tandem/runtime';
import { removeLeftExports } from './export-directory.ts';
import { httpApplication, prefix } from './http.ts';
import { listen } from './listen.ts';
import { type ApiOptions, present } from './options.ts';
import { refusal } from './origin.ts';
import { otherProcesses } from './other-processes.ts';
import { partsOf, rulesOf, seed, statusOf } from './status.ts';
import { startStream } from './stream.ts';

/** Longer than the analytics service takes to say that it needs more time, ms. */
const analyticsPatience = 12_000;
/** Longer than a test of an endpoint and a preview take, ms. */
const alerterPatience = 30_000;

/** The running api: `url` is where the dashboard is. */
export interface Api extends Service {
  readonly url: string;
}

/** Serves history over REST, live data over a WebSocket, and the dashboard, to this machine unless told otherwise. */
export async function startApi(context: ServiceContext, options: ApiOptions): Promise<Api> {
  const server = createServer();
  const stream = startStream(server, context.bus, context.log, {
    path: `${prefix}/stream`,
    maxClients: options.maxClients ?? 100,
    bufferedLimit: options.bufferedLimit ?? 1_048_576,
    stuckAfter: options.stuckAfter ?? 30_000,
    refuse: (request) => refusal(provenanceOf(request), options.host, options.allowedHosts),
    catchUp: (known) => seed(context, options, known),
  });
  const parts = partsOf(context, options);
  const others = otherProcesses(context.bus, Date.now);
  const sources = {
    store: context.store,
    dataset: options.dataset,
    status: statusOf(options, stream, parts, others, rulesOf(context, options)),
    instruments: () => present(options.instruments),
    studies: () => present(options.studies),
    feeds: () => stream.feeds(),
  };
  server.on(
    'request',
    httpApplication(sources, context.log, {
      host: options.host,
      allowedHosts: options.allowedHosts,
      dashboardDirectory: options.dashboardDirectory,
      version: options.version,
      analytics: (method, parameters) =>
        context.bus.request(subjects.rpc('analytics', method), parameters, analyticsPatience),
      alerting:
        options.dataset === liveDataset
          ? {
              settings: context.settings,
              studies: sources.studies,
              instruments: sources.instruments,
              newestBar: async () => {
                const where = { dataset: options.dataset };
                const query = { where, order: 'descending' as const, limit: 1 };
                const [newest] = await context.store.query('analytics', query);
                return newest?.time ?? Date.now();
              },
              alerter: (method, data) =>
                context.bus.request(subjects.rpc('alerter', method), data, alerterPatience),
            }
          : undefined,
      metrics: async () => ({
        type: context.metrics.contentType,
        text: await context.metrics.text(),
      }),
      async ready() {
        const { bus, store } = await parts();
        const required = context.health
          .read()
          .parts.filter((part) => part.required && part.condition !== 'ok');
        const reasons = [
          ...(bus?.state === 'down' ? [`bus: ${bus.detail}`] : []),
          ...(store?.state === 'down' ? [`store: ${store.detail}`] : []),
          ...required.map(({ part, reason }) => `${part}: ${reason}`),
        ];
        return reasons.length === 0 ? undefined : reasons.join('; ');
      },
    }),
  );

  let url: string;
  try {
    await seed(context, options, stream.newest);
    await removeLeftExports();
    url = await listen(server, options.host, options.port);
  } catch (fault) {
    stream.stop();
    others.stop();
    throw fault;
  }
  server.on('error', (err) => context.log.error({ err }, 'the HTTP server reports a fault'));
  const health = context.health.part('api');
  health.report('ok');
  context.log.info({ url }, 'the api listens');

  return {
    name: 'api',
    url,
    async stop() {
      health.remove();
      others.stop();
      stream.stop();
      server.closeIdleConnections();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      setTimeout(() => server.closeAllConnections(), 2_000).unref();
      await closed;
    },
  };
}

function provenanceOf(request: IncomingMessage) {
  return {
    method: request.method ?? 'GET',
    host: request.headers.host,
    origin: request.headers.origin,
    site: request.headers['sec-fetch-site'] as string | undefined,
    upgrade: true,
  };
}
