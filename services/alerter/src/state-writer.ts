import { setTimeout as sleep } from 'node:timers/promises';

/** Least time between two writes, ms, as of positions: each costs the disk as much as a batch of alerts. */
const pause = 1_000;

/**
 * Writes what is known, one write at a time, behind the back of whoever comes to know more: alerts do not wait for it.
 * What is not yet written when the process dies is found out anew from the rows, and from the alerts that it led to.
 */
export class StateWriter {
  readonly #write: () => Promise<void>;
  #changed = false;
  #running: Promise<void> | undefined;
  #fault: unknown;
  #hurry = new AbortController();

  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  /** Something more is known. Waits, and rejects if it still fails, only after a write that failed. */
  async note(): Promise<void> {
    this.#changed = true;
    if (this.#fault !== undefined) return this.settle();
    this.#running ??= this.#run();
  }

  /** Something more is known; resolves when it is written. */
  now(): Promise<void> {
    this.#changed = true;
    return this.settle();
  }

  /** Resolves when all that was noted is written. */
  async settle(): Promise<void> {
    this.#hurry.abort();
    await this.#running;
    this.#hurry = new AbortController();
    if (!this.#changed) return;
    this.#changed = false;
    await this.#write();
    this.#fault = undefined;
  }

  async #run(): Promise<void> {
    try {
      while (this.#changed) {
        this.#changed = false;
        await this.#write();
        // Ended by whoever wants all of it written.
        await sleep(pause, undefined, { signal: this.#hurry.signal }).catch(() => {});
      }
    } catch (error) {
      this.#fault = error;
      this.#changed = true;
    }
    this.#running = undefined;
  }
}
