import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert, Delivery } from '@tandem/common';
import { expect } from 'vitest';
import { usdm } from './reference.ts';
import { recorded, serveRecording, watching } from './served-recording.ts';
import { expectEqualTables } from './tables.ts';
import { type Environment, type Reader, scratch, until } from './tandem.ts';
import { type ReceiverKind, type WebhookReceiver, webhookReceiver } from './webhook-receivers.ts';

/** One of each kind, in the order of the settings: `webhook-1` and so on. */
export const kinds: readonly ReceiverKind[] = [
  'well',
  'slow',
  'failing',
  'redirecting',
  'busy',
  'gone',
  'hanging',
  'endless',
];
const healthy: ReadonlySet<ReceiverKind> = new Set(['well', 'slow', 'endless']);
const idOf = (index: number) => `webhook-${index + 1}`;
/** A rule that has much to say, on two studies. */
const manyAlerts: Environment = {
  PAIRS: 'BTCUSDT/ETHUSDT,ETHUSDT/BTCUSDT',
  WINDOWS: '1s=20,1m=20,5m=20',
  RULE_Z: '0.3',
  RULE_REARM: '0.2',
};
const nothing = { ticks: {}, bars: {}, analytics: {}, gaps: [] };

/** What became of the recording's alerts. */
export interface WebhookRun {
  readonly alerts: Alert[];
  readonly deliveries: Delivery[];
  readonly receivers: ReadonlyMap<ReceiverKind, WebhookReceiver>;
  readonly output: string;
}

/** A Tandem of one process or of five. */
export interface Watcher {
  readonly reader: Pick<Reader, 'get' | 'table'>;
  output(): string;
  stop(): Promise<unknown>;
}

/**
 * Lets a Tandem watch the recording to its end, with receivers of these kinds, while `disturb` does its worst.
 * Undefined where what it needs cannot be had.
 */
export async function runWebhooks<Watching extends Watcher>(
  speed: number,
  receiving: readonly ReceiverKind[],
  start: (environment: Environment) => Promise<Watching | undefined>,
  disturb: (watcher: Watching) => Promise<void> = async () => {},
): Promise<WebhookRun | undefined> {
  const directory = await scratch();
  const simulator = await serveRecording(speed);
  const receivers = new Map<ReceiverKind, WebhookReceiver>();
  for (const kind of receiving) receivers.set(kind, await webhookReceiver(kind));
  let watcher: Watching | undefined;
  try {
    const urls = [...receivers.values()].map(({ url }) => url).join(',');
    watcher = await start({ ...watching(simulator, directory.path), ...manyAlerts, WEBHOOKS: urls });
    if (watcher === undefined) return undefined;
    await disturb(watcher);
    const { reader } = watcher;
    await recorded(reader, 900_000);
    await settled(reader);
    await until('every healthy receiver has been told', async () => {
      const open = (await deliveriesOf(reader)).filter(({ state }) => state === 'pending');
      return !open.some(({ endpoint }) =>
        receiving.some((kind, at) => healthy.has(kind) && idOf(at) === endpoint),
      );
    });
    return {
      alerts: await reader.table<Alert>(`alerts?to=${usdm.end}`),
      deliveries: await deliveriesOf(reader),
      receivers,
      output: watcher.output(),
    };
  } catch (error) {
    throw new Error(
      `${error instanceof Error ? error.message : error}\n${watcher?.output().slice(-4_000) ?? ''}`,
    );
  } finally {
    await watcher?.stop();
    await simulator.stop();
    for (const receiver of receivers.values()) await receiver.stop();
    await directory.remove();
  }
}

/** Waits until no alert has come for a while: rows may be ahead of the rules after a late start. */
async function settled(reader: Pick<Reader, 'table'>): Promise<void> {
  let known = -1;
  let calm = 0;
  await until('no more alerts come', async () => {
    await sleep(1_000);
    const { length } = await reader.table<Alert>(`alerts?to=${usdm.end}`);
    calm = length === known ? calm + 1 : 0;
    known = length;
    return calm >= 8;
  });
}

