import type { Log } from '@tandem/runtime';
import { backoff } from '@tandem/runtime';
import WebSocket from 'ws';

/** How often the exchange is pinged, and how long a connection may say nothing at all, ms. */
const pingInterval = 5_000;
const longestSilence = 15_000;
const handshakeTimeout = 10_000;
/** Exchanges cut connections after 24 h: ours is renewed before, at a moment of our own, ms. */
const lifetime = 23 * 3_600_000;
const lifetimeJitter = 1_800_000;
/** How long an old connection is kept beside the new one if some instruments stay quiet, ms. */
const longestOverlap = 60_000;
/** A stream that stays silent on a healthy connection is worth a new connection at most this often, ms. */
const forcedInterval = 30_000;
const largestFrame = 4 * 1024 * 1024;

export interface WireOptions {
  url: string;
  /** Names of the instruments whose frames prove a new connection. */
  symbols: readonly string[];
  /**
   * A frame, with the wall clock of its arrival. `complete` is false while another connection may still bring what was sent
   * before it. Returns the instrument that it proves alive, if any.
   */
  onFrame: (frame: Buffer, received: number, complete: boolean) => string | undefined;
  /** A replaced connection is gone before these instruments have spoken on the new one. */
  onUnproven?: (symbols: Iterable<string>) => void;
  onConnected: () => void;
  /** `retryAt` is wall clock, ms. */
  onLost: (detail: string, retryAt: number) => void;
  random: () => number;
  log: Log;
}

interface Connection {
  socket: WebSocket;
  heard: number;
  /** Instruments that have not yet spoken on it. */
  waiting: Set<string>;
  renewal: NodeJS.Timeout;
  watchdog: NodeJS.Timeout;
}

/** The WebSocket of a feed, kept up for ever: back-off after a loss, renewal with overlap before the exchange's limit. */
export class Wire {
  readonly #options: WireOptions;
  #current: Connection | undefined;
  /** The connection that is being replaced: it serves until the new one is proven. */
  #previous: Connection | undefined;
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;
  #retryAt: number | null = null;
  #overlap: NodeJS.Timeout | undefined;
  #forcedAt = Number.NEGATIVE_INFINITY;
  #stopped = false;
  reconnects = 0;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Wall clock of the next connection attempt; null when none is due. */
  get retryAt(): number | null {
    return this.#retryAt;
  }

  /** Opens a new connection beside the current one, which is closed once the new one is proven. */
  renew(reason: string): void {
    if (this.#stopped || this.#previous !== undefined || this.#current === undefined) return;
    this.#options.log.info({ reason }, 'renewing the connection');
    this.#previous = this.#current;
    this.#connect();
    this.#overlap = setTimeout(() => this.#retire(), longestOverlap);
  }

  /** Gives the connection up, because it does not carry what it should. */
  reconnect(reason: string): void {
    const now = performance.now();
    if (now - this.#forcedAt < forcedInterval) return;
    this.#forcedAt = now;
    this.#options.log.warn({ reason }, 'giving up the connection');
    this.#current?.socket.terminate();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#overlap);
    for (const connection of [this.#current, this.#previous]) {
      if (connection === undefined) continue;
      this.#forget(connection);
      connection.socket.terminate();
    }
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.url, {
      perMessageDeflate: false,
      handshakeTimeout,
      followRedirects: false,
      maxPayload: largestFrame,
    });
    const connection: Connection = {
      socket,
      heard: performance.now(),
      waiting: new Set(this.#options.symbols),
      renewal: setTimeout(
        () => this.renew('its lifetime ends'),
        lifetime + (this.#options.random() - 0.5) * lifetimeJitter,
      ),
      watchdog: setInterval(() => this.#watch(connection), pingInterval),
    };
    this.#current = connection;
    this.#retryAt = null;
    let reason = '';
    socket.on('open', () => {
      if (connection === this.#current) this.#options.onConnected();
    });
    socket.on('message', (data: Buffer) => this.#hear(connection, data));
    socket.on('pong', () => {
      connection.heard = performance.now();
    });
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', (code, text) =>
      this.#closed(connection, reason || `closed with ${code} ${text.toString()}`.trim()),
    );
  }

  #hear(connection: Connection, data: Buffer): void {
    connection.heard = performance.now();
    const complete = connection === (this.#previous ?? this.#current);
    const symbol = this.#understood(data, complete);
    if (symbol === undefined) return;
    // Only data proves a connection: an acknowledged subscription may stay silent for ever.
    if (connection === this.#current) this.#attempt = 0;
    if (connection.waiting.delete(symbol) && connection.waiting.size === 0 && connection === this.#current)
      this.#retire();
  }

  /** Whatever a frame holds, it must not end the process. */
  #understood(data: Buffer, complete: boolean): string | undefined {
    if (this.#stopped) return undefined;
    try {
      return this.#options.onFrame(data, Date.now(), complete);
    } catch (error) {
      this.#options.log.error({ err: error }, 'a frame could not be handled:');
      return undefined;
    }
  }

  /** Closes the connection that was replaced. */
  #retire(): void {
    clearTimeout(this.#overlap);
    const previous = this.#previous;
    this.#previous = undefined;
    if (previous === undefined) return;
    this.#forget(previous);
    previous.socket.close();
    this.#unproven();
  }

  #unproven(): void {
    const waiting = this.#current?.waiting;
    if (waiting !== undefined && waiting.size > 0) this.#options.onUnproven?.(waiting);
  }

  #watch(connection: Connection): void {
    const silence = performance.now() - connection.heard;
    if (silence > longestSilence) {
      this.#options.log.warn({ silence: Math.round(silence) }, 'the connection is dead: not even pongs');
      connection.socket.terminate();
    } else if (connection.socket.readyState === WebSocket.OPEN) connection.socket.ping();
  }

  #closed(connection: Connection, reason: string): void {
    this.#forget(connection);
    if (this.#stopped) return;
    if (connection === this.#previous) {
      clearTimeout(this.#overlap);
      this.#previous = undefined;
      this.#unproven();
      return;
    }
    if (connection !== this.#current) return;
    if (this.#previous !== undefined) {
      // The replacement failed; the old connection goes on and is replaced later.
      this.#current = this.#previous;
      this.#previous = undefined;
      clearTimeout(this.#overlap);
      clearTimeout(this.#current.renewal);
      this.#current.renewal = setTimeout(() => this.renew('its lifetime ends'), longestOverlap);
      return;
    }
    this.#current = undefined;
    this.reconnects++;
    const delay = backoff(++this.#attempt, this.#options.random());
    this.#retryAt = Date.now() + delay;
    this.#options.log.warn({ reason, retryIn: Math.round(delay) }, 'the connection is lost');
    this.#options.onLost(reason, this.#retryAt);
    this.#retry = setTimeout(() => this.#connect(), delay);
  }

  #forget(connection: Connection): void {
    clearTimeout(connection.renewal);
    clearInterval(connection.watchdog);
  }
}
