import { analysisMethods, analysisParameters, JobStatus } from '@tandem/common';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { RouteDescription } from './openapi.ts';
import { parameterFault } from './parameters.ts';

/** Asks the analytics service. Rejects if nobody answers. */
export type AskAnalytics = (method: string, parameters: unknown) => Promise<unknown>;

const JobParameters = z.strictObject({
  job: z.uuid().describe('As the answer to the request named it'),
  wait: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.int().max(10_000))
    .default(0)
    .describe('How long to wait for its end, ms'),
});

const summaries: Readonly<Record<keyof typeof analysisParameters, string>> = {
  adf: 'Augmented Dickey-Fuller test of a spread, a leg or an instrument',
  kpss: 'KPSS test, whose null hypothesis is stationarity',
  'phillips-perron': 'Phillips-Perron test of a unit root',
  'variance-ratio': "Lo and MacKinlay's variance ratio test",
  hurst: 'Hurst exponents, descriptive',
  reversion: "Half-life, Ornstein-Uhlenbeck process and Bertram's thresholds of a spread",
  cointegration: 'Engle-Granger test of a study, both ways',
  'hedge-ratios': 'Every hedge method on the same bars',
  'lead-lag': 'Cross-correlation of returns, and the Hayashi-Yoshida estimator of trades',
  johansen: "Johansen's test of several instruments",
  'correlation-matrix': 'Correlations of the returns of all instruments',
  statistics: 'Statistics of the prices of instruments',
  liquidity: 'Trade per minute, and whether a market is liquid enough',
  'what-if': 'The rows that a study would have with other settings; changes nothing',
};

const analysisRoutes = analysisMethods.map((method) => ({
  method,
  path: `/analysis/${method}`,
  summary: summaries[method],
  parameters: analysisParameters[method] as z.ZodObject,
  answer: JobStatus,
}));
const jobRoute = {
  path: '/jobs',
  summary: 'A computation that went on after its request was answered',
  deletes: 'Cancels a computation',
  parameters: JobParameters,
  answer: JobStatus,
};

/** What is computed on demand, for the OpenAPI document. */
export const analysisDescriptions: readonly RouteDescription[] = [...analysisRoutes, jobRoute];

/**
 * Serves what is computed on demand: 200 with the result, 202 with the job if it takes longer, 422 with the reason if
 * the data cannot answer, 503 if the analytics service is away.
 */
export function serveAnalysis(
  app: Express,
  prefix: string,
  ask: AskAnalytics,
  fail: (response: Response, status: number, error: string) => void,
): void {
  const serve =
    (route: RouteDescription, question: string) => async (request: Request, response: Response) => {
      const parsed = route.parameters.safeParse({ ...request.query });
      if (!parsed.success) return fail(response, 400, parameterFault(parsed.error));
      let status: JobStatus;
      try {
        status = JobStatus.parse(await ask(question, parsed.data));
      } catch (fault) {
        const reason = fault instanceof Error ? fault.message.split('\n')[0] : 'unknown';
        const missing = question === 'job' || question === 'cancel';
        const gone = missing && /there is no job/.test(reason ?? '');
        return fail(
          response,
          gone ? 404 : 503,
          gone ? `${sentence(reason ?? '')}.` : `The analytics service cannot answer at present: ${reason}.`,
        );
      }
      response.setHeader('Cache-Control', 'no-store');
      if (status.state === 'failed') {
        return fail(response, status.code === null ? 500 : 422, `${sentence(status.error)}.`);
      }
      response.status(status.state === 'running' ? 202 : 200).json(status);
    };
  for (const route of analysisRoutes) app.get(prefix + route.path, serve(route, route.method));
  app.get(prefix + jobRoute.path, serve(jobRoute, 'job'));
  app.delete(prefix + jobRoute.path, serve(jobRoute, 'cancel'));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