async function deliveriesOf(reader: Pick<Reader, 'get'>): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (let from = 0; ; ) {
    const { rows, more } = await reader.get<{ rows: Delivery[]; more: boolean }>(
      `/deliveries?from=${from}&to=${usdm.end}&limit=2000`,
    );
    const last = rows.at(-1);
    if (!more || last === undefined) return [...all, ...rows];
    // The rows of the last time may be cut in two.
    all.push(...rows.filter(({ time }) => time < last.time));
    from = last.time;
  }
}

/** No alert is doubled or lost. */
export function expectSameAlerts({ alerts }: WebhookRun, undisturbed: WebhookRun): void {
  expect(undisturbed.alerts.length).toBeGreaterThan(50);
  expectEqualTables({ ...nothing, alerts }, { ...nothing, alerts: undisturbed.alerts });
}

/** Who is well was told everything at least once, under one id and in one wording, in order; nobody what is in no table. */
export function expectTold({ alerts, receivers }: WebhookRun): void {
  const ids = new Set(alerts.map(({ id }) => id));
  for (const [kind, receiver] of receivers) {
    // The seconds of the last, partial, day are of no interest.
    const heard = receiver.heard.filter(({ alert }) => alert.time < usdm.end);
    expect(
      heard.filter(({ id }) => !ids.has(id)),
      `told to ${kind}, and in no table`,
    ).toEqual([]);
    const wordings = new Map<string, Set<string>>();
    for (const { id, body } of heard) wordings.set(id, (wordings.get(id) ?? new Set()).add(body));
    expect([...wordings.values()].every((bodies) => bodies.size === 1)).toBe(true);
    if (!healthy.has(kind)) continue;
    expect([...wordings.keys()].sort(), `told to ${kind}`).toEqual(told(alerts));
    const lanes = new Map<string, number[]>();
    for (const id of wordings.keys()) {
      const { rule, study, time } = alerts.find((alert) => alert.id === id) as Alert;
      lanes.set(`${rule} ${study}`, [...(lanes.get(`${rule} ${study}`) ?? []), time]);
    }
    for (const times of lanes.values()) expect(times).toEqual([...times].sort((one, other) => one - other));
  }
}

/** One row per alert and receiver, and for each what the schedule says. */
export function expectScheduled({ alerts, deliveries, receivers }: WebhookRun): void {
  expect(new Set(deliveries.map(({ alert, endpoint }) => `${alert} ${endpoint}`)).size).toBe(
    deliveries.length,
  );
  for (const [at, kind] of [...receivers.keys()].entries()) {
    const own = deliveries.filter(({ endpoint }) => endpoint === idOf(at));
    const states = new Set(own.map(({ state }) => state));
    if (healthy.has(kind)) {
      expect(own.map(({ state }) => state)).toEqual(told(alerts).map(() => 'delivered'));
    } else if (kind === 'gone') {
      // Who is gone is not asked again, beyond what was on its way to it.
      expect(receivers.get(kind)?.heard.length).toBeLessThan(10);
      expect(states).toContain('failed');
    } else {
      expect(receivers.get(kind)?.heard.length).toBeGreaterThan(0);
      // Who hangs is hung up on after 10 s, which few of the processes that are killed live to see.
      const tried = own.some(({ history }) => (history ?? []).length > 0);
      expect(tried || kind === 'hanging', kind).toBe(true);
      for (const state of states) expect(['pending', 'expired'], kind).toContain(state);
    }
  }
}

/** The ids of what is told: what would have fired is only shown. */
function told(alerts: readonly Alert[]): string[] {
  return alerts
    .filter(({ transition }) => transition !== 'inhibited')
    .map(({ id }) => id)
    .sort();
}
