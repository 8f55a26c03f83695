import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import { control } from './control.ts';
import type { Delivery } from './frame-faults.ts';
import type { Route, Tier, Venue } from './venue.ts';
import { carries } from './venue.ts';

/** The time-like settings of a connection, so that tests need not wait for three minutes. */
export interface ConnectionSettings {
  readonly pingInterval: number;
  readonly pongTimeout: number;
  /** The exchange closes every connection at this age. */
  readonly maxAge: number;
  /** A client that lets this many bytes pile up is cut off. */
  readonly maxBuffered: number;
}

/** One client's WebSocket. */
export class Connection {
  readonly id: number;
  readonly tier: Tier;
  readonly path: string;
  readonly streams: Set<string>;
  combined: boolean;
  sent = 0;
  /** Streams that a fault silences here until the client reconnects. */
  readonly muted = new Set<string>();
  /** Half-open: nothing more is sent. */
  silent = false;
  answersPings = true;
  readonly socket: WebSocket;
  readonly #wire: Socket;
  readonly #microseconds: boolean;
  readonly #venue: Venue;
  readonly #changed: () => void;
  readonly #timers: NodeJS.Timeout[] = [];
  #messages: number[] = [];
  #ponged = performance.now();
  #payload = '';

  constructor(
    id: number,
    socket: WebSocket,
    wire: Socket,
    path: string,
    route: Route,
    venue: Venue,
    settings: ConnectionSettings,
    changed: () => void,
  ) {
    this.id = id;
    this.socket = socket;
    this.#wire = wire;
    this.path = path;
    this.tier = route.tier;
    this.streams = new Set(route.streams);
    this.combined = route.combined;
    this.#microseconds = route.microseconds;
    this.#venue = venue;
    this.#changed = changed;
    socket.on('message', (data) => this.#message(data));
    socket.on('ping', (payload) => this.#ping(payload));
    socket.on('pong', (payload) => this.#pong(payload));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      for (const timer of this.#timers) clearInterval(timer);
      changed();
    });
    this.#timers.push(
      setInterval(() => this.#heartbeat(), settings.pingInterval),
      setInterval(() => this.#watch(settings.pongTimeout), Math.ceil(settings.pongTimeout / 10)),
      setTimeout(() => this.socket.terminate(), Math.min(settings.maxAge, 2 ** 31 - 1)),
    );
  }

  /** The streams whose data really flows here: those of another tier are acknowledged and silent. */
  get flowing(): string[] {
    return [...this.streams].filter((stream) => carries(this.tier, stream));
  }

  /** Sends what the faults made of a frame. */
  deliver({ stream, data, truncated }: Delivery, maxBuffered: number): void {
    if (this.silent || this.muted.has(stream) || this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > maxBuffered) {
      this.socket.terminate();
      return;
    }
    const timed = this.#microseconds ? data.replace(/"([ET])":(\d{13})(?=[,}])/g, '"$1":$2000') : data;
    const text = this.combined ? `{"stream":"${stream}","data":${timed}}` : timed;
    this.socket.send(truncated ? text.slice(0, Math.floor(text.length / 2)) : text);
    this.sent += 1;
  }

  /** Sends a notice that belongs to no stream. */
  notify(stream: string, data: string): void {
    if (!this.silent) this.socket.send(this.combined ? `{"stream":"${stream}","data":${data}}` : data);
  }

  /** Cuts the line without a word: the client sees a reset. */
  reset(): void {
    this.#wire.resetAndDestroy();
  }

  #message(data: RawData): void {
    if (this.#tooMany()) return;
    if (this.silent) return;
    const answer = control(data.toString(), this);
    this.socket.send(answer.text);
    if (answer.fatal) this.socket.close(1008, 'Invalid request');
    this.#changed();
  }

  #ping(payload: Buffer): void {
    if (this.#venue.countsPings && this.#tooMany()) return;
    if (this.answersPings) this.socket.pong(payload);
  }

  #pong(payload: Buffer): void {
    if (this.#venue.countsPings && this.#tooMany()) return;
    // Spot: a pong that nobody asked for proves nothing.
    if (this.#venue.countsPings && payload.toString('latin1') !== this.#payload) return;
    this.#ponged = performance.now();
  }

  #watch(pongTimeout: number): void {
    if (performance.now() - this.#ponged >= pongTimeout) this.socket.close(1008, 'Pong timeout');
  }

  #heartbeat(): void {
    if (this.silent) return;
    this.#payload = randomBytes(8).toString('hex');
    this.socket.ping(this.#payload);
  }

  #tooMany(): boolean {
    const now = performance.now();
    this.#messages = [...this.#messages.filter((time) => now - time < 1000), now];
    if (this.#messages.length <= this.#venue.messagesPerSecond) return false;
    this.socket.close(1008, 'Too many requests');
    return true;
  }
}
