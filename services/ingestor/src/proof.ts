import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@tandem/runtime';
import type { Rest } from './rest.ts';
import type { Dialect, Print } from './venues/venue.ts';

/** A stream may be a moment behind its venue's history, ms. */
const streamLag = 500;
/** So many times in a row the venue must have what the stream did not show before the stream is called dead. */
const deadAfter = 2;

export interface ProofOptions {
  readonly dialect: Dialect;
  readonly symbol: string;
  readonly rest: Rest;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The id due next, or null. */
  readonly next: () => number | null;
  /** The id of the newest execution that the stream has shown, or null. */
  readonly newestTrade: () => number | null;
  /** The venue's clock before its newest print was asked for. */
  readonly onAsked: (clock: number, head: Print | undefined) => void;
  /** Nothing was missed before `clock`. */
  readonly onQuiet: (clock: number, head: Print) => void;
  /** The venue has prints up to this one that the stream did not show. */
  readonly onMissed: (head: Print) => Promise<void>;
  readonly onDead: () => void;
  readonly onUnanswered: () => void;
}

/** Asks the venue for its newest id: if it is one that we have, the market is quiet, else the stream is dead. */
export class Proof {
  readonly #options: ProofOptions;
  #asking = false;
  #failures = 0;
  /** Counts connections: an answer of the time of another one proves nothing. */
  #connection = 0;
  #unanswered = 0;

  constructor(options: ProofOptions) {
    this.#options = options;
  }

  /** The stream itself has shown that it lives. */
  heard(): void {
    this.#failures = 0;
  }

  /** What was asked on a connection that is gone says nothing about the next. */
  forget(): void {
    this.#connection++;
  }

  /** Asks, unless an answer is still awaited. */
  async ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const { signal, log, symbol, onUnanswered } = this.#options;
    try {
      await this.#compare();
      this.#unanswered = 0;
    } catch (error) {
      if (signal.aborted) return;
      onUnanswered();
      // A ban may last for days: one line a minute tells enough.
      if (this.#unanswered++ % 60 === 0)
        log.warn({ error, symbol }, 'no proof of life: the venue could not be asked');
    } finally {
      this.#asking = false;
    }
  }

  async #compare(): Promise<void> {
    const { dialect, rest, symbol, signal, next, newestTrade, onAsked, onQuiet, onMissed, onDead } =
      this.#options;
    const connection = this.#connection;
    const clock = await rest.ask(dialect.time());
    const head = await rest.ask(dialect.head(symbol));
    onAsked(clock, head);
    if (head === undefined || connection !== this.#connection) return;
    if (head.id < (newestTrade() ?? 0))
      throw new Error(`the venue's history ends at ${head.id}, behind its stream: it proves nothing`);
    if (head.id < (next() ?? 0)) {
      this.#failures = 0;
      onQuiet(clock, head);
      return;
    }
    await sleep(streamLag, undefined, { signal });
    if ((next() ?? 0) > head.id || connection !== this.#connection) return;
    this.#failures++;
    await onMissed(head);
    if (this.#failures < deadAfter) return;
    this.#failures = 0;
    onDead();
  }
}
