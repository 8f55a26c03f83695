import { describe, expect, it } from 'vitest';
import { study, tandem } from '../core/market.fixture.ts';
import { Jobs, TooBusy } from './jobs.ts';
import { WorkRefused, workerPool } from './worker-pool.ts';

const bars = (n: number) => ({
  times: Float64Array.from({ length: n }, (_, i) => i * 60_000),
  closes: Float64Array.from({ length: n }, (_, i) => 100 + Math.sin(i * i)),
  volumes: new Float64Array(n),
  quoteVolumes: new Float64Array(n),
  highs: new Float64Array(n),
  lows: new Float64Array(n),
  trades: new Float64Array(n),
});
const legs = (n: number) => ({
  study,
  y: { instrument: 'sim:A', ...bars(n) },
  x: {
    instrument: 'sim:B',
    ...bars(n),
    closes: bars(n).closes.map((close, i) => close + Math.cos(i * i * i)),
  },
});
const never = new AbortController().signal;

describe('worker threads', () => {
  it('end at once when their work is cancelled, tell of its progress, and others take over', async () => {
    const pool = workerPool(1);
    const abort = new AbortController();
    const shares: number[] = [];
    const long = pool.compute(
      {
        method: 'what-if',
        input: {
          study: { ...study, method: 'huber', window: 500 },
          rows: 10,
          bars: tandem(4_000).flatMap(({ y, x }) => [y, x]),
        },
      },
      (share) => {
        shares.push(share);
        abort.abort(new Error('enough'));
      },
      abort.signal,
    );
    const waits = pool.compute(
      { method: 'cointegration', input: { bars: legs(200), options: {} } },
      () => {},
      never,
    );
    expect(pool.waiting).toBe(1);
    await expect(long).rejects.toThrow('enough');
    expect(shares).toHaveLength(1);
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares[0]).toBeLessThan(1);
    expect(await waits).toMatchObject({ study: study.id });
    await pool.close();
  });

  it('refuse what the input contract forbids by its code, and fail at a defect without dying', async () => {
    const pool = workerPool(1);
    const few = pool.compute({ method: 'reversion', input: { bars: legs(10) } }, () => {}, never);
    await expect(few).rejects.toBeInstanceOf(WorkRefused);
    await expect(few).rejects.toMatchObject({ code: 'TooFewObservations' });
    await expect(pool.compute({ method: 'reversion', input: null }, () => {}, never)).rejects.toThrow(/null/);
    await expect(pool.compute({ method: '__proto__', input: null }, () => {}, never)).rejects.toThrow(
      'there is no computation',
    );
    await pool.close();
    await expect(pool.compute({ method: 'reversion', input: null }, () => {}, never)).rejects.toThrow(
      'closed',
    );
  });
});

describe('jobs', () => {
  it('are bounded in number, and forgotten some time after their end', async () => {
    const now = 0;
    const jobs = new Jobs(() => now);
    const held = Array.from({ length: 16 }, () =>
      jobs.start(
        'adf',
        () => new Promise(() => {}),
        () => null,
      ),
    );
    expect(() =>
      jobs.start(
        'adf',
        async () => 1,
        () => null,
      ),
    ).toThrow(TooBusy);
    expect(await jobs.status(held[0]!)).toMatchObject({ state: 'running', progress: 0 });
  });

  it('keep their result for ten minutes', async () => {
    let now = 0;
    const jobs = new Jobs(() => now);
    const id = jobs.start(
      'adf',
      async () => 42,
      () => null,
    );
    expect(await jobs.status(id, 1_000)).toMatchObject({ state: 'done', result: 42 });
    now = 9 * 60_000;
    expect(await jobs.status(id)).toBeDefined();
    now = 11 * 60_000;
    expect(await jobs.status(id)).toBeUndefined();
  });

  it('say why they failed, and whose fault it is', async () => {
    const jobs = new Jobs();
    const id = jobs.start(
      'adf',
      () => Promise.reject(new Error('no rows')),
      () => 'TooFewObservations',
    );
    expect(await jobs.status(id, 1_000)).toMatchObject({
      state: 'failed',
      error: 'no rows',
      code: 'TooFewObservations',
    });
  });
});
