import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '@tandem/common';
import { backoff, type ServiceContext } from '@tandem/runtime';

/** How long rows are gathered, ms: the store has alerts to write, for which somebody waits. */
const gathering = 20;

interface Entry {
  readonly delivery: Delivery;
  written(durable: boolean): void;
}

/** Writes what became of deliveries, many in one write, again until it succeeds. */
export class Ledger {
  readonly #context: Pick<ServiceContext, 'store' | 'log'>;
  readonly #signal: AbortSignal;
  #entries: Entry[] = [];
  #running: Promise<void> | undefined;

  constructor(context: Pick<ServiceContext, 'store' | 'log'>, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  /** Resolves with true once the row is durable, with false if the alerter stopped before it could be. */
  record(delivery: Delivery): Promise<boolean> {
    return new Promise((written) => {
      this.#entries.push({ delivery, written });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    await this.#wait(gathering);
    for (let failures = 0; this.#entries.length > 0; ) {
      const entries = this.#entries;
      this.#entries = [];
      const rows = entries.map(({ delivery }) => delivery);
      try {
        await this.#context.store.write([{ table: 'deliveries', rows }]);
        for (const { written } of entries) written(true);
        failures = 0;
        await this.#wait(gathering);
      } catch (error) {
        if (this.#signal.aborted) {
          // Without its row an attempt is repeated after a restart; the receiver knows it by its id.
          for (const { written } of entries) written(false);
          continue;
        }
        failures += 1;
        this.#context.log.warn({ err: error }, 'deliveries could not be recorded; trying again:');
        this.#entries = [...entries, ...this.#entries];
        await this.#wait(backoff(failures, Math.random()));
      }
    }
    this.#running = undefined;
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal }).catch(() => {});
  }
}
