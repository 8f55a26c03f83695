import type { FeedState, FeedStatus, TickMessage } from '@tandem/common';
import { Backfill } from './backfill.ts';
import { awayTooLong } from './downtime.ts';
import { noCounts } from './feed-counts.ts';
import { implausibleId } from './id-plausibility.ts';
import type { InstrumentFeedOptions } from './instrument-feed-options.ts';
import { Liveness } from './liveness.ts';
import { Outbox } from './outbox.ts';
import { Proof } from './proof.ts';
import { Repair } from './repair.ts';
import type { Rest } from './rest.ts';
import { type IdRange, type Segment, Sequencer } from './sequencer.ts';
import type { Print } from './venues/venue.ts';

/** Ticks held for a bus that does not take them; beyond, they are fetched again later. */
const largestBacklog = 200_000;

/** One instrument, from the prints of the wire to messages that are complete and in order. */
export class InstrumentFeed {
  readonly #options: InstrumentFeedOptions;
  readonly #sequencer: Sequencer;
  readonly #liveness: Liveness;
  readonly #outbox: Outbox;
  /** What asks the venue; undefined where there is nobody to ask. */
  readonly #history: { repair: Repair; backfill: Backfill; proof: Proof } | undefined;
  #published: number | null;
  #connected = false;
  /** Why the venue has no such instrument; no connection changes that. */
  #unlisted: string | undefined;
  /** Why its ids make no sense, while they do not. */
  #broken: string | undefined;
  #detail = 'not yet connected';
  #lag: number | null = null;
  readonly counts = noCounts();

  constructor(options: InstrumentFeedOptions) {
    this.#options = options;
    const { resume, signal, log } = options;
    this.#sequencer = new Sequencer(resume?.next ?? null, resume?.time ?? null);
    this.#liveness = new Liveness(resume?.time ?? null);
    this.#published = resume?.time ?? null;
    this.#outbox = new Outbox(() => this.#nextMessage(), options.publish, log, signal);
    if (options.rest !== undefined) this.#history = this.#ask(options.rest);
  }

  get symbol(): string {
    return this.#options.symbol;
  }

  get healthy(): boolean {
    return this.#connected && this.#state() !== 'down' && this.#state() !== 'proving';
  }

  /** Why it is not live, in words. */
  get detail(): string {
    return this.#unlisted ?? this.#broken ?? this.#detail;
  }

  /** The id due next; null when nothing is known of the instrument. */
  get next(): number | null {
    return this.#sequencer.next;
  }

  /** Where to begin when nothing is known: with this id, so that the recent past is fetched. */
  begin(id: number): void {
    this.#sequencer.begin(id);
  }

  /** Gaps known from before, to be repaired behind the live feed. */
  repairBehind(ranges: readonly IdRange[]): void {
    for (const range of ranges) this.#history?.backfill.add(range);
  }

  connected(): void {
    this.#connected = true;
    this.#detail = '';
  }

  disconnected(detail: string): void {
    this.#connected = false;
    this.#detail = detail;
    this.unproven();
  }

  /** The venue does not trade such an instrument. */
  unlisted(detail: string): void {
    this.#unlisted = detail;
  }

  /** A print came over the wire; `clock` is when the exchange sent it. */
  offer(print: Print, clock: number, received: number): void {
    this.counts.frames++;
    this.#lag = received - clock;
    const admitted = this.#admit(print);
    if (this.#implausible(admitted)) {
      this.counts.refused++;
      return;
    }
    const fate = this.#sequencer.offer({ print: admitted, received });
    if (fate === 'duplicate') {
      this.counts.duplicates++;
      return;
    }
    if (fate === 'ready') {
      this.#detail = '';
      this.#broken = undefined;
      this.#history?.proof.heard();
      if (admitted.market) this.#liveness.traded(print.time, clock);
      else this.#liveness.heard(clock);
      this.#outbox.pump();
    }
    if (fate === 'held' || this.#sequencer.missing() !== undefined) this.#jumped();
    if (this.#sequencer.readyTicks + this.#sequencer.heldPrints > largestBacklog) {
      this.#options.log.warn(
        { symbol: this.symbol },
        'the bus takes no ticks: they will be fetched again later',
      );
      this.#sequencer.shed();
    }
  }

  /** Its frames no longer prove it alive: the connection that they came on is gone, and no other has shown any. */
  unproven(): void {
    this.#liveness.disconnected();
    this.#history?.proof.forget();
  }

