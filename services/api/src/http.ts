import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Log, Store } from '@tandem/runtime';
import compression from 'compression';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { AlertingSources } from './alerting-route.ts';
import { alertingRoutes } from './alerting-routes.ts';
import { type AskAnalytics, analysisDescriptions, serveAnalysis } from './analysis-routes.ts';
import { asyncApi } from './asyncapi.ts';
import { exportRoutes, NoRoom, sendExport } from './exports.ts';
import { lastResort } from './last-resort.ts';
import { openApi, type RouteDescription } from './openapi.ts';
import { refusal } from './origin.ts';
import { parameterFault } from './parameters.ts';
import { routes, type Sources } from './routes.ts';
import { serveAlerting } from './serve-alerting.ts';

export interface HttpOptions {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly dashboardDirectory: string | undefined;
  readonly version: string;
  /** Why the process is not ready to answer, or undefined. */
  ready(): Promise<string | undefined>;
  /** Asks the analytics service for what is computed on demand. */
  readonly analytics: AskAnalytics;
  /** What alerts are made of; undefined where it cannot be changed: a replay. */
  readonly alerting: AlertingSources | undefined;
  /** Metrics in Prometheus' text format, and its content type. */
  metrics(): Promise<{ type: string; text: string }>;
}

export const prefix = '/api/v1';
const mostExports = 2;

/** The REST half of the api and the static dashboard. */
export function httpApplication(sources: Sources, log: Log, options: HttpOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', 'weak');
  app.use(identify, guard(options), helmet(security), compression());

  for (const route of routes) {
    app.get(prefix + route.path, async (request, response) => {
      const parameters = accept(route, request, response);
      if (parameters !== undefined)
        await answerFromStore(response, log, () => route.respond(parameters, sources));
    });
  }
  serveExports(app, sources, log);
  serveAnalysis(app, prefix, options.analytics, fail);
  if (options.alerting !== undefined) serveAlerting(app, prefix, options.alerting, log, fail);
  const reads = [...routes, ...exportRoutes, ...analysisDescriptions];
  const document = openApi(
    reads,
    options.alerting === undefined ? [] : alertingRoutes,
    options.version,
    prefix,
  );
  app.get(`${prefix}/openapi.json`, (_, response) => void response.json(document));
  const messages = asyncApi(options.version);
  app.get(`${prefix}/asyncapi.json`, (_, response) => void response.json(messages));
  serveHealth(app, options);
  app.use(prefix, (request, response) =>
    fail(
      response,
      404,
      `There is no ${request.method} ${request.baseUrl}${request.path}; see ${prefix}/openapi.json.`,
    ),
  );
  serveDashboard(app, options.dashboardDirectory);
  app.use(lastResort(log, fail));
  return app;
}

const security: Parameters<typeof helmet>[0] = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      // Plotly sets styles on its elements and rasterises its downloads.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Plain HTTP on loopback: a promise of HTTPS would lock the page out.
  strictTransportSecurity: false,
};

function identify(_request: Request, response: Response, next: NextFunction): void {
  response.locals.id = randomUUID();
  next();
}

function guard(options: HttpOptions) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const provenance = {
      method: request.method,
      host: request.headers.host,
      origin: request.headers.origin,
      site: request.headers['sec-fetch-site'] as string | undefined,
      upgrade: false,
    };
    const refused = refusal(provenance, options.host, options.allowedHosts);
    if (refused === undefined) next();
    else fail(response, 403, refused);
  };
}

function accept(route: RouteDescription, request: Request, response: Response): unknown {
  const parsed = route.parameters.safeParse({ ...request.query });
  if (parsed.success) return parsed.data;
  fail(response, 400, parameterFault(parsed.error));
  return undefined;
}

/** A store that fails takes down this answer only, and the answer says so. */
async function answerFromStore(response: Response, log: Log, respond: () => Promise<unknown>): Promise<void> {
  try {
    const answer = await respond();
    response.setHeader('Cache-Control', 'no-store');
    response.json(answer);
  } catch (fault) {
    unavailable(response, log, fault);
  }
}

function unavailable(response: Response, log: Log, fault: unknown): void {
  const reason = fault instanceof Error ? fault.message.split('\n')[0]! : 'unknown';
  log.error({ request: response.locals.id, err: fault }, 'the store could not answer');
  if (response.headersSent) response.destroy();
  else fail(response, 503, `The store cannot answer at present: ${reason}`);
}

function serveExports(app: Express, sources: Sources, log: Log): void {
  let running = 0;
  for (const route of exportRoutes) {
    app.get(prefix + route.path, async (request, response) => {
      const parameters = accept(route, request, response);
      if (parameters === undefined) return;
      if (running >= mostExports) {
        response.setHeader('Retry-After', '5');
        return fail(response, 429, `There are already ${mostExports} exports; try again in a few seconds.`);
      }
      running += 1;
      // Whoever has the whole file may ask for the next one, though this one's traces are not yet removed.
      response.once('close', () => {
        running -= 1;
      });
      try {
        await sendExport(sources.store as Store, sources.dataset, route.table, parameters, response);
      } catch (fault) {
        // A reader who went away is no fault of the store.
        if (request.destroyed) return;
        if (!(fault instanceof NoRoom)) return unavailable(response, log, fault);
        log.warn({ request: response.locals.id, err: fault }, 'there is no room for an export');
        fail(response, 507, fault.message);
      }
    });
  }
}

function serveHealth(app: Express, options: HttpOptions): void {
  app.get('/health/live', (_, response) => void response.json({ state: 'ok' }));
  app.get('/health/ready', async (_, response) => {
    const reason = await options.ready();
    response
      .status(reason === undefined ? 200 : 503)
      .json({ state: reason === undefined ? 'ok' : 'down', detail: reason ?? '' });
  });
  app.get('/metrics', async (_, response) => {
    const { type, text } = await options.metrics();
    response.setHeader('Content-Type', type);
    response.send(text);
  });
}

function serveDashboard(app: Express, directory: string | undefined): void {
  if (directory !== undefined && existsSync(directory)) {
    app.use(
      express.static(directory, {
        dotfiles: 'ignore',
        setHeaders(response, path) {
          // Names that carry a version (?v=) never change; everything else is asked for again, by its ETag.
          const versioned =
            !path.endsWith('.html') && new URL(response.req?.url ?? '/', 'http://x').searchParams.has('v');
          response.setHeader('Cache-Control', versioned ? 'public, max-age=31536000, immutable' : 'no-cache');
        },
      }),
    );
  } else {
    app.get('/', (_, response) =>
      fail(response, 404, 'The dashboard is not built; run "npm run build" and start again.'),
    );
  }
  app.use((request: Request, response: Response) =>
    fail(response, 404, `There is nothing at ${request.path}.`),
  );
}

function fail(response: Response, status: number, error: string): void {
  response.status(status).json({ error, id: response.locals.id });
}
