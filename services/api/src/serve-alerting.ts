import type { Log } from '@tandem/runtime';
import express, { type Express, type Request, type Response } from 'express';
import { type AlertingSources, refusalOf } from './alerting-route.ts';
import { alertingRoutes } from './alerting-routes.ts';

/** The largest document that is taken, bytes. */
const largest = 64 * 1_024;

/**
 * Serves what alerts are made of: rules, endpoints, silences, acknowledgements, previews, tests and replays. A change
 * carries the revision that it was made from (`?revision=`; none for a new document), and is 409 if that is stale.
 */
export function serveAlerting(
  app: Express,
  prefix: string,
  sources: AlertingSources,
  log: Log,
  fail: (response: Response, status: number, error: string) => void,
): void {
  const json = express.json({ limit: largest, strict: true, type: 'application/json' });
  for (const route of alertingRoutes) {
    app[route.verb](prefix + route.path, json, async (request: Request, response: Response) => {
      const { revision, ...rest } = request.query;
      const unknown = Object.keys(rest)[0];
      if (unknown !== undefined) {
        return fail(response, 400, `There is no parameter ${JSON.stringify(unknown.slice(0, 60))}.`);
      }
      if (revision !== undefined && !/^\d{1,15}$/.test(String(revision))) {
        return fail(response, 400, 'The revision must be a whole number.');
      }
      if (route.body !== undefined && request.body === undefined) {
        return fail(response, 415, 'Send the document as JSON, with the content type application/json.');
      }
      try {
        const asked = {
          id: String(request.params.id ?? ''),
          revision: revision === undefined ? undefined : Number(revision),
          body: request.body,
        };
        const answer = await route.respond(asked, sources);
        response.setHeader('Cache-Control', 'no-store');
        response.json(answer);
      } catch (fault) {
        const refused = refusalOf(fault);
        if (refused?.status === 503) {
          const { cause } = fault as Error;
          log.warn({ request: response.locals.id, err: cause }, 'the alerter could not answer:');
        }
        if (refused !== undefined) return fail(response, refused.status, refused.sentence);
        log.error({ request: response.locals.id, err: fault }, 'a request failed');
        fail(response, 500, 'Something failed inside; the log has the reason under this id.');
      }
    });
  }
}
