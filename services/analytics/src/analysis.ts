import { type AnalysisMethod, analysisMethods, analysisParameters, subjects } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { z } from 'zod';
import { Jobs } from './work/jobs.ts';
import { type Library, OrderRefused, orders } from './work/orders.ts';
import { WorkRefused, workerPool } from './work/worker-pool.ts';

/** Threads that compute what is asked for. */
const threads = 1;
/** How long an answer is waited for before the asker is told that the work goes on, ms. */
const patience = 2_000;

const JobQuestion = z.strictObject({ job: z.string(), wait: z.int().min(0).max(10_000).default(0) });

/**
 * Serves what is computed on demand (`rpc.analytics.<method>`), in worker threads: live numbers never wait for it. Each
 * request is a job; its status is the answer, with the result if it is there in time, else to be asked for by
 * `rpc.analytics.job`, or given up by `rpc.analytics.cancel`.
 */
export function serveAnalysis(context: ServiceContext, library: Library): { stop(): Promise<void> } {
  const { bus, metrics } = context;
  const log = context.log.child({ service: 'analytics' });
  const pool = workerPool(threads);
  const jobs = new Jobs();
  const done = metrics.counter('analytics_requests_total', 'Computations on demand, by how they ended', [
    'method',
    'outcome',
  ]);

  const begin = async (method: AnalysisMethod, data: unknown): Promise<unknown> => {
    const parsed = analysisParameters[method].safeParse(data ?? {});
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Error(`${issue?.path.join('.') || 'the request'}: ${issue?.message}`);
    }
    const job = jobs.start(
      method,
      async (signal, progress) => {
        const input = await orders[method](parsed.data as never, library);
        signal.throwIfAborted();
        return pool.compute({ method, input }, progress, signal);
      },
      (error) => {
        if (error instanceof WorkRefused) return error.code;
        if (error instanceof OrderRefused) return 'InvalidParameter';
        log.error({ err: error, method }, 'a computation failed:');
        return null;
      },
    );
    const status = await jobs.status(job, patience);
    done.inc({ method, outcome: status?.state ?? 'unknown' });
    return status;
  };
  const ask =
    (question: (asked: { job: string; wait: number }) => Promise<unknown>) => async (data: unknown) => {
      const parsed = JobQuestion.safeParse(data);
      if (!parsed.success) throw new Error('name a job, as the answer to the request did');
      const status = await question(parsed.data);
      if (status === undefined)
        throw new Error(`there is no job ${parsed.data.job}: it may have been forgotten`);
      return status;
    };

  const serving = [
    ...analysisMethods.map((method) =>
      bus.serve(subjects.rpc('analytics', method), (data) => begin(method, data)),
    ),
    bus.serve(
      subjects.rpc('analytics', 'job'),
      ask(({ job, wait }) => jobs.status(job, wait)),
    ),
    bus.serve(
      subjects.rpc('analytics', 'cancel'),
      ask(({ job }) => jobs.cancel(job)),
    ),
  ];
  return {
    async stop() {
      for (const one of serving) one.stop();
      await jobs.stop();
      await pool.close();
    },
  };
}
