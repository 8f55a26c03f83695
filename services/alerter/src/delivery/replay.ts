import {
  type Alert,
  type Delivery,
  faultsOf,
  faultText,
  type ReplayAnswer,
  ReplayRequest,
} from '@tandem/common';
import { Refusal, type Store } from '@tandem/runtime';
import type { Deliverer } from './deliverer.ts';
import type { EndpointBook } from './endpoint-book.ts';
import { alertsOf } from './stored-alerts.ts';

/** The most deliveries that one replay queues. */
export const replayLimit = 5_000;

export interface ReplayContext {
  readonly store: Store;
  readonly dataset: string;
  readonly book: EndpointBook;
  readonly deliverer: Deliverer;
  /** Why alerts may not leave the process; undefined if they may. */
  readonly withheld: string | undefined;
  readonly clock: () => number;
}

/** Queues deliveries that have ended once more, under the ids that they had. They do not expire: somebody wants them. */
export async function replay(context: ReplayContext, given: unknown): Promise<ReplayAnswer> {
  const request = requestOf(given);
  if (context.withheld !== undefined) throw new Refusal(`nothing is replayed: ${context.withheld}`);
  await context.book.refresh();
  if (request.endpoint !== undefined) refuseEndpoint(context.book, request.endpoint);
  const { rows, next } = await asked(context, request);
  const alerts = await alertsOf(context.store, context.dataset, rows);
  const left = new Map<string, number>();
  const leave = (reason: string) => left.set(reason, (left.get(reason) ?? 0) + 1);
  const now = context.clock();
  const queued: { delivery: Delivery; alert: Alert }[] = [];
  const byEndpoint = new Map<string, number>();
  for (const row of rows) {
    const alert = alerts.get(row.alert);
    const taken = byEndpoint.get(row.endpoint) ?? 0;
    const fault = endpointFaultOf(context.book, row.endpoint);
    if (row.state === 'pending') leave('it is under way already');
    else if (fault !== undefined) leave(fault);
    else if (alert === undefined) leave('its alert is not kept any more');
    else if (!context.deliverer.hasRoom(row.endpoint, taken))
      leave('too many deliveries wait for the endpoint');
    else {
      byEndpoint.set(row.endpoint, taken + 1);
      queued.push({ delivery: again(row, now), alert });
    }
  }
  await context.store.write([{ table: 'deliveries', rows: queued.map(({ delivery }) => delivery) }]);
  for (const { delivery, alert } of queued) context.deliverer.enqueue(delivery, alert);
  return {
    queued: queued.length,
    left: [...left].map(([reason, count]) => ({ reason, count })),
    next,
  };
}

function again(row: Delivery, now: number): Delivery {
  return {
    ...row,
    state: 'pending',
    attempts: 0,
    next: now,
    answer: `queued again; before: ${row.state}${row.answer === '' ? '' : `, ${row.answer}`}`.slice(0, 300),
    queued: now,
    expires: null,
  };
}

function requestOf(given: unknown) {
  const parsed = ReplayRequest.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Refusal(`the replay is refused: ${faultText(faultsOf(parsed.error))}`);
}

function refuseEndpoint(book: EndpointBook, id: string): void {
  const fault = endpointFaultOf(book, id);
  if (fault !== undefined) throw new Refusal(`nothing is replayed: ${fault}`);
}

function endpointFaultOf(book: EndpointBook, id: string): string | undefined {
  const endpoint = book.get(id);
  if (endpoint === undefined) return `there is no endpoint ${JSON.stringify(id.slice(0, 100))}`;
  return endpoint.enabled ? undefined : `the endpoint ${JSON.stringify(id)} is disabled; enable it first`;
}

async function asked(
  { store, dataset }: ReplayContext,
  request: ReturnType<typeof requestOf>,
): Promise<{ rows: Delivery[]; next: number | null }> {
  const { endpoint } = request;
  if ('alert' in request) {
    const rows = await store.query('deliveries', { where: { dataset, alert: request.alert, endpoint } });
    if (rows.length > 0) return { rows, next: null };
    throw new Refusal('nothing is replayed: no such alert was ever queued for this endpoint');
  }
  const { from, to, states } = request;
  const where = { dataset, ...(endpoint === undefined ? {} : { endpoint }) };
  const found: Delivery[] = [];
  let more = false;
  for (const state of states) {
    const rows = await store.query('deliveries', {
      where: { ...where, state },
      from,
      to,
      limit: replayLimit + 1,
    });
    more ||= rows.length > replayLimit;
    found.push(...rows);
  }
  found.sort((one, other) => one.time - other.time);
  if (!more && found.length <= replayLimit) return { rows: found, next: null };
  // Rows of one bar time stay together, so that the next replay can begin at a time.
  const cut = (found[replayLimit] as Delivery).time;
  const rows = found.filter(({ time }) => time < cut);
  if (rows.length > 0) return { rows, next: cut };
  // One bar has more of them than that: all of it, since nothing can be asked for from within.
  const whole = states.map((state) =>
    store.query('deliveries', { where: { ...where, state }, from: cut, to: cut + 1 }),
  );
  return { rows: (await Promise.all(whole)).flat(), next: cut + 1 };
}
