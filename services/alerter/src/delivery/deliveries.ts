import { setMaxListeners } from 'node:events';
import type { Alert, Delivery } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { pausesIn } from './core/pauses.ts';
import { absence, newDelivery, recipientsOf } from './core/recipients.ts';
import { Deliverer } from './deliverer.ts';
import { type ConfiguredEndpoint, EndpointBook } from './endpoint-book.ts';
import { systemLookup } from './lookup.ts';
import type { PostLimits } from './post.ts';
import { serveRequests } from './requests.ts';
import { senderOf } from './sender.ts';
import { unfinished } from './unfinished.ts';

/** Newest deliveries by which it is known, after a start, who wants to be left alone. */
const recalled = 2_000;

export interface DeliveriesOptions extends PostLimits {
  readonly dataset: string;
  /** The endpoints of the configuration. */
  readonly endpoints: readonly ConfiguredEndpoint[];
  /** Whether documents count too, and the bus may ask for tests and replays: for live data. */
  readonly documents: boolean;
  /** Why alerts may not leave the process; undefined if they may. */
  readonly withheld: string | undefined;
  /** Where people reach the page, for links. */
  readonly page?: string | undefined;
  /** Wait before each attempt, ms, instead of the usual schedule. */
  readonly schedule?: readonly number[] | undefined;
  /** How long an entry is worth delivering, ms. */
  readonly entryLife?: number | undefined;
  readonly signal: AbortSignal;
  refuse(sentence: string): void;
  /** Told, whenever the endpoints were read, of the refusals that stand. */
  standing?(refusals: readonly string[]): void;
  /** Told of each delivery that has ended. */
  onEnd(delivery: Delivery): void;
}

/** What becomes of alerts outside: who gets them, and that they do. */
export interface Deliveries {
  /**
   * The rows with which an alert's deliveries begin: one for each endpoint that is to hear of it and has no row yet.
   * They are to be stored together with the alert, then handed to `send`. `silenced` is why nobody is to be told.
   */
  rowsFor(
    alert: Alert,
    endpoints: readonly string[] | 'all',
    existing: readonly Delivery[],
    silenced?: string,
  ): Delivery[];
  /** Takes over deliveries whose rows are stored. Those that are not pending are left alone. */
  send(alert: Alert, rows: readonly Delivery[]): void;
  /** Deliveries that have not ended. */
  readonly pending: number;
  /** Endpoints in force. */
  readonly endpoints: number;
  /** Resolves when nothing is under way any more; after the signal has aborted. */
  end(): Promise<void>;
}

/** Starts delivering: what a former run left pending first. */
export async function startDeliveries(
  context: ServiceContext,
  options: DeliveriesOptions,
): Promise<Deliveries> {
  const { dataset, signal, withheld, page, allowPrivate } = options;
  const clock = context.clock ?? Date.now;
  // Every lane and every post in flight listens to it.
  setMaxListeners(0, signal);
  const lookup = options.lookup ?? systemLookup();
  const tell = (alert: Alert) => ({ alert, page, test: alert.rule === 'test' && alert.study === 'test' });
  const sender = senderOf({ ...options, lookup }, tell, clock);
  const book = new EndpointBook(context, {
    configured: options.endpoints,
    documents: options.documents,
    allowPrivate,
    signal,
    refuse: options.refuse,
    standing: (refusals) => options.standing?.(refusals),
    changed: (id) => deliverer.changed(id),
  });
  const deliverer = new Deliverer(context, book, sender, options);
  await book.open();
  const left = await unfinished(context, dataset);
  const now = clock();
  const query = { where: { dataset }, order: 'descending', limit: recalled } as const;
  const recent = await context.store.query('deliveries', query);
  const known = [...left.map(({ delivery }) => delivery), ...recent];
  for (const [endpoint, until] of pausesIn(known, now)) deliverer.pause(endpoint, until);
  // Before any new alert, so that they keep their place in front of it.
  for (const { delivery, alert } of left) deliverer.enqueue(delivery, alert);
  const served = options.documents
    ? serveRequests(context.bus, {
        store: context.store,
        dataset,
        book,
        deliverer,
        sender,
        withheld,
        allowPrivate,
        lookup,
        clock,
        signal,
      })
    : [];

  return {
    rowsFor(alert, endpoints, existing, silenced) {
      const now = clock();
      if (alert.transition === 'inhibited') return [];
      return recipientsOf(alert, endpoints, book.all())
        .filter(({ id }) => !existing.some(({ endpoint }) => endpoint === id))
        .map((endpoint) => {
          const { id } = endpoint;
          const why = withheld ?? silenced ?? absence(endpoint);
          const row = newDelivery(alert, id, now, why, options.entryLife);
          return row.state !== 'pending' || deliverer.hasRoom(id) ? row : crowdedOut(row);
        });
    },
    send(alert, rows) {
      for (const row of rows) if (row.state === 'pending') deliverer.enqueue(row, alert);
    },
    get pending() {
      return deliverer.pending;
    },
    get endpoints() {
      return book.all().length;
    },
    async end() {
      for (const subscription of served) subscription.stop();
      await Promise.all([book.close(), deliverer.end()]);
      sender.close();
    },
  };
}

function crowdedOut(row: Delivery): Delivery {
  const answer = 'not queued: too many deliveries wait for the endpoint; replay it later';
  return { ...row, state: 'failed', next: null, answer };
}
