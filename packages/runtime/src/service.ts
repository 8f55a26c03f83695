import type { Bus } from './bus/bus.ts';
import type { Health } from './health.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Settings } from './settings/settings.ts';
import type { Store } from './store/store.ts';

/** A running service. */
export interface Service {
  readonly name: string;
  /** Takes in no more, finishes what it holds, and lets go of everything. */
  stop(): Promise<void>;
  /** Rejects when the service cannot go on: the process then ends. */
  readonly failed?: Promise<never>;
}

/** What a service is given. Ports are shared by all services of a process; nobody closes them but the process. */
export interface ServiceContext {
  readonly bus: Bus;
  readonly store: Store;
  readonly settings: Settings;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Wall clock in ms, for shells only: sending, expiry, dead-man checks. */
  readonly clock?: () => number;
}

/** How each service begins: `export const start: Start<Options>`. */
export type Start<Options> = (context: ServiceContext, options: Options) => Promise<Service>;
