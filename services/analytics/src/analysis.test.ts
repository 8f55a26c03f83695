import { type Bar, type JobStatus, type Study, subjects } from '@tandem/common';
import {
  type Bus,
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type Store,
} from '@tandem/runtime';
import { adf, engleGrangerBoth, ols } from '@tandem/stats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveAnalysis } from './analysis.ts';
import { minute, start, study, tandem } from './core/market.fixture.ts';

const legs = tandem(400, 3);
const wide: Study = { ...study, window: 240 };
let bus: Bus;
let store: Store;
let analysis: { stop(): Promise<void> };

beforeAll(async () => {
  bus = memoryBus();
  store = await duckdbStore({ path: ':memory:' });
  const rows: Bar[] = legs.flatMap(({ y, x }) => [y, x]);
  await store.write([{ table: 'bars', rows }]);
  const log = createLog({ write: () => {}, format: 'json' });
  const context = {
    bus,
    store,
    settings: memorySettings(),
    log,
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
  const instruments = ['sim:BTCUSDT', 'sim:ETHUSDT'];
  analysis = serveAnalysis(context, { store, dataset: 'live', studies: [wide], instruments });
});
afterAll(async () => {
  await analysis.stop();
  await bus.close();
  await store.close();
});

async function ask(method: string, parameters: object): Promise<JobStatus> {
  let status = (await bus.request(subjects.rpc('analytics', method), parameters, 20_000)) as JobStatus;
  while (status.state === 'running') {
    const again = { job: status.job, wait: 5_000 };
    status = (await bus.request(subjects.rpc('analytics', 'job'), again, 20_000)) as JobStatus;
  }
  return status;
}

async function result<Result>(method: string, parameters: object): Promise<Result> {
  const status = await ask(method, parameters);
  if (status.state !== 'done') throw new Error(JSON.stringify(status));
  // What is no JSON would be lost on its way.
  expect(JSON.parse(JSON.stringify(status.result))).toEqual(status.result);
  return status.result as Result;
}

const closes = (of: 'y' | 'x', n: number) => legs.slice(-n).map((leg) => leg[of].close as number);

describe('what is computed on demand', () => {
  it('tests the spread of a study about its own line, a leg of it, and an instrument', async () => {
    const { alpha, beta } = ols(closes('y', 240), closes('x', 240));
    const spread = closes('y', 240).map((y, i) => y - alpha - beta * closes('x', 240)[i]!);
    const found = await result<{ stat: number; pValue: number; estimatedSpread: boolean; from: number }>(
      'adf',
      {
        study: wide.id,
      },
    );
    expect(found.stat).toBeCloseTo(adf(spread).stat, 8);
    expect(found).toMatchObject({ estimatedSpread: true, from: start + 160 * minute, n: 240 });
    const leg = await result<{ stat: number }>('adf', {
      study: wide.id,
      series: 'x',
      bars: '100',
      trend: 'ct',
    });
    expect(leg.stat).toBe(adf(closes('x', 100), { trend: 'ct' }).stat);
    const alone = await result<{ n: number }>('kpss', { instrument: 'sim:ETHUSDT', bars: 300, scale: 'log' });
    expect(alone.n).toBe(300);
    for (const method of ['phillips-perron', 'variance-ratio', 'hurst']) {
      expect(await result<object>(method, { study: wide.id })).toMatchObject({
        what: 'spread of btc-eth-1m',
      });
    }
  });

  it('says of a pair whether it is cointegrated, how it reverts, which hedge each method gives and who leads', async () => {
    const pair = await result<{ yOnX: { stat: number } }>('cointegration', { study: wide.id, bars: 400 });
    expect(pair.yOnX.stat).toBe(engleGrangerBoth(closes('y', 400), closes('x', 400)).yOnX.stat);
    const reversion = await result<{ halfLife: { halfLife: number }; thresholds: { z: number } }>(
      'reversion',
      {
        study: wide.id,
        bars: 400,
      },
    );
    // The spread of the fixture keeps nine tenths of a deviation per bar: half of it is gone after 6.6.
    expect(reversion.halfLife.halfLife).toBeGreaterThan(3);
    expect(reversion.halfLife.halfLife).toBeLessThan(12);
    const { methods } = await result<{ methods: Record<string, { beta: number }> }>('hedge-ratios', {
      study: wide.id,
    });
    expect(Object.keys(methods)).toEqual(['ols', 'tls', 'huber', 'theil-sen', 'kalman', 'fixed']);
    for (const method of ['ols', 'huber', 'theil-sen']) expect(methods[method]?.beta).toBeCloseTo(18, -0.5);
    expect(methods.fixed?.beta).toBe(1);
    expect(await result<object>('lead-lag', { study: wide.id, maxLag: 5 })).toMatchObject({
      bars: { lags: [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5], lead: 0 },
      trades: null,
    });
  });

  it('describes the market: matrix, statistics, liquidity with its reasons, Johansen', async () => {
    const matrix = await result<{ r: number[][] }>('correlation-matrix', {});
    expect(matrix.r[0]?.[0]).toBe(1);
    expect(matrix.r[0]?.[1]).toBe(matrix.r[1]?.[0]);
    const { instruments } = await result<{ instruments: { last: number; n: number }[] }>('statistics', {
      bars: 50,
    });
    expect(instruments[1]).toMatchObject({ instrument: 'sim:ETHUSDT', n: 50, last: closes('x', 1)[0] });
    const liquid = await result<{ instruments: { liquid: boolean; reasons: string[]; minutes: object[] }[] }>(
      'liquidity',
      { minutes: 60, leastVolume: 0 },
    );
    expect(liquid.instruments[0]).toMatchObject({
      liquid: false,
      reasons: ['median of 1 trades a minute, below 10'],
    });
    expect(liquid.instruments[0]?.minutes).toHaveLength(60);
    expect((await result<{ trace: number[] }>('johansen', { bars: 400 })).trace).toHaveLength(2);
  });

  it('answers what a study would say with other settings, and changes nothing', async () => {
    const { rows } = await result<{ rows: { z: number; n: number; signal: string }[] }>('what-if', {
      study: wide.id,
      window: '100',
      method: 'tls',
      bars: '20',
    });
    expect(rows).toHaveLength(20);
    expect(rows.every(({ n, z }) => n === 100 && Number.isFinite(z))).toBe(true);
    expect(await store.query('analytics', { where: { dataset: 'live' } })).toEqual([]);
  });

  it('refuses in one sentence what cannot be computed, with the code of what is wrong', async () => {
    for (const [method, parameters, error, code] of [
      ['adf', { study: 'no-such' }, 'there is no study "no-such"; there are btc-eth-1m', 'InvalidParameter'],
      ['adf', {}, 'name either a study or an instrument, not both', 'InvalidParameter'],
      ['adf', { study: wide.id, maxLag: 150, lagSelection: 'fixed' }, /maxLag|lag/, 'InvalidParameter'],
      ['reversion', { study: wide.id, to: start + 10 * minute }, /has 10 bars/, 'TooFewObservations'],
      [
        'statistics',
        { instruments: 'sim:DOGEUSDT' },
        'there are no 1m bars of sim:DOGEUSDT',
        'InvalidParameter',
      ],
    ] as const) {
      const status = await ask(method, parameters);
      expect(status).toMatchObject({ state: 'failed', code });
      if (status.state === 'failed') expect(status.error).toMatch(error);
    }
    await expect(ask('adf', { study: wide.id, bars: 'many' })).rejects.toThrow(/^bars: a whole number/);
    await expect(ask('job', { job: 'unknown' })).rejects.toThrow(/there is no job unknown/);
  });

  it('gives up what is cancelled, and computes on', async () => {
    const question = { study: wide.id, method: 'theil-sen', window: 300, bars: 2_000 };
    const asked = bus.request(subjects.rpc('analytics', 'what-if'), question, 20_000);
    const behind = ask('adf', { study: wide.id });
    const first = (await asked) as JobStatus;
    const ended = (await bus.request(
      subjects.rpc('analytics', 'cancel'),
      { job: first.job },
      20_000,
    )) as JobStatus;
    expect(['cancelled', 'done']).toContain(ended.state);
    expect((await behind).state).toBe('done');
  });
});
