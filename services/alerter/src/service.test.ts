import { type Alert, Delivery } from '@tandem/common';
import { memoryBus } from '@tandem/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type World, world, zs } from './alerter.fixture.ts';
import { minute, row, rule, ruleAt, start } from './core/rows.fixture.ts';
import { type Behaviour, type Receiver, receiver } from './delivery/receiver.fixture.ts';
import type { AlerterOptions } from './index.ts';

let alerter: World;
const receivers: Receiver[] = [];

beforeEach(async () => {
  alerter = await world();
});
afterEach(async () => {
  await alerter.end();
  for (const one of receivers.splice(0)) await one.stop();
});

const begin = (options: Partial<AlerterOptions> = {}, bus = alerter.bus) =>
  alerter.begin({ schedule: [0, 1, 1, 1], ...options }, bus);
const until = <T>(check: () => Promise<T> | T): Promise<T> =>
  vi.waitFor(check, { timeout: 60_000, interval: 10 });
/** What the rules know is kept up to this minute. */
const kept = (index: number) => until(async () => expect(await alerter.kept()).toBe(index));

async function hook(...script: Behaviour[]): Promise<Receiver> {
  const made = await receiver(...script);
  receivers.push(made);
  return made;
}
const bodies = ({ heard }: Receiver) => heard.map(({ body }) => JSON.parse(body) as Alert & { type: string });
const ids = ({ heard }: Receiver) => heard.map(({ headers }) => headers['webhook-id']);

