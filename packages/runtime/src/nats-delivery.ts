import { createInbox, type Msg, nuid, type Subscription } from 'nats';
import { askJetStream } from './nats-jetstream.ts';
import type { NatsLink } from './nats-link.ts';

export interface DeliveryOptions {
  readonly link: NatsLink;
  readonly stream: string;
  readonly filter?: string | undefined;
  /** The number to begin at. */
  readonly start: number;
  /** Whether a message with this number follows; what does not is dropped. */
  readonly accept: (sequence: number) => boolean;
  /** Told when there is something to do. */
  readonly stir: () => void;
}

export interface Delivered {
  readonly sequence: number;
  readonly message: Msg;
}

/** The most messages that lie here or are on their way. */
const capacity = 2_000;
/** The most bytes of one pull, and that may lie here before no more are asked for. */
const mostBytes = 16 * 2 ** 20;
const expires = 30_000;
const heartbeat = 5_000;
/** Without a message or heartbeat for so long the consumer is taken for dead, ms. */
const deadAfter = 2.5 * heartbeat;
const perMillisecond = 1_000_000;

/**
 * A consumer on the server from a number on, for one connection: it is asked for as much as there is room for,
 * and counts what it sends, so that a delivery that went astray is noticed and ends it.
 */
export class Delivery {
  private readonly options: DeliveryOptions;
  private readonly name = `tandem-${nuid.next()}`;
  private readonly inbox = createInbox();
  private readonly subscription: Subscription;
  private readonly timer: NodeJS.Timeout;
  private waiting: Delivered[] = [];
  private bytes = 0;
  /** Pulls that the server has not filled, oldest first. */
  private pulls: { readonly number: number; left: number }[] = [];
  private pullsMade = 0;
  /** The server's own count of what this consumer has sent. */
  private delivered = 0;
  private heard = performance.now();
  /** Nothing more will come: what lies here may still be taken. */
  over = false;

  /** Makes the consumer on the server and begins to pull. */
  static async begin(options: DeliveryOptions): Promise<Delivery> {
    const delivery = new Delivery(options);
    try {
      await delivery.make();
    } catch (error) {
      delivery.end();
      throw error;
    }
    delivery.pull();
    return delivery;
  }

  private constructor(options: DeliveryOptions) {
    this.options = options;
    this.subscription = options.link.connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.received(message);
        else this.end();
      },
    });
    this.timer = setInterval(() => this.check(), heartbeat);
    this.timer.unref();
  }

  /** The next messages, at most `most`. */
  take(most: number): readonly Delivered[] {
    const taken = this.waiting.splice(0, most);
    for (const { message } of taken) this.bytes -= message.data.length;
    this.pull();
    return taken;
  }

  end(): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.timer);
    const { link, stream, stir } = this.options;
    if (!link.ended.aborted) {
      this.subscription.unsubscribe();
      // A courtesy: the server forgets the consumer by itself.
      if (link.connected) link.connection.publish(`$JS.API.CONSUMER.DELETE.${stream}.${this.name}`);
    }
    stir();
  }

  private async make(): Promise<void> {
    const { link, stream, filter, start } = this.options;
    const config = {
      name: this.name,
      deliver_policy: 'by_start_sequence',
      opt_start_seq: start,
      ack_policy: 'none',
      max_deliver: 1,
      replay_policy: 'instant',
      inactive_threshold: 2 * expires * perMillisecond,
      num_replicas: 1,
      mem_storage: true,
      ...(filter === undefined ? {} : { filter_subject: filter }),
    };
    const what = `CONSUMER.CREATE.${stream}.${this.name}${filter === undefined ? '' : `.${filter}`}`;
    await askJetStream(link.connection, what, { stream_name: stream, config });
  }

  private pull(): void {
    const { link, stream } = this.options;
    if (this.over || !link.connected || this.bytes > mostBytes / 2) return;
    const asked = this.pulls.reduce((sum, pull) => sum + pull.left, 0);
    const room = capacity - this.waiting.length - asked;
    if (room < capacity / 2) return;
    const number = ++this.pullsMade;
    this.pulls.push({ number, left: room });
    if (this.pulls.length === 1) this.heard = performance.now();
    const body = {
      batch: room,
      max_bytes: mostBytes,
      expires: expires * perMillisecond,
      idle_heartbeat: heartbeat * perMillisecond,
    };
    link.connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${this.name}`, JSON.stringify(body), {
      reply: `${this.inbox}.${number}`,
    });
  }

  private received(message: Msg): void {
    if (this.over) return;
    this.heard = performance.now();
    if (message.subject.startsWith(this.inbox)) {
      this.told(message);
      return;
    }
    const { sequence, delivered } = numbersOf(message.reply ?? '');
    // One of them went astray on the way here: a new consumer begins where this one still was right.
    if (delivered !== this.delivered + 1) {
      this.end();
      return;
    }
    this.delivered = delivered;
    const [pull] = this.pulls;
    if (pull !== undefined && --pull.left === 0) this.pulls.shift();
    if (this.options.accept(sequence)) {
      this.waiting.push({ sequence, message });
      this.bytes += message.data.length;
    }
    this.pull();
    if (this.waiting.length <= 1) this.options.stir();
  }

  /** What the server says of a pull. */
  private told(message: Msg): void {
    const code = message.headers?.code;
    if (code === 100) return;
    const description = message.headers?.description.toLowerCase() ?? '';
    // Nobody there any more, or no longer for this consumer.
    if (code === 503 || description.includes('consumer') || description.includes('leader')) {
      this.end();
      return;
    }
    const number = Number(message.subject.slice(this.inbox.length + 1));
    this.pulls = this.pulls.filter((pull) => pull.number !== number);
    this.pull();
  }

  private check(): void {
    if (!this.options.link.connected || this.pulls.length === 0) return;
    if (performance.now() - this.heard > deadAfter) this.end();
  }
}

/** The stream's number of a message and the consumer's, from where an acknowledgement would go. */
function numbersOf(reply: string): { sequence: number; delivered: number } {
  // $JS.ACK.<stream>.<consumer>.<times>.<stream's>.<consumer's>.<time>.<pending>, since 2.15 perhaps with
  // <domain>.<account> before the stream.
  const parts = reply.split('.');
  const at = parts.length >= 11 ? 7 : 5;
  return { sequence: Number(parts[at]), delivered: Number(parts[at + 1]) };
}
