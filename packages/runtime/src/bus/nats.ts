import { setMaxListeners } from 'node:events';
import { type Stream, streamOf, streams } from '@tandem/common';
import { ensureStreams } from '../nats-ensure.ts';
import { lastMessage, streamInfo, textOf } from '../nats-jetstream.ts';
import { type NatsLink, type NatsLinkOptions, natsLink } from '../nats-link.ts';
import type { Beginning } from '../nats-place.ts';
import { readStream } from '../nats-reader.ts';
import type { Bus, Message, Position, Subscription } from './bus.ts';
import { NatsPublisher } from './nats-publisher.ts';
import { NatsRequests } from './nats-requests.ts';
import { defaultKeeping, type Keeping, streamConfiguration } from './nats-streams.ts';
import { answerWithin } from './request.ts';
import { patternFault, subjectFault } from './subject-rules.ts';

export interface NatsBusOptions extends NatsLinkOptions {
  /** What streams keep, where it is not `defaultKeeping`. */
  readonly keeping?: Partial<Record<Stream, Keeping>>;
  /** Told of what a subscriber's handler threw, of messages from outside that are no JSON, and of answers that could not be sent. */
  readonly onError?: (error: unknown, subject: string) => void;
}

/** Room in a message for its headers, bytes. */
const headerRoom = 512;

/** The bus of several processes: NATS with JetStream, on servers from 2.9.10. Waits until one is there. */
export async function natsBus(url: string, options: NatsBusOptions = {}): Promise<Bus> {
  const link = await natsLink(url, options);
  try {
    const bus = new NatsBus(link, options);
    await bus.prepare();
    return bus;
  } catch (error) {
    await link.close();
    throw error;
  }
}

class NatsBus implements Bus {
  readonly durable = true;
  private readonly link: NatsLink;
  private readonly options: NatsBusOptions;
  private readonly publisher: NatsPublisher;
  private readonly requests: NatsRequests;
  private readonly closing = new AbortController();
  private restoring: Promise<void> | undefined;
  /** Why the streams could not be made again, as it was told: each message that waits has them tried again. */
  private unrestored = '';
  /** Subjects that have been found right, so that a message costs no checking. */
  private readonly known = new Map<string, Stream | undefined>();

  constructor(link: NatsLink, options: NatsBusOptions) {
    this.link = link;
    this.options = options;
    this.publisher = new NatsPublisher(link, { restoreStreams: () => this.restoreStreams() });
    this.requests = new NatsRequests(link, (error, subject) => this.tell(error, subject));
    setMaxListeners(0, this.closing.signal);
    link.ended.addEventListener('abort', () => this.closing.abort(link.ended.reason), { once: true });
  }

  /** Makes the streams, or gives them their limits. */
  prepare(): Promise<void> {
    const names = Object.keys(streams) as Stream[];
    const wanted = names.map((name) => streamConfiguration(name, this.keepingOf(name)));
    return ensureStreams(this.link, wanted, this.options);
  }

  publish(subject: string, data: unknown): Promise<void> {
    try {
      this.closing.signal.throwIfAborted();
      const stream = this.streamFor(subject);
      const body = this.encoded(subject, data);
      if (stream !== undefined) return this.publisher.publish(stream, subject, body);
      // Nobody keeps it: without a connection it is simply missed.
      if (this.link.connected) this.link.connection.publish(subject, body);
      return done;
    } catch (fault) {
      return Promise.reject(fault);
    }
  }

  subscribe(
    pattern: string,
    handler: (subject: string, data: unknown) => void,
    missed?: () => void,
  ): Subscription {
    const fault = patternFault(pattern);
    if (fault !== undefined) throw new Error(fault);
    const subscription = this.link.connection.subscribe(pattern, {
      callback: (error, { subject, data }) => {
        if (error !== null) return this.tell(error, pattern);
        const decoded = this.decoded(subject, data);
        if (decoded === undefined) return;
        try {
          handler(subject, decoded.value);
        } catch (thrown) {
          this.tell(thrown, subject);
        }
      },
    });
    const unheard = missed === undefined ? undefined : this.link.onReconnect(missed);
    return {
      stop() {
        unheard?.();
        subscription.unsubscribe();
      },
    };
  }