describe('from a row to a receiver', () => {
  it('an alert is stored, published, and posted with its type and a stable id', async () => {
    const desk = await hook(200);
    const published: unknown[] = [];
    alerter.bus.subscribe('alerts.>', (subject, data) => published.push([subject, data]));
    await begin({ endpoints: [{ id: 'desk', url: desk.url }] });
    await alerter.happen(...zs(0, 2, 2.3, 0.1));
    await until(() => expect(bodies(desk)).toHaveLength(2));
    const stored = await alerter.alerts();
    expect(stored.map((alert) => [alert.time, alert.transition, alert.late, alert.simulated])).toEqual([
      [start + minute, 'firing', false, false],
      [start + 2 * minute, 'resolved', false, false],
    ]);
    expect(published).toEqual(stored.map((alert) => ['alerts.divergence.btc-eth-1m', alert]));
    expect(bodies(desk)).toEqual(stored.map((alert) => ({ type: `alert.${alert.transition}`, ...alert })));
    expect(ids(desk)).toEqual(stored.map((alert) => alert.id));
    await until(async () => {
      const ended = await alerter.deliveries();
      expect(ended.map((each) => [each.state, each.attempts, each.answer])).toEqual([
        ['delivered', 1, 'status 200'],
        ['delivered', 1, 'status 200'],
      ]);
      expect(ended.every((each) => Delivery.safeParse(each).success)).toBe(true);
    });
  });

  it('a receiver that fails is asked again in order; one that hangs delays neither it nor another', async () => {
    const flaky = await hook(500, { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 200);
    const dead = await hook('hang');
    const well = await hook(204);
    await begin({
      endpoints: [
        { id: 'dead', url: dead.url },
        { id: 'flaky', url: flaky.url },
        { id: 'well', url: well.url },
      ],
    });
    await alerter.happen(...zs(0, 2, 2));
    await until(() => expect([bodies(flaky).length, bodies(well).length]).toEqual([3, 1]));
    await alerter.happen(...zs(2, 0));
    await until(() => expect([bodies(flaky).length, bodies(well).length]).toEqual([4, 2]));
    expect(bodies(flaky).map((body) => body.transition)).toEqual(['firing', 'firing', 'firing', 'resolved']);
    expect(new Set(ids(flaky)).size).toBe(2);
    await until(async () => {
      expect(bodies(dead).map((body) => body.transition)).toEqual(['firing']);
      const state = new Map(
        (await alerter.deliveries()).map((each) => [`${each.endpoint} ${each.alert.split('_').pop()}`, each]),
      );
      expect(state.get('flaky firing')).toMatchObject({ state: 'delivered', attempts: 3 });
      expect(state.get('well resolved')).toMatchObject({ state: 'delivered', attempts: 1 });
      expect(state.get('dead firing')).toMatchObject({ state: 'pending', attempts: 0 });
      expect(state.get('dead resolved')).toMatchObject({ state: 'pending', attempts: 0 });
    });
  });

  it('gives up when the schedule is over, says so, and goes on with the next', async () => {
    const desk = await hook(503, 503, 503, 503, 200);
    await begin({ endpoints: [{ id: 'desk', url: desk.url }] });
    const ended = async () =>
      (await alerter.deliveries()).map((each) => [each.state, each.attempts, each.answer, each.next]);
    await alerter.happen(...zs(0, 2, 2));
    await until(async () => expect(await ended()).toEqual([['failed', 4, 'status 503', null]]));
    await alerter.happen(...zs(2, 0));
    await until(async () =>
      expect(await ended()).toEqual([
        ['failed', 4, 'status 503', null],
        ['delivered', 1, 'status 200', null],
      ]),
    );
    expect(alerter.lines.some((line) => line.includes('could not be delivered'))).toBe(true);
    expect(alerter.lines.some((line) => line.includes(desk.url))).toBe(false);
  });

  it('what was pending when the process ended is delivered by the next, the older first', async () => {
    const desk = await hook('hang');
    const options = { endpoints: [{ id: 'desk', url: desk.url }], rules: [{ ...rule, bars: 1 }] };
    const first = await begin(options);
    // The second row is a flip: two alerts of one time, the resolution first.
    await alerter.happen(...zs(0, 2, -2, 0));
    await until(async () => expect(await alerter.alerts()).toHaveLength(4));
    await until(() => expect(bodies(desk)).toHaveLength(1));
    await first.stop();
    desk.script = [200];
    desk.heard.splice(0);
    await begin(options);
    await until(async () =>
      expect((await alerter.deliveries()).map((each) => each.state)).toEqual(Array(4).fill('delivered')),
    );
    expect(bodies(desk).map((body) => `${(body.time - start) / minute} ${body.transition}`)).toEqual([
      '0 firing',
      '1 resolved',
      '1 firing',
      '2 resolved',
    ]);
  });

  it('on data that is not live nothing leaves, and the row says why; unless it is allowed', async () => {
    const desk = await hook(200);
    const endpoints = [{ id: 'desk', url: desk.url }];
    const first = await begin({ endpoints, simulated: true });
    await alerter.happen(...zs(0, 2, 2));
    await until(async () =>
      expect((await alerter.deliveries()).map((each) => each.state)).toEqual(['withheld']),
    );
    expect((await alerter.deliveries())[0]?.answer).toContain('not live');
    expect((await alerter.alerts())[0]?.simulated).toBe(true);
    await first.stop();
    await begin({ endpoints, simulated: true, alertSimulated: true });
    await alerter.happen(...zs(2, 0));
    await until(() => expect(bodies(desk).map((body) => body.transition)).toEqual(['resolved']));
  });

  it('an endpoint on a private address is refused in one line that does not tell its secret', async () => {
    await begin({ allowPrivate: false, endpoints: [{ id: 'desk', url: 'http://10.0.0.1/secret-token' }] });
    const line = alerter.lines.find((each) => each.includes('endpoint'));
    expect(line).toContain('private or reserved address 10.0.0.1');
    expect(alerter.lines.join('')).not.toContain('secret-token');
  });
});

describe('history, restarts and amendments', () => {
  it('a rule first seen over a history takes effect after it, and keeps that time over restarts', async () => {
    await alerter.store.write([{ table: 'analytics', rows: zs(0, 3, 3, 3) }]);
    const first = await begin();
    expect(await alerter.alerts()).toEqual([]);
    expect((await alerter.settings.get('rules', 'divergence'))?.value).toMatchObject({
      effectiveFrom: start + 2 * minute,
    });
    await first.stop();
    await alerter.store.write([{ table: 'analytics', rows: zs(3, 3, 3) }]);
    await begin();
    expect((await alerter.alerts()).map((alert) => alert.time)).toEqual([start + 4 * minute]);
  });

  it('a rule that was changed takes effect anew, and still resolves what it had fired', async () => {
    const first = await begin();
    await alerter.happen(...zs(0, 2, 2, 3));
    await until(async () => expect(await alerter.alerts()).toHaveLength(1));
    await first.stop();
    await begin({ rules: [ruleAt(2.5)] });
    expect((await alerter.settings.get('rules', 'divergence'))?.value).toMatchObject({
      when: ruleAt(2.5).when,
      effectiveFrom: start + 2 * minute,
    });
    await alerter.happen(...zs(3, 3, 0, 2.4, 2.4, 2.5, 2.5));
    await until(async () =>
      expect((await alerter.alerts()).map((alert) => (alert.time - start) / minute)).toEqual([1, 4, 8]),
    );
  });

  it('what happened while it was away is raised when it is back, marked late if it is', async () => {
    const first = await begin();
    await alerter.happen(...zs(0, 2));
    await kept(0);
    await first.stop();
    await alerter.store.write([{ table: 'analytics', rows: zs(1, 2, 0) }]);
    // The bar of minute 1 closed at 2:00; it is late from 5:00 on, the next from 6:00.
    alerter.clock = start + 5 * minute + 1;
    await begin();
    expect((await alerter.alerts()).map((alert) => [alert.transition, alert.late])).toEqual([
      ['firing', true],
      ['resolved', false],
    ]);
  });

  it('killed between the alert and its state, it raises the same alert again, once, as it was', async () => {
    const desk = await hook(200);
    const first = await begin();
    await alerter.happen(...zs(0, 2));
    await kept(0);
    const before = await alerter.settings.get('alerter', 'live');
    await alerter.happen(...zs(1, 2));
    await until(async () => expect(await alerter.alerts()).toHaveLength(1));
    await first.stop();
    const raised = await alerter.alerts();
    await alerter.settings.put('alerter', 'live', before?.value);
    alerter.clock = start + 60 * minute;
    await begin({ endpoints: [{ id: 'desk', url: desk.url }] });
    expect(await alerter.alerts()).toEqual(raised);
    // The delivery rows that were not yet written are made good.
    await until(() => expect(bodies(desk)).toHaveLength(1));
  });

  it('killed just after a silent bar was amended, it does not fire on it', async () => {
    const first = await begin();
    const document = async () => (await alerter.settings.get('alerter', 'live'))?.value;
    await alerter.happen(...zs(0, 1));
    await kept(0);
    // What the rules know of these is not kept for another second; as it is amended, the last would fire.
    await alerter.happen(...zs(1, 2, 0));
    await alerter.happen(row(2, 2));
    const amendments = 'tandem_alerter_amendments_total 1';
    await until(async () => expect(await alerter.counted()).toContain(amendments));
    const known = await document();
    await first.stop();
    await alerter.settings.put('alerter', 'live', known);
    // As after a crash of the process: what was said before is not told again.
    await begin({}, memoryBus());
    expect(await alerter.alerts()).toEqual([]);
  });

  it('an amended row neither fires nor retracts, and is counted', async () => {
    await begin();
    await alerter.happen(...zs(0, 2, 2, 1));
    await until(async () => expect(await alerter.alerts()).toHaveLength(1));
    await alerter.happen(row(1, 0), row(2, 0));
    await alerter.happen(row(3, 0));
    // Rows are counted when all of their batch is done, which is after its alerts can be read.
    const amendments = 'tandem_alerter_amendments_total 2';
    await until(async () => expect(await alerter.counted()).toContain(amendments));
    await until(async () => expect(await alerter.alerts()).toHaveLength(2));
    expect((await alerter.alerts()).map((alert) => (alert.time - start) / minute)).toEqual([1, 3]);
  });

  it('a message that is no row, and a rule that is none, are refused in one line each; the rest goes on', async () => {
    await alerter.settings.put('rules', 'broken', { id: 'broken', z: -1 });
    await begin();
    await alerter.bus.publish('analytics.btc-eth-1m', { z: 'NaN' });
    await alerter.happen(...zs(0, 2, 2));
    await until(async () => expect(await alerter.alerts()).toHaveLength(1));
    expect(alerter.lines.filter((line) => line.includes('refused'))).toHaveLength(2);
    expect(alerter.lines.find((line) => line.includes('rule'))).toContain(
      '\\"broken\\" is refused and not evaluated: when:',
    );
  });

  it('a replay has its own alerts under its own ids, on all of its bars, and touches no document', async () => {
    await begin({ dataset: 'replay-1', effectiveFrom: 0 });
    const replayed = zs(0, 2, 2, 0).map((each) => ({ ...each, dataset: 'replay-1' }));
    await alerter.happen(...replayed.slice(0, 2), ...zs(0, 3, 3), ...replayed.slice(2));
    await until(async () =>
      expect(await alerter.store.query('alerts', { where: { dataset: 'replay-1' } })).toMatchObject([
        { id: `replay-1_divergence_btc-eth-1m_${start + minute}_firing`, simulated: true, late: false },
        { transition: 'resolved' },
      ]),
    );
    expect(await alerter.alerts()).toEqual([]);
    expect(await alerter.settings.list('rules')).toEqual([]);
  });
});
