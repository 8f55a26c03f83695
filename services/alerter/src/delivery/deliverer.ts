import type { Alert, Delivery, Endpoint } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { Alarm } from './alarm.ts';
import { firstExpiry, inOrder, nextStep, type Parcel } from './core/lane.ts';
import { type Answered, afterAttempt, ended, isTaken } from './core/outcome.ts';
import type { EndpointBook } from './endpoint-book.ts';
import { Ledger } from './ledger.ts';
import type { Sender } from './sender.ts';
import { Slots } from './slots.ts';

/** The most connections to one endpoint at a time. */
const socketsEach = 8;
/** The most deliveries that wait for one endpoint; what comes on top of them is a dead letter at once. */
const mostWaiting = 10_000;

export interface DelivererOptions {
  /** Wait before each attempt, ms, instead of the usual schedule. */
  readonly schedule?: readonly number[] | undefined;
  readonly signal: AbortSignal;
  /** Told of each delivery that has ended. */
  onEnd(delivery: Delivery): void;
}

interface Lane {
  readonly endpoint: string;
  readonly parcels: Parcel[];
  readonly alarm: Alarm;
  running: Promise<void>;
}

/**
 * Sends alerts to endpoints: a lane per endpoint, rule and study, each in order, none waiting for another.
 *
 * Every attempt is written to the table before the next is made, so that a restart goes on where this ended; a
 * receiver may get an alert twice, under the same `webhook-id`.
 */
export class Deliverer {
  readonly #context: ServiceContext;
  readonly #book: EndpointBook;
  readonly #sender: Sender;
  readonly #options: DelivererOptions;
  readonly #ledger: Ledger;
  readonly #slots = new Slots(socketsEach);
  readonly #lanes = new Map<string, Lane>();
  readonly #waiting = new Map<string, number>();
  /** By endpoint: until when it asks to be left alone. */
  readonly #paused = new Map<string, number>();

