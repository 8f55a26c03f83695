import { afterEach, describe, expect, it } from 'vitest';
import type { Simulator, SimulatorOptions } from './index.ts';
import { market, startSimulator } from './index.ts';
import { WeightBudget } from './weight.ts';

const noon = Date.UTC(2026, 5, 1, 12);
let simulator: Simulator;

async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
  const venue = options.venue ?? 'binance-usdm';
  simulator = await startSimulator({ history: market(1, { venue }), venue, clock: () => noon, ...options });
}

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${simulator.restUrl}${path}`, { headers });

async function rows<Row>(path: string): Promise<Row[]> {
  const response = await ask(path, { 'X-MBX-APIKEY': 'any' });
  expect(response.status).toBe(200);
  return (await response.json()) as Row[];
}

afterEach(() => simulator.stop());

describe('the REST side', () => {
  it.each([
    ['binance-usdm', '/fapi/v1'],
    ['binance-spot', '/api/v3'],
  ] as const)(
    'of %s pages through the same aggregates as the stream, up to the head and no further',
    async (venue, prefix) => {
      await start({ venue });
      const frames = market(1, { venue })
        .frames(noon - 600_000, noon, (stream) => stream === 'btcusdt@aggTrade')
        .map(({ data }) => JSON.parse(data));
      const found: { a: number; p: string; q: string; f: number; l: number; T: number; m: boolean }[] = [];
      let fromId = frames[0].a as number;
      while (true) {
        const page = await rows<(typeof found)[number]>(
          `${prefix}/aggTrades?symbol=BTCUSDT&fromId=${fromId}&limit=1000`,
        );
        if (page.length === 0) break;
        expect(page[0]!.a).toBe(fromId);
        found.push(...page);
        fromId = page.at(-1)!.a + 1;
      }
      expect(found.length).toBeGreaterThan(1000);
      expect(found.map(({ a, p, q, f, l, T, m }) => ({ a, p, q, f, l, T, m }))).toEqual(
        frames.map(({ a, p, q, f, l, T, m }) => ({ a, p, q, f, l, T, m })),
      );
    },
  );

  it('lists fills only: what NA, insurance and ADL prints consume stays a hole', async () => {
    await start();
    const frames = market(1)
      .frames(noon - 60_000, noon, (stream) => stream === 'btcusdt@trade')
      .map(({ data }) => JSON.parse(data));
    const path = `/fapi/v1/historicalTrades?symbol=BTCUSDT&fromId=${frames[0].t}&limit=500`;
    const fills = frames.filter(({ X }) => X === 'MARKET').map(({ t }) => t);
    expect(fills.length).toBeLessThan(frames.length);
    const found = await rows<{ id: number; price: string; qty: string; quoteQty: string }>(path);
    expect(found.map(({ id }) => id)).toEqual(fills.slice(0, 500));
    expect(Number(found[0]!.price) * Number(found[0]!.qty)).toBeCloseTo(Number(found[0]!.quoteQty), 4);
    const newest = await rows<{ id: number }>('/fapi/v1/trades?symbol=BTCUSDT&limit=20');
    expect(newest.map(({ id }) => id)).toEqual(fills.slice(-20));
  });

  it('selects aggregates by time, both ends included, and the newest without any', async () => {
    await start();
    const all = market(1)
      .frames(noon - 60_000, noon, (stream) => stream === 'ethusdt@aggTrade')
      .map(({ data }) => JSON.parse(data));
    const [from, to] = [all[10].T, all[40].T];
    const found = await rows<{ a: number }>(
      `/fapi/v1/aggTrades?symbol=ETHUSDT&startTime=${from}&endTime=${to}`,
    );
    expect(found.map(({ a }) => a)).toEqual(all.filter(({ T }) => T >= from && T <= to).map(({ a }) => a));
    const newest = await rows<{ a: number }>('/fapi/v1/aggTrades?symbol=ETHUSDT&limit=7');
    expect(newest.map(({ a }) => a)).toEqual(all.slice(-7).map(({ a }) => a));
    expect(await rows('/fapi/v1/aggTrades?symbol=ETHUSDT&fromId=9999999999999')).toEqual([]);
  });

  it('hides trades of the visibility lag and futures aggregates older than a day', async () => {
    await start({ visibilityLag: 5000 });
    const [newest] = await rows<{ a: number }>('/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1');
    expect(newest!.a).toBe(
      market(1)
        .aggregates('BTCUSDT')
        .head(noon - 5000),
    );
    const [oldest] = await rows<{ a: number }>('/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=1&limit=1');
    expect(oldest!.a).toBe(
      market(1)
        .aggregates('BTCUSDT')
        .idAt(noon - 86_400_000),
    );
  });

  it('answers 500 klines of 1m and 5m, the open bar last', async () => {
    await start();
    for (const [interval, ms] of [
      ['1m', 60_000],
      ['5m', 300_000],
    ] as const) {
      const found = await rows<[number, ...string[]]>(
        `/fapi/v1/klines?symbol=SOLUSDT&interval=${interval}&limit=500`,
      );
      expect(found.length).toBeGreaterThanOrEqual(499);
      expect(found.slice(1).every((row, at) => row[0] === found[at]![0] + ms)).toBe(true);
      expect(found[0]).toHaveLength(12);
    }
  });

  it('says what it trades, in steps, and what time it is', async () => {
    await start({ timeSkew: 7 });
    const info = (await (await ask('/fapi/v1/exchangeInfo')).json()) as {
      symbols: { symbol: string; filters: { tickSize?: string }[] }[];
    };
    expect(info.symbols.map(({ symbol }) => symbol)).toEqual([
      'BTCUSDT',
      'ETHUSDT',
      'SOLUSDT',
      'BNBUSDT',
      'XRPUSDT',
    ]);
    expect(info.symbols[0]!.filters[0]!.tickSize).toBe('0.10');
    expect(await (await ask('/fapi/v1/time')).json()).toEqual({ serverTime: noon + 7 });
    expect(await (await ask('/fapi/v1/ticker/24hr?symbol=XRPUSDT')).json()).toMatchObject({
      symbol: 'XRPUSDT',
    });
  });

  it.each([
    ['/fapi/v1/aggTrades?symbol=NOPE', 400, -1121],
    ['/fapi/v1/aggTrades', 400, -1102],
    ['/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=abc', 400, -1100],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=7m', 400, -1120],
    ['/fapi/v1/historicalTrades?symbol=BTCUSDT', 401, -2014],
    ['/fapi/v1/nothing', 404, -5000],
    ['/api/v3/time', 404, -5000],
  ])('refuses %s with %i and code %i', async (path, status, code) => {
    await start();
    const response = await ask(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it('books weights, and answers 429, then 418, when the budget is spent', async () => {
    await start({ weightLimit: 45, banAfter: 2, wallClock: () => noon });
    const used: (string | null)[] = [];
    const statuses: number[] = [];
    for (const path of [
      'klines?symbol=XRPUSDT&interval=1m&limit=99',
      'aggTrades?symbol=XRPUSDT&limit=1',
      'aggTrades?symbol=XRPUSDT&limit=1',
      'time',
      'time',
      'time',
      'time',
      'time',
      'time',
      'time',
    ]) {
      const response = await ask(`/fapi/v1/${path}`);
      used.push(response.headers.get('X-MBX-USED-WEIGHT-1M'));
      statuses.push(response.status);
      if (response.status !== 200) {
        expect(await response.json()).toMatchObject({ code: -1003 });
        expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
      }
    }
    expect(used.slice(0, 5)).toEqual(['1', '21', '41', '42', '43']);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 429, 429, 418]);
  });
});

describe('a weight budget', () => {
  it('is whole again in the next minute, and a ban ends when it said', () => {
    const budget = new WeightBudget(10, 0, 120_000);
    expect(budget.take(10, 0).status).toBe(200);
    expect(budget.take(1, 59_999)).toMatchObject({ status: 418, bannedUntil: 179_999 });
    expect(budget.take(1, 60_000).status).toBe(418);
    expect(budget.take(1, 179_999)).toEqual({ status: 200, used: 1 });
  });
});
