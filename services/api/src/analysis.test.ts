import { randomUUID } from 'node:crypto';
import { type JobStatus, subjects } from '@tandem/common';
import type { ServiceContext, Subscription } from '@tandem/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { context, options } from './preview.fixture.ts';
import { type Api, startApi } from './service.ts';

let ports: ServiceContext;
let api: Api;
const serving: Subscription[] = [];

beforeAll(async () => {
  ports = await context();
  api = await startApi(ports, options);
});
afterEach(() => {
  for (const one of serving.splice(0)) one.stop();
});
afterAll(async () => {
  await api.stop();
  await ports.bus.close();
  await ports.store.close();
});

/** What the analytics service would answer. */
function serve(method: string, answer: (question: unknown) => unknown): void {
  serving.push(ports.bus.serve(subjects.rpc('analytics', method), async (question) => answer(question)));
}

async function call(path: string, method = 'GET') {
  const response = await fetch(`${api.url}/api/v1${path}`, { method });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('what is computed on demand', () => {
  const job = randomUUID();

  it('is asked of the analytics service with parameters that were checked, and answered with its result', async () => {
    const asked: unknown[] = [];
    const status: JobStatus = { job, method: 'adf', state: 'done', result: { stat: -3.5 } };
    serve('adf', (question) => {
      asked.push(question);
      return status;
    });
    expect(await call('/analysis/adf?study=btc-eth-1m&bars=500&trend=ct')).toEqual({
      status: 200,
      body: status,
    });
    expect(asked).toEqual([
      expect.objectContaining({ study: 'btc-eth-1m', bars: 500, trend: 'ct', series: 'spread' }),
    ]);
  });

  it('that takes longer is a job, which can be looked at and cancelled', async () => {
    serve('what-if', () => ({ job, method: 'what-if', state: 'running', progress: 0.25 }));
    serve('cancel', () => ({ job, method: 'what-if', state: 'cancelled' }));
    expect(await call('/analysis/what-if?study=btc-eth-1m&window=500')).toMatchObject({
      status: 202,
      body: { job, state: 'running', progress: 0.25 },
    });
    expect(await call(`/jobs?job=${job}`, 'DELETE')).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
  });

  it('that the data cannot answer is refused with the reason, a defect is ours', async () => {
    const failed = { job, method: 'adf', state: 'failed' };
    serve('adf', () => ({ ...failed, error: 'the series does not vary', code: 'ConstantSeries' }));
    expect(await call('/analysis/adf?study=btc-eth-1m')).toMatchObject({
      status: 422,
      body: { error: 'The series does not vary.' },
    });
    serve('kpss', () => ({ ...failed, error: 'x is undefined', code: null }));
    expect((await call('/analysis/kpss?study=btc-eth-1m')).status).toBe(500);
  });

  it('says so when nobody computes, and when a job is not known', async () => {
    const { status, body } = await call('/analysis/hurst?study=btc-eth-1m');
    expect(status).toBe(503);
    expect(body.error).toMatch(/^The analytics service cannot answer at present: nobody serves/);
    serve('job', () => {
      throw new Error(`there is no job ${job}: it may have been forgotten`);
    });
    expect(await call(`/jobs?job=${job}`)).toMatchObject({
      status: 404,
      body: { error: expect.stringMatching(/^There is no job/) },
    });
  });

  it.each([
    ['/analysis/adf?study=btc-eth-1m&bars=1e3', 'bars'],
    ['/analysis/adf?study=..%2F..', 'study'],
    ['/analysis/adf?colour=red', 'colour'],
    ['/analysis/variance-ratio?study=btc-eth-1m&q=1', 'q'],
    ['/analysis/johansen?instruments=sim:BTCUSDT', 'instruments'],
    ['/analysis/what-if?study=btc-eth-1m&method=magic', 'method'],
    ['/jobs?job=1', 'job'],
    [`/jobs?job=${randomUUID()}&wait=99999`, 'wait'],
  ])('refuses %s by the name of what is wrong', async (path, named) => {
    const { status, body } = await call(path);
    expect(status).toBe(400);
    expect(body.error).toContain(named);
  });

  it('is described like every other route', async () => {
    const { body } = await call('/openapi.json');
    expect(Object.keys(body.paths as object)).toEqual(
      expect.arrayContaining(['/api/v1/analysis/adf', '/api/v1/analysis/what-if', '/api/v1/jobs']),
    );
  });
});
