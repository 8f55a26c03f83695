import { type Alert, type Analytics, type Delivery, subjects } from '@tandem/common';
import {
  type Bus,
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type Service,
  type ServiceContext,
  type Settings,
  type Store,
} from '@tandem/runtime';
import { minute, row, rule, start } from './core/rows.fixture.ts';
import { type AlerterOptions, startAlerter } from './service.ts';

/** An alerter over a real bus and a real store, in one process. */
export interface World {
  readonly bus: Bus;
  readonly store: Store;
  readonly settings: Settings;
  readonly lines: string[];
  /** What the clock on the wall says. */
  clock: number;
  context(): ServiceContext;
  /** With a `bus` of its own where what was said before must not be heard again. */
  begin(options?: Partial<AlerterOptions>, bus?: Bus): Promise<Service>;
  /** What analytics does: the row rests in the store before it is on the bus. */
  happen(...rows: Analytics[]): Promise<void>;
  ask<Answer>(method: string, data: unknown): Promise<Answer>;
  alerts(): Promise<Alert[]>;
  deliveries(): Promise<Delivery[]>;
  /** The minute up to whose row what the rules know of a study is kept. */
  kept(study?: string): Promise<number | undefined>;
  /** What the alerter that began last has counted. */
  counted(): Promise<string>;
  end(): Promise<void>;
}

export async function world(): Promise<World> {
  const bus = memoryBus();
  const store = await duckdbStore({ path: ':memory:' });
  const settings = memorySettings();
  const lines: string[] = [];
  const services = new Set<Service>();
  let running: ServiceContext | undefined;
  const made: World = {
    bus,
    store,
    settings,
    lines,
    clock: start,
    context: () => ({
      bus,
      store,
      settings,
      log: createLog({ write: (line) => lines.push(line), format: 'json' }),
      health: healthRegistry(),
      metrics: metricsRegistry(),
      clock: () => made.clock,
    }),
    async begin(options = {}, own = bus) {
      running = { ...made.context(), bus: own };
      const service = await startAlerter(running, {
        dataset: 'live',
        studies: [
          { id: 'btc-eth-1m', interval: '1m' },
          { id: 'sol-eth-1m', interval: '1m' },
        ],
        rules: [rule],
        endpoints: [],
        allowPrivate: true,
        effectiveFrom: start - 1,
        ...options,
      });
      services.add(service);
      const stop = service.stop.bind(service);
      return {
        ...service,
        async stop() {
          services.delete(service);
          await stop();
        },
      };
    },
    async happen(...rows) {
      await store.write([{ table: 'analytics', rows }]);
      for (const one of rows) await bus.publish(subjects.analytics(one.study), one);
    },
    ask: <Answer>(method: string, data: unknown) =>
      bus.request(subjects.rpc('alerter', method), data, 10_000) as Promise<Answer>,
    alerts: () => store.query('alerts', { where: { dataset: 'live' } }),
    deliveries: () => store.query('deliveries', { where: { dataset: 'live' } }),
    async kept(study = 'btc-eth-1m') {
      const document = (await settings.get('alerter', 'live'))?.value as
        | { studies?: Record<string, { time: number }> }
        | undefined;
      const time = document?.studies?.[study]?.time;
      return time === undefined ? undefined : (time - start) / minute;
    },
    counted: async () => (await running?.metrics.text()) ?? '',
    async end() {
      for (const service of services) await service.stop();
      await bus.close();
      await store.close();
    },
  };
  return made;
}

/** Rows of minute `from` and on with these z. */
export function zs(from: number, ...values: (number | null)[]): Analytics[] {
  return values.map((z, i) => row(from + i, z));
}
