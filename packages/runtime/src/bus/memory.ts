import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { matches, type Stream, streamOf, streams } from '@tandem/common';
import type { Bus, Message, Position, Subscription } from './bus.ts';
import { answerWithin } from './request.ts';
import { StreamLog } from './stream-log.ts';
import { patternFault, subjectFault } from './subject-rules.ts';

export interface MemoryBusOptions {
  /** Messages kept per stream, and how far the slowest reader may fall behind before publishers wait. */
  capacity?: number;
  /** The most messages that a reader gets at once. */
  batch?: number;
  /** Told of what a subscriber's handler threw; the publisher never is. */
  onError?: (error: unknown, subject: string) => void;
}

interface Listener {
  readonly pattern: string;
  readonly handler: (subject: string, data: unknown) => void;
  active: boolean;
}

/** What is known of a subject, so that a message costs no splitting and matching. */
interface Channel {
  readonly log: StreamLog | undefined;
  listeners: readonly Listener[];
  last: Message | undefined;
}

type Server = (data: unknown) => Promise<unknown>;

/** A bus within one process can also tell when its readers are done. */
export interface InProcessBus extends Bus {
  /** Resolves when every reader of the stream has handled what was published, which a replay waits for at its end. */
  drained(stream: Stream): Promise<void>;
}

/** The bus within one process: bounded streams with back-pressure, handlers called in the order of publishing. */
export function memoryBus(options: MemoryBusOptions = {}): InProcessBus {
  return new MemoryBus(options);
}

class MemoryBus implements InProcessBus {
  readonly durable = false;
  private readonly batch: number;
  private readonly onError: (error: unknown, subject: string) => void;
  private readonly logs: Record<Stream, StreamLog>;
  private readonly channels = new Map<string, Channel>();
  private readonly servers = new Map<string, Server[]>();
  private readonly closing = new AbortController();
  private listeners: readonly Listener[] = [];
  /** Deliveries to come while a handler is itself publishing: everybody sees one order. */
  private deliveries: { channel: Channel; subject: string; data: unknown }[] = [];
  private delivering = false;

  constructor(options: MemoryBusOptions) {
    const capacity = options.capacity ?? 10_000;
    this.batch = options.batch ?? 1_000;
    this.onError = options.onError ?? (() => {});
    const incarnation = randomUUID();
    const names = Object.keys(streams) as Stream[];
    this.logs = Object.fromEntries(
      names.map((name) => [name, new StreamLog(name, incarnation, capacity)]),
    ) as Record<Stream, StreamLog>;
  }

  publish(subject: string, data: unknown): Promise<void> {
    if (this.closing.signal.aborted) return Promise.reject(this.closing.signal.reason);
    if (data === undefined) {
      return Promise.reject(new Error(`a message on "${subject}" is refused: undefined is not JSON`));
    }
    let channel: Channel;
    try {
      channel = this.channel(subject);
    } catch (fault) {
      return Promise.reject(fault);
    }
    if (channel.log === undefined) {
      this.deliver(channel, subject, data);
      return done;
    }
    const waiting = channel.log.append(subject, data, (message) => {
      channel.last = message;
      this.deliver(channel, subject, data);
    });
    return waiting ?? done;
  }

  subscribe(pattern: string, handler: (subject: string, data: unknown) => void): Subscription {
    const fault = patternFault(pattern);
    if (fault !== undefined) throw new Error(fault);
    const listener: Listener = { pattern, handler, active: true };
    this.setListeners([...this.listeners, listener]);
    return {
      stop: () => {
        listener.active = false;
        this.setListeners(this.listeners.filter((one) => one !== listener));
      },
    };
  }

  read(stream: Stream, from: Position | null, signal: AbortSignal): AsyncIterable<readonly Message[]> {
    return this.logs[stream].read(from, this.batch, signal);
  }

  async drained(stream: Stream): Promise<void> {
    while (!this.closing.signal.aborted && !this.logs[stream].drained) await sleep(2);
  }

  last(subject: string): Promise<Message | undefined> {
    return Promise.resolve(this.channels.get(subject)?.last);
  }

  async request(subject: string, data: unknown, timeout: number): Promise<unknown> {
    this.closing.signal.throwIfAborted();
    const fault = subjectFault(subject);
    if (fault !== undefined) throw new Error(fault);
    const serving = this.servers.get(subject);
    const server = serving?.shift();
    if (serving === undefined || server === undefined) throw new Error(`nobody serves "${subject}"`);
    // Several servers of one subject take turns, as in a queue group.
    serving.push(server);
    return answerWithin(timeout, subject, this.closing.signal, () => server(data));
  }

  serve(subject: string, handler: Server): Subscription {
    const fault = subjectFault(subject);
    if (fault !== undefined) throw new Error(fault);
    // A wrapper of its own, so that serving twice with one handler and stopping once leaves one.
    const server: Server = (data) => handler(data);
    this.servers.set(subject, [...(this.servers.get(subject) ?? []), server]);
    return {
      stop: () => {
        const left = this.servers.get(subject)?.filter((one) => one !== server) ?? [];
        if (left.length > 0) this.servers.set(subject, left);
        else this.servers.delete(subject);
      },
    };
  }

  close(): Promise<void> {
    if (!this.closing.signal.aborted) {
      const fault = new Error('the bus is closed');
      this.closing.abort(fault);
      for (const log of Object.values(this.logs)) log.close(fault);
      this.setListeners([]);
      this.servers.clear();
    }
    return done;
  }

  private channel(subject: string): Channel {
    const known = this.channels.get(subject);
    if (known !== undefined) return known;
    const fault = subjectFault(subject);
    if (fault !== undefined) throw new Error(fault);
    const stream = streamOf(subject);
    const log = stream === undefined ? undefined : this.logs[stream];
    const channel: Channel = { log, listeners: this.listenersOf(subject), last: undefined };
    this.channels.set(subject, channel);
    return channel;
  }

  private listenersOf(subject: string): readonly Listener[] {
    return this.listeners.filter((listener) => matches(listener.pattern, subject));
  }

  private setListeners(listeners: readonly Listener[]): void {
    this.listeners = listeners;
    for (const [subject, channel] of this.channels) channel.listeners = this.listenersOf(subject);
  }

  private deliver(channel: Channel, subject: string, data: unknown): void {
    if (channel.listeners.length === 0) return;
    this.deliveries.push({ channel, subject, data });
    if (this.delivering) return;
    this.delivering = true;
    for (let delivery = this.deliveries.shift(); delivery !== undefined; delivery = this.deliveries.shift()) {
      for (const listener of delivery.channel.listeners) this.call(listener, delivery.subject, delivery.data);
    }
    this.delivering = false;
  }

  private call(listener: Listener, subject: string, data: unknown): void {
    if (!listener.active) return;
    try {
      listener.handler(subject, data);
    } catch (error) {
      this.onError(error, subject);
    }
  }
}

const done = Promise.resolve();
