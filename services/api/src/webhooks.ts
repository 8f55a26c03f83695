import type { Delivery, EndpointView } from '@tandem/common';
import type { Store } from '@tandem/runtime';
import type { PartStatus } from './options.ts';

/** How long what could not be delivered is told of, ms of bar time. */
const day = 24 * 60 * 60_000;
/** Deliveries of one state that are looked at. */
const most = 50;

/**
 * The deliveries by which the webhooks are judged, newest first: the newest one, and what failed, expired or waits since
 * yesterday, however many to other receivers went well meanwhile.
 */
export async function judgedDeliveries(
  store: Pick<Store, 'query'>,
  dataset: string,
  now: number,
): Promise<Delivery[]> {
  const of = (state: Delivery['state'], order: 'ascending' | 'descending' = 'descending') =>
    store.query('deliveries', { where: { dataset, state }, from: now - day, order, limit: most });
  const [newest, ...others] = await Promise.all([
    store.query('deliveries', { where: { dataset }, order: 'descending', limit: 1 }),
    of('failed'),
    of('expired'),
    // The oldest are those that have been tried: the others wait behind them.
    of('pending', 'ascending'),
  ]);
  const seen = new Set(newest.map(({ alert, endpoint }) => `${endpoint} ${alert}`));
  const troubled = others.flat().filter(({ alert, endpoint }) => !seen.has(`${endpoint} ${alert}`));
  return [...newest, ...troubled].sort((one, other) => other.time - one.time);
}

/**
 * How the webhooks are, by these deliveries and by the endpoints that are disabled because their receiver is
 * gone: what failed, came too late or waits is said with the receiver's last answer. `begun` is when this process
 * began to look.
 */
export function webhookStatus(
  newestFirst: readonly Delivery[],
  endpoints: readonly Pick<EndpointView, 'id' | 'enabled' | 'disabled'>[],
  now: number,
  begun: number,
): PartStatus {
  const gone = endpoints.find(({ enabled, disabled }) => !enabled && disabled !== undefined);
  if (gone?.disabled !== undefined) {
    const { at, reason } = gone.disabled;
    return { state: 'degraded', detail: `${gone.id} is disabled: ${reason}`, at: now, since: at };
  }
  const newest = newestFirst[0];
  if (newest === undefined)
    return { state: 'off', detail: 'nothing has been sent yet', at: now, since: begun };
  const of = (state: Delivery['state']) => newestFirst.filter((delivery) => delivery.state === state);
  const [failed, expired] = [of('failed'), of('expired')];
  const waiting = of('pending').filter(({ attempts }) => attempts > 0);
  const trouble = failed[0] ?? waiting[0] ?? expired[0];
  if (trouble === undefined) return { state: 'ok', detail: '', at: now, since: newest.time };
  const counts = (
    [
      [failed.length, 'failed'],
      [expired.length, 'expired'],
      [waiting.length, 'waiting'],
    ] as const
  )
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `${count === most ? `${most} or more` : count} ${what}`)
    .join(', ');
  return {
    state: 'degraded',
    detail: `${counts} within a day; last answer: ${trouble.answer}`,
    at: now,
    since: trouble.time,
  };
}
