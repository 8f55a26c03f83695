import type { GapNotice, Tick } from '@tandem/common';
import type { Print } from './venues/venue.ts';

/** A print with the wall clock of its arrival. */
export interface Arrival {
  print: Print;
  received: number;
}

/** A run of ids without holes, ready to be published as one message. */
export interface Segment {
  fromId: number;
  toId: number;
  ticks: Tick[];
  filtered: number;
  /** Ids missing before `fromId`. */
  gap?: GapNotice;
  /** Time of the newest market execution up to the end of the segment. */
  time: number;
}

export interface IdRange {
  from: number;
  to: number;
}

/** What became of an offered print. */
export type Fate = 'ready' | 'held' | 'duplicate';

/** More prints in one message would make it needlessly large for the bus. */
const largestSegment = 1_000;

/**
 * Order: turns the prints of one instrument, arriving in any order, repeatedly or not at all, into runs of ids
 * without holes. Prints after a hole are held until it is filled or given up.
 */
export class Sequencer {
  /** The id that is due next; null until the first print of an instrument that nothing is known of. */
  #next: number | null;
  /** Time of the newest print that is in order, ms; null until there is one. */
  #time: number | null;
  /** The same of what has been taken: what a shed goes back to. */
  #takenTime: number | null;
  /** The newest id of a market execution that came in order; null until there is one. */
  #newestTrade: number | null = null;
  #held = new Map<number, Arrival>();
  /** The lowest id held; meaningless while nothing is. */
  #lowest = Number.POSITIVE_INFINITY;
  #ready: Segment[] = [];
  #readyTicks = 0;

  constructor(next: number | null, time: number | null) {
    this.#next = next;
    this.#time = time;
    this.#takenTime = time;
  }

  get next(): number | null {
    return this.#next;
  }

  get time(): number | null {
    return this.#time;
  }

  get newestTrade(): number | null {
    return this.#newestTrade;
  }

  get readyTicks(): number {
    return this.#readyTicks;
  }

  get heldPrints(): number {
    return this.#held.size;
  }

  /** Where an instrument begins that nothing is known of, so that its recent past is fetched. Later calls change nothing. */
  begin(next: number): void {
    this.#next ??= next;
  }

  offer(arrival: Arrival): Fate {
    const { id } = arrival.print;
    this.#next ??= id;
    if (id < this.#next || this.#held.has(id)) return 'duplicate';
    if (id > this.#next) {
      this.#held.set(id, arrival);
      this.#lowest = Math.min(this.#lowest, id);
      return 'held';
    }
    this.#append(arrival);
    this.#drain();
    return 'ready';
  }

  /** A gap was declared and the first print after it, with which it is told, is not there yet. */
  get declaring(): boolean {
    const last = this.#ready.at(-1);
    return last !== undefined && last.toId < last.fromId;
  }

  /** The hole in front of the held prints, if any. */
  missing(): IdRange | undefined {
    if (this.#held.size === 0 || this.#next === null) return undefined;
    return { from: this.#next, to: this.#lowest - 1 };
  }

  /**
   * Takes what the venue's history says about ids `next`..`to`: the prints listed, in any order, and that the others in the range
   * are no executions. Returns how many ids that settled.
   */
  fill(to: number, arrivals: readonly Arrival[]): number {
    const from = this.#next;
    if (from === null || to < from) return 0;
    const listed = new Map(arrivals.map((arrival) => [arrival.print.id, arrival]));
    for (let id = from; id <= to; id++) {
      const arrival = this.#held.get(id) ?? listed.get(id);
      if (arrival === undefined) this.#skip(id);
      else {
        this.#held.delete(id);
        this.#append(arrival);
      }
    }
    this.#drain();
    return to - from + 1;
  }

  /**
   * Goes on after `to`, declaring the ids from the next one up to it as missing; `toTime` is the time of the first print after them.
   * What was declared just before, with no print since, is one gap with it.
   */
  declare(to: number, toTime: number, reason: string, repairable: boolean): GapNotice | undefined {
    const from = this.#next;
    if (from === null || to < from) return undefined;
    const before = this.declaring ? this.#ready.pop()?.gap : undefined;
    const gap: GapNotice = {
      fromId: before?.fromId ?? String(from),
      toId: String(to),
      fromTime: before?.fromTime ?? Math.min(this.#time ?? toTime, toTime),
      toTime,
      reason,
      repairable: repairable || (before?.repairable ?? false),
    };
    for (const id of this.#held.keys()) if (id <= to) this.#held.delete(id);
    this.#next = to + 1;
    this.#ready.push(this.#segment(this.#next, gap));
    this.#drain();
    return gap;
  }

  /** The first held print: what comes after the hole. */
  firstHeld(): Print | undefined {
    return this.#held.get(this.#lowest)?.print;
  }

  /** The oldest segment that is ready, which the caller then owns. */
  take(): Segment | undefined {
    const first = this.#ready[0];
    // A declared gap travels with the first print after it, which may not be there yet.
    if (first === undefined || first.toId < first.fromId) return undefined;
    this.#readyTicks -= first.ticks.length;
    if (first.time > 0) this.#takenTime = first.time;
    return this.#ready.shift();
  }

  /**
   * Forgets what is ready but not taken, and what is held: the next print will show a jump, and the venue's history will be asked
   * for what was forgotten. The bound of memory while the bus is away.
   */
  shed(): void {
    const first = this.#ready[0];
    if (first !== undefined) {
      // A declared gap that nobody has heard of is part of the jump to come.
      this.#next = first.gap === undefined ? first.fromId : Number(first.gap.fromId);
    }
    this.#ready = [];
    // Neither a watermark nor the begin of a gap may stand on what nobody has been told.
    this.#time = this.#takenTime;
    this.#newestTrade = null;
    this.#readyTicks = 0;
    this.#held.clear();
    this.#lowest = Number.POSITIVE_INFINITY;
  }

  #drain(): void {
    if (this.#held.size === 0) return;
    while (this.#held.size > 0) {
      const arrival = this.#held.get(this.#next as number);
      if (arrival === undefined) break;
      this.#held.delete(arrival.print.id);
      this.#append(arrival);
    }
    this.#lowest = Number.POSITIVE_INFINITY;
    for (const id of this.#held.keys()) if (id < this.#lowest) this.#lowest = id;
  }

  #append({ print, received }: Arrival): void {
    const segment = this.#current(print.id);
    segment.toId = print.id;
    this.#next = print.id + 1;
    if (!print.market) {
      segment.filtered++;
      return;
    }
    segment.ticks.push(tickOf(print, received));
    this.#readyTicks++;
    this.#newestTrade = print.id;
    if (this.#time === null || print.time > this.#time) this.#time = print.time;
    segment.time = this.#time;
  }

  #skip(id: number): void {
    const segment = this.#current(id);
    segment.toId = id;
    segment.filtered++;
    this.#next = id + 1;
  }

  #current(id: number): Segment {
    const last = this.#ready.at(-1);
    if (last !== undefined && last.toId === id - 1 && last.ticks.length < largestSegment) return last;
    const segment = this.#segment(id, undefined);
    this.#ready.push(segment);
    return segment;
  }

  #segment(fromId: number, gap: GapNotice | undefined): Segment {
    const segment: Segment = { fromId, toId: fromId - 1, ticks: [], filtered: 0, time: this.#time ?? 0 };
    if (gap !== undefined) segment.gap = gap;
    return segment;
  }
}

export function tickOf(print: Print, received: number): Tick {
  return {
    id: String(print.id),
    time: print.time,
    price: print.price,
    quantity: print.quantity,
    side: print.side,
    count: print.count,
    received,
  };
}
