import { setTimeout as sleep } from 'node:timers/promises';
import type { TickMessage } from '@tandem/common';
import type { Log } from '@tandem/runtime';
import { type Rest, RestRefused } from './rest.ts';
import { type IdRange, tickOf } from './sequencer.ts';
import { settle } from './settle.ts';
import type { Dialect, Print } from './venues/venue.ts';

/** Wait after a failed or fruitless question, ms: gaps that are repaired behind are in no hurry. */
const patience = 60_000;
const historyLag = 1_000;

export interface BackfillOptions {
  dialect: Dialect;
  symbol: string;
  rest: Rest;
  log: Log;
  signal: AbortSignal;
  /** What a print from history counts as. */
  admit: (print: Print) => Print;
  /** So many ids are accounted for; there is a message to take. */
  onRepaired: (ids: number) => void;
}

/** Repairs declared gaps of one instrument, oldest first, page by page, while the live feed goes on. */
export class Backfill {
  readonly #options: BackfillOptions;
  #ranges: IdRange[] = [];
  #ready: Omit<TickMessage, 'watermark'>[] = [];
  #running = false;

  constructor(options: BackfillOptions) {
    this.#options = options;
  }

  /** Takes on a gap, or what it adds to one that is already in hand. */
  add(range: IdRange): void {
    const known = this.#ranges.find(({ from, to }) => range.from <= to && range.to >= from);
    if (known !== undefined) {
      known.to = Math.max(known.to, range.to);
      return;
    }
    this.#ranges.push({ ...range });
    this.#ranges.sort((a, b) => a.from - b.from);
    if (!this.#running) void this.#run();
  }

  /** The next repair message, if there is one. */
  take(watermark: number): TickMessage | undefined {
    const message = this.#ready.shift();
    return message === undefined ? undefined : { ...message, watermark };
  }

  async #run(): Promise<void> {
    this.#running = true;
    const { log, signal, symbol } = this.#options;
    let confirmedLoss = -1;
    try {
      for (let range = this.#ranges[0]; range !== undefined; range = this.#ranges[0]) {
        try {
          const before = range.from;
          const lost = await this.#page(range);
          if (lost !== undefined && lost === confirmedLoss) this.#giveUp(range, lost);
          else if (lost !== undefined) confirmedLoss = lost;
          if (range.from > range.to) this.#ranges.shift();
          else if (lost !== undefined || range.from > before) await sleep(historyLag, undefined, { signal });
          // The venue lists neither these ids nor later ones.
          else await this.#later();
        } catch (error) {
          if (signal.aborted) return;
          log.warn({ error, symbol, range }, 'a gap could not be repaired: trying again later');
          // What the venue refuses now it may serve tomorrow (an API key, a lifted ban): the gap stays open.
          if (error instanceof RestRefused) this.#ranges.shift();
          await this.#later();
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#running = false;
    }
  }

  /** Waits, and goes on with the next gap: one that cannot be repaired must not hold up the others. */
  async #later(): Promise<void> {
    this.#ranges.push(...this.#ranges.splice(0, 1));
    await sleep(patience, undefined, { signal: this.#options.signal });
  }

  /** One page of history. Returns the id up to which the venue lists nothing although it lists later ids. */
  async #page(range: IdRange): Promise<number | undefined> {
    const { dialect, rest, symbol, admit, onRepaired } = this.#options;
    const page = await rest.ask(dialect.page(symbol, range.from), 'none');
    const { to, prints, lost } = settle(page, range, dialect);
    if (to >= range.from) {
      const received = Date.now();
      const ticks = prints
        .map(admit)
        .filter((print) => print.market)
        .map((print) => tickOf(print, received));
      this.#ready.push({
        venue: dialect.venue,
        symbol,
        fromId: String(range.from),
        toId: String(to),
        ticks,
        filtered: to - range.from + 1 - ticks.length,
      });
      const ids = to - range.from + 1;
      range.from = to + 1;
      onRepaired(ids);
    }
    return lost?.to;
  }

  /** The venue has said twice that it no longer has these ids. */
  #giveUp(range: IdRange, to: number): void {
    const { dialect, symbol, onRepaired, log } = this.#options;
    log.warn({ symbol, from: range.from, to }, 'trades are lost: the venue no longer serves them');
    this.#ready.push({
      venue: dialect.venue,
      symbol,
      fromId: null,
      toId: null,
      ticks: [],
      filtered: 0,
      // The times of the open gap that this lies in are known to its keeper.
      gap: {
        fromId: String(range.from),
        toId: String(to),
        fromTime: 0,
        toTime: 0,
        reason: 'the venue no longer serves these ids',
        repairable: false,
      },
    });
    range.from = to + 1;
    onRepaired(0);
  }
}
