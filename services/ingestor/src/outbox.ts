import { setTimeout as sleep } from 'node:timers/promises';
import type { TickMessage } from '@tandem/common';
import type { Log } from '@tandem/runtime';

/** How long to wait before the same message is offered to the bus again, ms. */
const retryDelay = 500;

/**
 * Sends one instrument's messages, one at a time: the next is asked for only when the last is safe, so what arrives
 * meanwhile becomes one larger message, and order is kept.
 */
export class Outbox {
  readonly #next: () => TickMessage | undefined;
  readonly #publish: (message: TickMessage) => Promise<void>;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  #sending: Promise<void> | undefined;

  constructor(
    next: () => TickMessage | undefined,
    publish: (message: TickMessage) => Promise<void>,
    log: Log,
    signal: AbortSignal,
  ) {
    this.#next = next;
    this.#publish = publish;
    this.#log = log;
    this.#signal = signal;
  }

  get idle(): boolean {
    return this.#sending === undefined;
  }

  /** Sends what there is; returns at once. */
  pump(): void {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when nothing is left to send. */
  async drained(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      await this.#untilSafe(message);
      if (this.#signal.aborted) return;
    }
  }

  async #untilSafe(message: TickMessage): Promise<void> {
    for (;;) {
      try {
        await this.#publish(message);
        return;
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#log.warn(
          { error, symbol: message.symbol },
          'the bus did not take a message: offering it again',
        );
        await sleep(retryDelay);
      }
    }
  }
}
