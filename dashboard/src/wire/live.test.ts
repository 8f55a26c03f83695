import type { Alert } from '@tandem/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alert, bar, minute, origin, row, study } from '../rows.fixture.ts';
import { emptyModel, type Model } from '../state/model.ts';
import { type Live, live } from './live.ts';
import { Server, settled } from './server.fixture.ts';

const status = {
  badge: { kind: 'LIVE', reason: '' },
  dataset: 'live',
  version: '1',
  at: origin,
  services: {},
  feeds: [],
  instruments: [study.y, study.x],
  studies: [study],
  rules: [],
};
const none = { rows: [] };
const snapshot = (...data: { study: string }[]) => ({
  type: 'snapshot',
  subjects: [],
  messages: data.map((one) => ({
    subject: 'transition' in one ? `alerts.r.${one.study}` : `analytics.${one.study}`,
    data: one,
  })),
});

let server: Server;
let model: Model;
let page: Live;
let raised: Alert[];

beforeEach(() => {
  vi.useFakeTimers({ now: origin, toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
  server = new Server();
  model = emptyModel();
  raised = [];
  page = live(
    model,
    () => undefined,
    (one) => raised.push(one),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Everything is answered with nothing, but for what a test leaves open. */
function quiet(...open: string[]): void {
  for (const path of ['/status', '/alerts', '/analytics', '/bars', '/gaps'])
    server.usual(path, open.includes(path) ? undefined : path === '/status' ? status : none);
}

async function begin(...first: Parameters<typeof snapshot>): Promise<void> {
  page.start();
  await connect(...first);
  page.watch(study);
  await server.stream.say(snapshot());
}

async function connect(...first: Parameters<typeof snapshot>): Promise<void> {
  await server.stream.open();
  await server.stream.say(snapshot(...first));
}

async function later(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  page.tick();
  await settled();
}

describe('alerts that the stream did not tell', () => {
  const firing = (index: number) => alert(index, { id: `firing-${index}`, transition: 'firing' });

  it('are asked for again until they are known', async () => {
    quiet('/alerts');
    await begin();
    while (server.waiting('/alerts') > 0) await server.fail('/alerts');
    expect(model.alertsFault).toBeDefined();
    expect(model.detail?.fault).toBeUndefined();
    quiet();
    server.usual('/alerts', { rows: [firing(0)] });
    await later(5_000);
    expect(model.alerts.map(({ id }) => id)).toEqual(['firing-0']);
    expect(model.alertsFault).toBeUndefined();
  });

  it('are told once the page hears again, unless they are over; what was there at first is not', async () => {
    quiet();
    server.usual('/alerts', { rows: [firing(0)] });
    await begin();
    expect(raised).toEqual([]);
    await server.stream.lose();
    const over = alert(2, { id: 'over', transition: 'resolved', rule: 'other' });
    const ended = alert(1, { id: 'ended', transition: 'firing', rule: 'other' });
    server.usual('/alerts', { rows: [firing(0), ended, over, firing(3)] });
    page.retryNow();
    await connect(firing(3));
    const told = raised.filter(({ transition }) => transition === 'firing').map(({ id }) => id);
    expect(told).toEqual(['firing-3']);
  });

  it('do not take the place of what the stream amended while they were read', async () => {
    quiet('/alerts');
    await begin();
    await server.stream.say({
      type: 'update',
      skipped: 0,
      messages: [{ subject: 'alerts.r.s', data: { ...firing(0), text: 'amended' } }],
    });
    while (server.waiting('/alerts') > 0) await server.answer('/alerts', { rows: [firing(0)] });
    expect(model.alerts[0]?.text).toBe('amended');
  });
});

describe('what is read late', () => {
  it('does not follow what was read after it: gaps', async () => {
    quiet('/gaps');
    await begin();
    await server.stream.say(snapshot());
    const gap = {
      ...{ dataset: 'live', venue: 'binance-usdm', symbol: 'BTCUSDT', fromId: '1', toId: '2' },
      ...{ time: origin, toTime: origin + 1, missing: 2, reason: 'lost', state: 'open' },
    };
    const waiting = server.questions.filter(({ path }) => path.startsWith('/gaps'));
    expect(waiting).toHaveLength(4);
    for (const one of waiting.slice(2)) one.answer(none);
    await settled();
    for (const one of waiting.slice(0, 2)) one.answer({ rows: [gap] });
    await settled();
    expect(model.detail?.loaded).toBe(true);
    expect(model.detail?.gaps).toEqual([]);
  });

  it('does not follow what was read after it: the status', async () => {
    quiet('/status');
    page.start();
    await server.stream.open();
    await later(2_000);
    await later(2_000);
    expect(server.waiting('/status')).toBe(1);
  });

  it('does not take the place of a flat bar that was amended meanwhile', async () => {
    quiet('/bars');
    await begin();
    const subject = 'bars.1m.binance-usdm.BTCUSDT';
    const flat = (close: number) => bar(0, close, { revision: 0, trades: 0 });
    await server.stream.say({ type: 'update', skipped: 0, messages: [{ subject, data: flat(7) }] });
    while (server.waiting('/bars') > 0) await server.answer('/bars', { rows: [flat(6)] });
    expect(model.detail?.y.map(({ close }) => close)).toEqual([7]);
  });
});

describe('another server in the place of the former', () => {
  it.each([
    ['of simulated data', { badge: { kind: 'SIMULATED', reason: '' } }],
    ['with another study of the same name', { studies: [{ ...study, x: 'binance-usdm:SOLUSDT' }] }],
  ])('%s: nothing of the former stays', async (_, changed) => {
    quiet();
    await begin(row(5));
    expect(model.analytics.get(study.id)?.time).toBe(origin + 5 * minute);
    await server.stream.lose();
    server.usual('/status', undefined);
    page.retryNow();
    await connect(row(1));
    await server.answer('/status', { ...status, ...changed });
    expect(model.analytics.size).toBe(0);
    expect(model.detail).toBeUndefined();
    expect(server.stream.sent.at(-1)).toMatchObject({ type: 'subscribe' });
    await server.stream.say(snapshot(row(1)));
    expect(model.analytics.get(study.id)?.time).toBe(origin + minute);
    const known = model.status!.studies[0]!;
    page.watch(known);
    expect(server.stream.sent.at(-1)!.subjects).toContain(`bars.1m.${known.x.replace(':', '.')}`);
  });

  it('with the same studies: what is known stays until it is mended', async () => {
    quiet();
    await begin(row(5));
    await server.stream.lose();
    page.retryNow();
    await connect(row(6));
    expect(model.analytics.get(study.id)?.time).toBe(origin + 6 * minute);
    expect(model.detail?.study).toBe(study.id);
  });
});

it('a connection that neither opens nor fails is given up for another attempt', async () => {
  quiet();
  page.start();
  await later(10_000);
  expect(model.connection.phase).toBe('waiting');
  await later(1_000);
  expect(server.sockets).toHaveLength(2);
});