  constructor(context: ServiceContext, book: EndpointBook, sender: Sender, options: DelivererOptions) {
    this.#context = context;
    this.#book = book;
    this.#sender = sender;
    this.#options = options;
    this.#ledger = new Ledger(context, options.signal);
    const wakeAll = () => {
      for (const { alarm } of this.#lanes.values()) alarm.ring();
    };
    options.signal.addEventListener('abort', wakeAll, { once: true });
  }

  /** Deliveries that have not ended. */
  get pending(): number {
    return [...this.#waiting.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Whether an endpoint can take one more; if not, its delivery is to be stored as a dead letter. */
  hasRoom(endpoint: string, besides = 0): boolean {
    return (this.#waiting.get(endpoint) ?? 0) + besides < mostWaiting;
  }

  /** How many deliveries wait for an endpoint, and until when it asks to be left alone. */
  load(endpoint: string): { waiting: number; pausedUntil: number | null } {
    const pausedUntil = this.#paused.get(endpoint) ?? 0;
    return {
      waiting: this.#waiting.get(endpoint) ?? 0,
      pausedUntil: pausedUntil > this.#now() ? pausedUntil : null,
    };
  }

  /** A former run was told until when a receiver wants to be left alone. */
  pause(endpoint: string, until: number): void {
    this.#paused.set(endpoint, until);
  }

  /** Takes over a delivery whose row is already stored as pending. One that is under way already is left alone. */
  enqueue(delivery: Delivery, alert: Alert): void {
    if (this.#options.signal.aborted) return;
    const { endpoint } = delivery;
    const key = `${endpoint} ${alert.rule} ${alert.study}`;
    const lane = this.#lanes.get(key);
    if (lane?.parcels.some((parcel) => parcel.alert.id === alert.id)) return;
    this.#waiting.set(endpoint, (this.#waiting.get(endpoint) ?? 0) + 1);
    const parcel = { delivery, alert };
    if (lane === undefined) {
      const made: Lane = { endpoint, parcels: [parcel], alarm: new Alarm(), running: Promise.resolve() };
      this.#lanes.set(key, made);
      made.running = this.#run(key, made);
      return;
    }
    insert(lane.parcels, parcel);
    lane.alarm.ring();
  }

  /** An endpoint is not as it was: what waits for it is tried at once. */
  changed(endpoint: string): void {
    this.#paused.delete(endpoint);
    const now = this.#now();
    for (const lane of this.#lanes.values()) {
      const [head] = lane.parcels;
      if (lane.endpoint !== endpoint || head === undefined) continue;
      head.delivery = { ...head.delivery, next: Math.min(head.delivery.next ?? now, now) };
      lane.alarm.ring();
    }
  }

  /** Resolves when nothing is under way any more; after the signal has aborted. */
  async end(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.running));
  }

  async #run(key: string, lane: Lane): Promise<void> {
    while (!this.#options.signal.aborted) {
      const fault = this.#faultOf(lane.endpoint);
      if (fault !== undefined) {
        await this.#close(lane, [...lane.parcels], 'failed', fault);
      }
      const step = nextStep(lane.parcels, this.#now(), this.#paused.get(lane.endpoint));
      if (step === undefined) break;
      if (step.kind === 'wait') {
        if (await lane.alarm.wait(step.until - this.#now())) this.#waited(lane, step.until);
      } else if (step.kind === 'expire') await this.#close(lane, step.parcels, 'expired', step.why);
      else await this.#attempt(lane, step.parcel);
    }
    // In the turn in which the last parcel left: nobody can have added one to a lane that has ended.
    this.#lanes.delete(key);
  }

  /** What was waited for is due, whatever the clock says: it may have been set back meanwhile. */
  #waited(lane: Lane, until: number): void {
    const [head] = lane.parcels;
    const now = this.#now();
    if (head === undefined) return;
    const { next } = head.delivery;
    if (next !== null && next <= until) head.delivery = { ...head.delivery, next: Math.min(next, now) };
    if ((this.#paused.get(lane.endpoint) ?? 0) <= until) this.#paused.delete(lane.endpoint);
  }

  /** One attempt, once there is a connection to spare. */
  async #attempt(lane: Lane, parcel: Parcel): Promise<void> {
    const { signal } = this.#options;
    const patience = new Alarm();
    const give = await this.#slots.take(
      lane.endpoint,
      patience.wait(firstExpiry(lane.parcels) - this.#now(), signal),
    );
    patience.ring();
    if (give === undefined) return;
    let answered: Answered;
    let endpoint: Endpoint | undefined;
    try {
      // Much may have happened while this waited.
      endpoint = this.#book.get(lane.endpoint);
      const step = nextStep(lane.parcels, this.#now(), this.#paused.get(lane.endpoint));
      const due = step?.kind === 'attempt' && step.parcel === parcel;
      if (!due || endpoint?.enabled !== true || signal.aborted) return;
      answered = await this.#sender.send(parcel.alert, endpoint, signal);
    } finally {
      give();
    }
    if (signal.aborted && !isTaken(answered.status)) return;
    const outcome = afterAttempt(
      parcel.delivery,
      answered,
      this.#now(),
      Math.random(),
      this.#options.schedule,
    );
    if (outcome.pausedUntil !== null) this.#paused.set(lane.endpoint, outcome.pausedUntil);
    await this.#record(lane, parcel, outcome.delivery);
    if (outcome.gone) await this.#disable(endpoint);
  }

  async #disable(endpoint: Endpoint): Promise<void> {
    const reason = 'the receiver answered 410: it is gone';
    try {
      await this.#book.disable(endpoint, reason);
      this.#context.log.error({ endpoint: endpoint.id }, `an endpoint is disabled: ${reason}`);
    } catch (error) {
      // It is asked once more, and answers so again.
      this.#context.log.warn({ err: error, endpoint: endpoint.id }, 'an endpoint could not be disabled:');
    }
  }

  #faultOf(id: string): string | undefined {
    const endpoint = this.#book.get(id);
    if (endpoint === undefined) return 'the endpoint is not configured any more';
    if (endpoint.enabled) return undefined;
    return `the endpoint is disabled${endpoint.disabled === undefined ? '' : `: ${endpoint.disabled.reason}`}`;
  }

  async #close(
    lane: Lane,
    parcels: readonly Parcel[],
    state: 'failed' | 'expired',
    why: string,
  ): Promise<void> {
    await Promise.all(
      parcels.map((parcel) => this.#record(lane, parcel, ended(parcel.delivery, state, why))),
    );
  }

  async #record(lane: Lane, parcel: Parcel, delivery: Delivery): Promise<void> {
    parcel.delivery = delivery;
    if (!(await this.#ledger.record(delivery))) return;
    if (delivery.state === 'pending') return;
    lane.parcels.splice(lane.parcels.indexOf(parcel), 1);
    const left = (this.#waiting.get(lane.endpoint) ?? 1) - 1;
    if (left > 0) this.#waiting.set(lane.endpoint, left);
    else this.#waiting.delete(lane.endpoint);
    this.#options.onEnd(delivery);
  }

  #now(): number {
    return (this.#context.clock ?? Date.now)();
  }
}

/** Puts a parcel behind all that are older: what is replayed takes its old place, but not before what is under way. */
function insert(parcels: Parcel[], parcel: Parcel): void {
  let place = parcels.length;
  while (place > 1 && inOrder(parcel.alert, (parcels[place - 1] as Parcel).alert) < 0) place -= 1;
  parcels.splice(place, 0, parcel);
}
