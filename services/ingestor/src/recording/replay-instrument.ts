import type { TickMessage, Venue } from '@tandem/common';
import type { ExchangeClock } from '../exchange-clock.ts';
import { Liveness } from '../liveness.ts';
import { type Segment, Sequencer } from '../sequencer.ts';
import type { Print } from '../venues/venue.ts';
import type { RecordedPrint } from './recorded-event.ts';
import { RecordedIds } from './recorded-ids.ts';
import type { InstrumentSummary } from './summary.ts';

/** There is no history to ask: a jump waits so long for frames that come out of order, ms of exchange time, or so many prints. */
const reorderPatience = 2_000;
const mostHeld = 10_000;

/** One instrument of a replay, from recorded prints to messages: the live feed without wire and REST. */
export class ReplayInstrument {
  readonly #venue: Venue;
  readonly #symbol: string;
  readonly #clock: ExchangeClock;
  readonly #counts: InstrumentSummary;
  readonly #ids = new RecordedIds();
  readonly #sequencer = new Sequencer(null, null);
  readonly #liveness = new Liveness(null);
  /** Exchange time at which prints arrived that wait behind a jump, in order of arrival. */
  readonly #heldSince = new Map<number, number>();
  /** Exchange time of the last print that was in order: while they come, a print far ahead is not proof of a loss. */
  #orderlyAt = Number.NEGATIVE_INFINITY;
  #published: number | null = null;

  constructor(venue: Venue, symbol: string, clock: ExchangeClock, counts: InstrumentSummary) {
    this.#venue = venue;
    this.#symbol = symbol;
    this.#clock = clock;
    this.#counts = counts;
  }

  /** Takes in a recorded print; a sentence comes back if it cannot be placed. */
  offer(recorded: RecordedPrint, received: number): string | undefined {
    const id = this.#ids.place(recorded);
    if (typeof id === 'string') return id;
    this.#counts.frames++;
    if (id === null) {
      this.#counts.duplicates++;
      return undefined;
    }
    const { name: _, ...rest } = recorded;
    const print: Print = { ...rest, id, market: recorded.market && this.#clock.admits(recorded.time) };
    const clock = this.#clock.time ?? print.time;
    const fate = this.#sequencer.offer({ print, received });
    if (fate === 'duplicate') this.#counts.duplicates++;
    if (fate === 'held') this.#heldSince.set(id, clock);
    if (fate === 'ready') {
      this.#orderlyAt = clock;
      if (print.market) this.#liveness.traded(print.time, clock);
      else this.#liveness.heard(clock);
    }
    if (this.#sequencer.heldPrints > 0) this.#judge(clock);
    else if (this.#heldSince.size > 0) this.#heldSince.clear();
    return undefined;
  }

  /** The exchange's clock has moved on by a second or more: a quiet instrument's watermark may follow it. */
  heartbeat(clock: number): TickMessage[] {
    if (this.#sequencer.heldPrints > 0) this.#judge(clock);
    const messages = this.take();
    if (this.#sequencer.heldPrints > 0) return messages;
    this.#liveness.ticked(clock);
    const watermark = this.#liveness.watermark;
    if (watermark !== null && (this.#published === null || watermark > this.#published)) {
      this.#published = watermark;
      messages.push(this.#message(null, null, watermark));
    }
    return messages;
  }

  /** The input has ended: whatever is still missing will not come. */
  end(clock: number): TickMessage[] {
    while (this.#sequencer.heldPrints > 0) this.#declare('not in the recording');
    return this.heartbeat(clock);
  }

  /** What is ready to be published, in order. */
  take(): TickMessage[] {
    const messages: TickMessage[] = [];
    for (let segment = this.#sequencer.take(); segment !== undefined; segment = this.#sequencer.take()) {
      messages.push(this.#segmentMessage(segment));
    }
    return messages;
  }

  #segmentMessage(segment: Segment): TickMessage {
    const { fromId, toId, ticks, filtered, gap, time } = segment;
    this.#counts.prints += toId - fromId + 1;
    this.#counts.ticks += ticks.length;
    this.#counts.filtered += filtered;
    if (time > 0) this.#liveness.published(time);
    const watermark = this.#liveness.watermark ?? 0;
    this.#published = watermark;
    const message = this.#message(String(fromId), String(toId), watermark);
    message.ticks = ticks;
    message.filtered = filtered;
    if (gap !== undefined) message.gap = gap;
    return message;
  }

  #message(fromId: string | null, toId: string | null, watermark: number): TickMessage {
    return {
      venue: this.#venue,
      symbol: this.#symbol,
      fromId,
      toId,
      watermark,
      ticks: [],
      filtered: 0,
    };
  }

  /** Gives up waiting for ids that are overdue. */
  #judge(clock: number): void {
    for (let first = this.#sequencer.firstHeld(); first !== undefined; first = this.#sequencer.firstHeld()) {
      const since = Math.max(this.#heldSince.get(first.id) ?? clock, this.#orderlyAt);
      if (clock - since < reorderPatience && this.#sequencer.heldPrints < mostHeld) return;
      this.#declare('not in the recording');
    }
    this.#heldSince.clear();
  }

  #declare(reason: string): void {
    const hole = this.#sequencer.missing();
    const first = this.#sequencer.firstHeld();
    if (hole === undefined || first === undefined) return;
    if (this.#sequencer.declare(hole.to, first.time, reason, false) !== undefined) this.#counts.gaps++;
    this.#liveness.heard(this.#heldSince.get(first.id) ?? first.time);
    const next = this.#sequencer.next ?? 0;
    for (const id of this.#heldSince.keys()) if (id < next) this.#heldSince.delete(id);
  }
}
