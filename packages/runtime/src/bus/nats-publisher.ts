import { createInbox, headers, type Msg, type MsgHdrs, nuid } from 'nats';
import { backoff } from '../backoff.ts';
import { answerOf, headerIn, JetStreamFault, lastMessage } from '../nats-jetstream.ts';
import type { NatsLink } from '../nats-link.ts';
import { duplicateWindow } from './nats-streams.ts';

/** One message on its way, until the stream has said that it is stored. */
interface Sending {
  readonly subject: string;
  readonly stream: string;
  readonly data: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (fault: Error) => void;
  /** Number of its reply subject. Its id is made of it, so that however often it is sent, it is stored once. */
  number: number;
  firstSent: number;
  lastSent: number;
  refusals: number;
  /** Waiting for its next attempt, or for the answer whether it is stored already. */
  resting: boolean;
}

/** Messages of one subject: the first is being stored, the others wait for it. */
interface Lane {
  readonly sendings: Sending[];
}

export interface NatsPublisherOptions {
  /** Messages that may wait for their acknowledgement at once, over all subjects. */
  readonly window?: number;
  /** Told that a stream is missing, each time that it is missed. */
  readonly restoreStreams: () => void;
}

const idHeader = 'Nats-Msg-Id';
/** How long an acknowledgement may take before the message is sent again, ms. */
const acknowledgedWithin = 5_000;
const checkEvery = 1_000;
/** Of an older attempt JetStream may have forgotten the id soon: it is asked what it has. */
const rememberedFor = duplicateWindow / 3;

/**
 * Stores messages, each for certain and once, those of one subject in the order of their calls.
 *
 * Acknowledgements come to one inbox of its own, which is many times cheaper than a request per message. Of one
 * subject only one message is on its way, so that a repetition cannot overtake; of many subjects, many are.
 */
export class NatsPublisher {
  private readonly link: NatsLink;
  private readonly window: number;
  private readonly restoreStreams: () => void;
  private readonly inbox = createInbox();
  private readonly origin = nuid.next();
  private readonly lanes = new Map<string, Lane>();
  private readonly sent = new Map<number, Sending>();
  /** Lanes whose first message has not been sent. */
  private ready: Lane[] = [];
  private next = 1;
  private readonly timer: NodeJS.Timeout;

  constructor(link: NatsLink, options: NatsPublisherOptions) {
    this.link = link;
    this.window = options.window ?? 512;
    this.restoreStreams = options.restoreStreams;
    link.connection.subscribe(`${this.inbox}.*`, {
      callback: (_, message) => this.answered(message),
    });
    link.onReconnect(() => this.sendAllAgain());
    link.ended.addEventListener('abort', () => this.end(link.ended.reason as Error), { once: true });
    this.timer = setInterval(() => this.sendLateAgain(), checkEvery);
    this.timer.unref();
  }

  publish(stream: string, subject: string, data: Uint8Array): Promise<void> {
    if (this.link.ended.aborted) return Promise.reject(this.link.ended.reason);
    return new Promise((resolve, reject) => {
      const sending: Sending = {
        ...{ subject, stream, data, resolve, reject },
        ...{ number: 0, firstSent: 0, lastSent: 0, refusals: 0, resting: false },
      };
      const lane = this.lanes.get(subject);
      if (lane !== undefined) {
        lane.sendings.push(sending);
        return;
      }
      const opened: Lane = { sendings: [sending] };
      this.lanes.set(subject, opened);
      this.ready.push(opened);
      this.fill();
    });
  }

  /** Sends what waits, as far as the window allows. */
  private fill(): void {
    if (!this.link.connected) return;
    let taken = 0;
    while (taken < this.ready.length && this.sent.size < this.window) {
      const first = this.ready[taken++]?.sendings[0];
      if (first === undefined) continue;
      first.number = this.next++;
      first.firstSent = performance.now();
      this.sent.set(first.number, first);
      this.send(first);
    }
    if (taken > 0) this.ready = this.ready.slice(taken);
  }

