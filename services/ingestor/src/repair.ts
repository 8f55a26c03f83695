import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@tandem/runtime';
import { type Rest, RestRefused } from './rest.ts';
import type { Arrival, IdRange, Sequencer } from './sequencer.ts';
import { settle } from './settle.ts';
import type { Dialect, Print } from './venues/venue.ts';

/** A frame may overtake its neighbour: so long a jump may mend itself before the venue is asked, ms. */
const reorderGrace = 20;
/** A repair that takes longer than this goes on behind, and the feed goes live without it, ms. */
const patience = 10_000;
/** Wait before the venue's history is asked again for what it did not list yet, ms. */
const historyLag = 250;
/** With so many ticks waiting for the bus, more are of no use yet. */
const mostReady = 100_000;

export interface RepairOptions {
  readonly dialect: Dialect;
  readonly symbol: string;
  readonly rest: Rest;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly sequencer: Sequencer;
  /** What a print from history counts as. */
  readonly admit: (print: Print) => Print;
  /** So many ids are now accounted for, and may be published. */
  readonly onProgress: (ids: number) => void;
  /** The ids up to `to` are to be declared missing; `toTime` is the time of the first print after them. */
  readonly onGivenUp: (to: number, toTime: number, reason: string, repairable: boolean) => void;
}

/** Fills the hole before the held prints from the venue's history; gives up waiting, not repairing, after a while. */
export class Repair {
  readonly #options: RepairOptions;
  #running = false;
  /** Ids up to this one are known to exist, although the stream has not shown what lies beyond. */
  #target = -1;

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Fetches what is missing, and what exists up to id `target`. Resolves when nothing is missing or it was given up. */
  async run(target = -1): Promise<void> {
    this.#target = Math.max(this.#target, target);
    if (this.#running) return;
    this.#running = true;
    const { signal } = this.#options;
    try {
      await sleep(reorderGrace, undefined, { signal });
      await this.#fetchAll();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#running = false;
      this.#target = -1;
      this.#options.onProgress(0);
    }
  }

  async #fetchAll(): Promise<void> {
    const { sequencer, signal, onGivenUp } = this.#options;
    const began = performance.now();
    let page: Print[] = [];
    let confirmedLoss = -1;
    for (let range = this.#wanted(); range !== undefined; range = this.#wanted()) {
      if (sequencer.readyTicks > mostReady) {
        await sleep(historyLag, undefined, { signal });
        continue;
      }
      if (performance.now() - began > patience) {
        const after = sequencer.firstHeld();
        if (after !== undefined) onGivenUp(range.to, after.time, 'the repair took too long', true);
        return;
      }
      const answer = await this.#ask(range, page);
      if (answer === 'refused') return;
      page = answer;
      const { to, lost } = this.#fill(page, range);
      if (lost === undefined && to >= range.from) continue;
      // The venue's history may lag: a hole in it is final only when it is seen twice.
      if (lost !== undefined && lost.to === confirmedLoss) {
        onGivenUp(lost.to, lost.toTime, 'the venue no longer serves these ids', false);
      }
      confirmedLoss = lost?.to ?? -1;
      page = [];
      await sleep(historyLag, undefined, { signal });
    }
  }

  #fill(page: readonly Print[], range: IdRange) {
    const { sequencer, dialect, admit, onProgress } = this.#options;
    const settlement = settle(page, range, dialect);
    const received = Date.now();
    const arrivals: Arrival[] = settlement.prints.map((print) => ({ print: admit(print), received }));
    onProgress(sequencer.fill(settlement.to, arrivals));
    return settlement;
  }

  /** A page that tells of the range: the last one if it does, since one page may hold what several holes need. */
  async #ask(range: IdRange, page: Print[]): Promise<Print[] | 'refused'> {
    const { dialect, rest, symbol, sequencer, log, signal, onGivenUp } = this.#options;
    if (covers(page, range.from)) return page;
    try {
      return await rest.ask(dialect.page(symbol, range.from));
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn({ error, symbol, range }, 'the venue could not be asked for missing trades');
      const after = sequencer.firstHeld();
      if (error instanceof RestRefused && after !== undefined) {
        onGivenUp(range.to, after.time, `the venue refused the repair (${error.status})`, true);
        return 'refused';
      }
      return [];
    }
  }

  /** The hole before the held prints, or what the venue has and the stream did not show. */
  #wanted(): IdRange | undefined {
    const { sequencer } = this.#options;
    const hole = sequencer.missing();
    if (hole !== undefined) return hole;
    const { next } = sequencer;
    return next !== null && next <= this.#target ? { from: next, to: this.#target } : undefined;
  }
}

/** Whether a page of history tells of this id. */
function covers(page: readonly Print[], id: number): boolean {
  const [first, last] = [page.at(0), page.at(-1)];
  return first !== undefined && last !== undefined && first.id <= id && id <= last.id;
}
