import type { Alert, Delivery } from '@tandem/common';
import {
  type Bus,
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type ServiceContext,
  type Settings,
  type Store,
} from '@tandem/runtime';
import { type Deliveries, type DeliveriesOptions, startDeliveries } from './deliveries.ts';
import { type Behaviour, type Receiver, receiver } from './receiver.fixture.ts';

/** Real ports within the process, and the receivers of one test. */
export interface Market {
  readonly bus: Bus;
  readonly store: Store;
  readonly settings: Settings;
  /** Lines of the log. */
  readonly lines: string[];
  /** Sentences by which endpoints were refused. */
  readonly refused: string[];
  hook(...script: Behaviour[]): Promise<Receiver>;
  /** Begins to deliver, as after a start of the process. */
  begin(options?: Partial<DeliveriesOptions>): Promise<Deliveries>;
  /** Ends what was begun last, as a stop of the process. */
  stop(): Promise<void>;
  /** What the keeper does with alerts: they and their deliveries are stored together, then sent. */
  raise(...alerts: Alert[]): Promise<void>;
  deliveries(endpoint?: string): Promise<Delivery[]>;
  close(): Promise<void>;
}

export async function market(): Promise<Market> {
  const bus = memoryBus();
  const store = await duckdbStore({ path: ':memory:' });
  const settings = memorySettings();
  const lines: string[] = [];
  const refused: string[] = [];
  const receivers: Receiver[] = [];
  let running: { deliveries: Deliveries; stopping: AbortController } | undefined;

  const stop = async () => {
    running?.stopping.abort();
    await running?.deliveries.end();
    running = undefined;
  };
  return {
    bus,
    store,
    settings,
    lines,
    refused,
    async hook(...script) {
      const made = await receiver(...script);
      receivers.push(made);
      return made;
    },
    async begin(options = {}) {
      const stopping = new AbortController();
      const context: ServiceContext = {
        bus,
        store,
        settings,
        log: createLog({ write: (line) => lines.push(line), format: 'json' }),
        health: healthRegistry(),
        metrics: metricsRegistry(),
      };
      const deliveries = await startDeliveries(context, {
        dataset: 'live',
        endpoints: [],
        documents: true,
        allowPrivate: true,
        withheld: undefined,
        schedule: [0, 1, 1, 1],
        signal: stopping.signal,
        refuse: (sentence) => refused.push(sentence),
        onEnd: () => {},
        ...options,
      });
      running = { deliveries, stopping };
      return deliveries;
    },
    stop,
    async raise(...alerts) {
      const deliveries = running?.deliveries;
      if (deliveries === undefined) throw new Error('nothing has begun');
      for (const alert of alerts) {
        const rows = deliveries.rowsFor(alert, 'all', []);
        await store.write([
          { table: 'alerts', rows: [alert] },
          { table: 'deliveries', rows },
        ]);
        deliveries.send(alert, rows);
      }
    },
    deliveries: (endpoint) =>
      store.query('deliveries', {
        where: { dataset: 'live', ...(endpoint === undefined ? {} : { endpoint }) },
      }),
    async close() {
      await stop();
      for (const one of receivers) await one.stop();
      await bus.close();
      await store.close();
    },
  };
}