  private send(sending: Sending): void {
    sending.lastSent = performance.now();
    sending.resting = false;
    try {
      this.link.connection.publish(sending.subject, sending.data, {
        reply: `${this.inbox}.${sending.number}`,
        headers: this.headersOf(sending),
      });
    } catch {
      // The connection is going down: it is sent again when it is back, or when its time has come.
    }
  }

  private headersOf({ number }: Sending): MsgHdrs {
    const made = headers();
    made.append(idHeader, this.idOf(number));
    return made;
  }

  private idOf(number: number): string {
    return `${this.origin}-${number}`;
  }

  private answered(message: Msg): void {
    const sending = this.sent.get(Number(message.subject.slice(this.inbox.length + 1)));
    if (sending === undefined) return;
    if (message.data.length === 0) {
      this.refused(sending, `no stream of ${this.link.shown} takes it`);
      this.restoreStreams();
      return;
    }
    try {
      // An acknowledgement names the stream first; a refusal begins with the error.
      if (message.data[2] !== stream0) answerOf(message);
      this.settle(sending, sending.resolve);
    } catch (error) {
      const fault = error as Error;
      // What is wrong with the message itself stays wrong.
      if (fault instanceof JetStreamFault && fault.status === 400) {
        const refusal = new Error(`a message on "${sending.subject}" is refused: ${fault.message}`);
        this.settle(sending, () => sending.reject(refusal));
      } else {
        this.refused(sending, fault.message);
      }
    }
  }

  private settle(sending: Sending, how: () => void): void {
    this.sent.delete(sending.number);
    const lane = this.lanes.get(sending.subject) as Lane;
    lane.sendings.shift();
    if (lane.sendings.length > 0) this.ready.push(lane);
    else this.lanes.delete(sending.subject);
    if (sending.refusals > 0) this.link.report('ok', '');
    how();
    this.fill();
  }

  /** The same message again, after a growing wait. */
  private refused(sending: Sending, reason: string): void {
    if (sending.resting) return;
    sending.resting = true;
    sending.refusals += 1;
    this.link.report('degraded', `a message on ${sending.subject} is not stored yet: ${reason}`);
    const wait = backoff(sending.refusals, 1, { first: 50, most: 5_000 });
    setTimeout(() => this.sendAgain(sending), wait).unref();
  }

  private sendAllAgain(): void {
    for (const sending of [...this.sent.values()]) if (!sending.resting) this.sendAgain(sending);
    this.fill();
  }

  private sendLateAgain(): void {
    if (!this.link.connected) return;
    const late = performance.now() - acknowledgedWithin;
    for (const sending of [...this.sent.values()]) {
      if (!sending.resting && sending.lastSent < late) this.sendAgain(sending);
    }
    this.fill();
  }

  private sendAgain(sending: Sending): void {
    if (this.sent.get(sending.number) !== sending || this.link.ended.aborted) return;
    // Not connected: `sendAllAgain` comes when it is.
    sending.resting = false;
    if (!this.link.connected) return;
    if (performance.now() - sending.firstSent < rememberedFor) {
      this.send(sending);
      return;
    }
    sending.resting = true;
    this.isStored(sending).then(
      (stored) => {
        if (this.sent.get(sending.number) !== sending) return;
        if (stored) this.settle(sending, sending.resolve);
        else this.send(sending);
      },
      (error: Error) => {
        sending.resting = false;
        this.refused(sending, error.message);
      },
    );
  }

  /** Whether an earlier attempt was stored: nothing of its subject has been sent since. */
  private async isStored({ stream, subject, number }: Sending): Promise<boolean> {
    const last = await lastMessage(this.link.connection, stream, subject);
    return last !== undefined && headerIn(last.headers, idHeader) === this.idOf(number);
  }

  private end(reason: Error): void {
    clearInterval(this.timer);
    this.ready = [];
    this.sent.clear();
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    for (const lane of lanes) for (const sending of lane.sendings) sending.reject(reason);
  }
}

/** The third byte of `{"stream":…`. */
const stream0 = 's'.charCodeAt(0);