  /**
   * Once a second: moves the watermark of a quiet instrument, or asks the venue whether it is quiet. `streamed` is the
   * exchange's time up to which the stream has brought everything, `estimate` what it should be by now.
   */
  heartbeat(streamed: number | null, estimate: number | null): void {
    if (this.#unlisted !== undefined || this.#broken !== undefined) return;
    if (!this.#connected || !this.#settled) return;
    if (streamed !== null) this.#liveness.ticked(streamed);
    this.#outbox.pump();
    if (estimate === null || this.#liveness.suspect(estimate)) void this.#history?.proof.ask();
  }

  status(at: number, retryAt: number | null): FeedStatus {
    const { venue } = this.#options.dialect;
    const last = this.#sequencer.next;
    return {
      venue,
      symbol: this.symbol,
      state: this.#state(),
      at,
      detail: this.detail,
      retryAt,
      lastId: last === null ? null : String(last - 1),
      lastTime: this.#sequencer.time,
      watermark: this.#published,
      lag: this.#lag,
      counts: { ...this.counts },
    };
  }

  async drained(): Promise<void> {
    await this.#outbox.drained();
  }

  #state(): FeedState {
    if (this.#unlisted !== undefined || this.#broken !== undefined) return 'down';
    if (!this.#connected) return this.counts.reconnects > 0 ? 'down' : 'connecting';
    if (this.#history?.repair.running) return 'repairing';
    if (!this.#liveness.proven) return 'proving';
    const clock = this.#options.clock.time;
    const time = this.#sequencer.time;
    return clock !== null && time !== null && clock - time > this.#liveness.habit ? 'quiet' : 'live';
  }

  /** Nothing is missing, held or on its way: a heartbeat would be the truth. */
  get #settled(): boolean {
    return !this.#history?.repair.running && this.#outbox.idle && this.#sequencer.missing() === undefined;
  }

  #nextMessage(): TickMessage | undefined {
    const segment = this.#sequencer.take();
    if (segment !== undefined) return this.#segmentMessage(segment);
    // Neither a repair nor the time may pass a gap that nobody was told of.
    if (this.#sequencer.declaring) return undefined;
    const repair = this.#history?.backfill.take(this.#published ?? 0);
    if (repair !== undefined) return repair;
    const watermark = this.#liveness.watermark;
    if (watermark === null || (this.#published !== null && watermark <= this.#published)) return undefined;
    this.#published = watermark;
    return this.#message(null, null, watermark);
  }

  #segmentMessage(segment: Segment): TickMessage {
    this.counts.ticks += segment.ticks.length;
    this.counts.filtered += segment.filtered;
    if (segment.time > 0) this.#liveness.published(segment.time);
    const watermark = this.#liveness.watermark ?? 0;
    this.#published = watermark;
    const message = this.#message(String(segment.fromId), String(segment.toId), watermark);
    message.ticks = segment.ticks;
    message.filtered = segment.filtered;
    if (segment.gap !== undefined) message.gap = segment.gap;
    return message;
  }

  #message(fromId: string | null, toId: string | null, watermark: number): TickMessage {
    const { venue } = this.#options.dialect;
    return { venue, symbol: this.symbol, fromId, toId, watermark, ticks: [], filtered: 0 };
  }

  /** A trade dated after the exchange's own clock is refused; its id counts. */
  #admit(print: Print): Print {
    if (this.#options.clock.admits(print.time)) return print;
    this.counts.refused++;
    this.#options.log.warn(
      { symbol: this.symbol, id: print.id, time: print.time },
      'a trade dated in the future was refused',
    );
    return { ...print, market: false };
  }

  /** Whether a print does not go with the ids known: then nothing is claimed until one comes that does. */
  #implausible(print: Print): boolean {
    const reason = implausibleId(print, this.#sequencer);
    if (reason === undefined) return false;
    if (this.#broken === undefined) this.#options.log.error({ symbol: this.symbol }, reason);
    this.#broken = reason;
    return true;
  }

  #jumped(): void {
    // What a repair is still fetching is no downtime.
    if (this.#history?.repair.running) return;
    const hole = this.#sequencer.missing();
    const after = this.#sequencer.firstHeld();
    if (hole === undefined || after === undefined) return;
    const away = awayTooLong(this.#sequencer.time, after.time);
    if (away !== undefined) this.#goOn(hole.to, after.time, away);
    else if (this.#history === undefined) this.#goOn(hole.to, after.time, 'no history to repair from', false);
    else void this.#history.repair.run();
  }

  #goOn(to: number, toTime: number, reason: string, repairable = true): void {
    const gap = this.#sequencer.declare(to, toTime, reason, repairable);
    if (gap === undefined) return;
    this.counts.gaps++;
    this.#options.log.warn({ symbol: this.symbol, ...gap }, 'trades are missing: going on without them');
    if (gap.repairable) this.#history?.backfill.add({ from: Number(gap.fromId), to: Number(gap.toId) });
    this.#outbox.pump();
  }

  /** Wires up everything that asks the venue. */
  #ask(rest: Rest) {
    const { dialect, symbol, log, signal, clock, onDead } = this.#options;
    const common = { dialect, symbol, log, signal, rest };
    const admit = (print: Print) => this.#admit(print);
    const repaired = (ids: number) => {
      this.counts.repaired += ids;
      this.#outbox.pump();
    };
    const repair = new Repair({
      ...common,
      sequencer: this.#sequencer,
      admit,
      onProgress: repaired,
      onGivenUp: (...missing) => this.#goOn(...missing),
    });
    const proof = new Proof({
      ...common,
      next: () => this.#sequencer.next,
      newestTrade: () => this.#sequencer.newestTrade,
      onAsked: (time, head) => {
        if (!clock.stated(time, performance.now()))
          throw new Error(`the venue states a time that cannot be true: ${time}`);
        if (head !== undefined) this.#sequencer.begin(head.id + 1);
      },
      onQuiet: (time, head) => {
        // A frame that came meanwhile, or a lost connection, makes the answer worthless.
        if (!this.#connected || !this.#settled || this.#implausible(head)) return;
        this.#detail = '';
        this.#liveness.published(head.time);
        this.#liveness.confirmed(time);
        this.#outbox.pump();
      },
      onMissed: (head) => {
        const away = awayTooLong(this.#sequencer.time, head.time);
        if (away !== undefined) this.#goOn(head.id - 1, head.time, away);
        return repair.run(head.id);
      },
      onDead: () => onDead(`${symbol} is silent although its venue trades`),
      onUnanswered: () => {
        this.#detail = 'silent, and the venue cannot be asked whether it trades';
      },
    });
    return { repair, backfill: new Backfill({ ...common, admit, onRepaired: repaired }), proof };
  }
}