  async *read(
    stream: Stream,
    from: Position | null,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Message[], void, undefined> {
    const newestOnly = this.keepingOf(stream).newestOnly === true;
    const reading = { link: this.link, stream, from: beginning(from), newestOnly, signal };
    for await (const { incarnation, messages } of readStream(reading)) {
      const decoded: Message[] = [];
      for (const { sequence, message } of messages) {
        const { subject } = message;
        const json = this.decoded(subject, message.data);
        if (json !== undefined)
          decoded.push({ subject, data: json.value, position: `${incarnation}:${sequence}` });
      }
      if (decoded.length > 0) yield decoded;
    }
  }

  async last(subject: string): Promise<Message | undefined> {
    this.closing.signal.throwIfAborted();
    const stream = this.streamFor(subject);
    if (stream === undefined) return undefined;
    const { connection, shown } = this.link;
    try {
      const [info, last] = await Promise.all([
        streamInfo(connection, stream),
        lastMessage(connection, stream, subject),
      ]);
      if (last === undefined) return undefined;
      const data: unknown = JSON.parse(textOf(last.data));
      return { subject, data, position: `${info.created}:${last.sequence}` };
    } catch (error) {
      throw new Error(
        `the newest message of "${subject}" cannot be had from ${shown}: ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  }

  async request(subject: string, data: unknown, timeout: number): Promise<unknown> {
    this.closing.signal.throwIfAborted();
    const fault = subjectFault(subject);
    if (fault !== undefined) throw new Error(fault);
    const body = this.encoded(subject, data);
    const over = new AbortController();
    const ask = () => this.requests.ask(subject, body, over.signal);
    try {
      return await answerWithin(timeout, subject, this.closing.signal, ask);
    } finally {
      over.abort();
    }
  }

  serve(subject: string, handler: (data: unknown) => Promise<unknown>): Subscription {
    const fault = subjectFault(subject);
    if (fault !== undefined) throw new Error(fault);
    return this.requests.serve(subject, handler);
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the bus is closed'));
    await this.link.close();
  }

  private keepingOf(stream: Stream): Keeping {
    return this.options.keeping?.[stream] ?? defaultKeeping[stream];
  }

  /** Makes a stream again that is gone; the messages that wait for it are then stored. Never rejects. */
  private restoreStreams(): void {
    this.restoring ??= this.prepare()
      .then(
        () => {
          this.unrestored = '';
        },
        (error: Error) => {
          if (this.link.ended.aborted || this.unrestored === error.message) return;
          this.unrestored = error.message;
          this.options.log?.error({ err: error }, 'the streams could not be made again; trying on:');
        },
      )
      .finally(() => {
        this.restoring = undefined;
      });
  }

  private streamFor(subject: string): Stream | undefined {
    if (this.known.has(subject)) return this.known.get(subject);
    const fault = subjectFault(subject);
    if (fault !== undefined) throw new Error(fault);
    if (this.known.size >= mostKnown) this.known.clear();
    const stream = streamOf(subject);
    this.known.set(subject, stream);
    return stream;
  }

  private encoded(subject: string, data: unknown): Buffer {
    const text = JSON.stringify(data);
    if (text === undefined) throw new Error(`a message on "${subject}" is refused: undefined is not JSON`);
    const body = Buffer.from(text);
    const most = (this.link.connection.info?.max_payload ?? defaultPayload) - headerRoom;
    if (body.length <= most) return body;
    throw new Error(
      `a message on "${subject}" is refused: it has ${body.length} bytes, the server takes ${most}; send it in pieces, or raise max_payload there`,
    );
  }

  /** Whatever any client may have put there: what is not ours to read is told, and passed over. */
  private decoded(subject: string, data: Uint8Array): { value: unknown } | undefined {
    try {
      this.streamFor(subject);
      return { value: JSON.parse(textOf(data)) };
    } catch (error) {
      this.tell(error, subject);
      return undefined;
    }
  }

  private tell(error: unknown, subject: string): void {
    this.options.onError?.(error, subject);
  }
}

const done = Promise.resolve();
/** The server's own default, until it has said otherwise. */
const defaultPayload = 2 ** 20;
const mostKnown = 10_000;

/** A position is the incarnation of its stream and the number there of a message. */
function beginning(position: Position | null): Beginning {
  if (position === null) return 'first';
  const colon = position.lastIndexOf(':');
  const after = Number(position.slice(colon + 1));
  // What another adapter has given out stands for nothing here: an incarnation that is no more.
  if (!Number.isSafeInteger(after) || after < 0) return { incarnation: position, after: 0 };
  return { incarnation: position.slice(0, Math.max(colon, 0)), after };
}
