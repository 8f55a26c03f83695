import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, connect, Events, type NatsConnection } from 'nats';
import { backoff } from './backoff.ts';
import type { Condition } from './health.ts';
import type { Log } from './log.ts';
import { natsAddress, natsForm } from './nats-address.ts';

export interface NatsLinkOptions {
  /** What the server calls this connection in its own reports. */
  readonly name?: string;
  readonly log?: Log | undefined;
  /** Told of each change of the connection, for a health part. */
  readonly onState?: ((condition: Condition, reason: string) => void) | undefined;
  /** Ends the waiting for the first connection. */
  readonly signal?: AbortSignal | undefined;
}

/** A connection that outlives its server: it is made again for ever. */
export interface NatsLink {
  readonly connection: NatsConnection;
  /** The server, without secrets. */
  readonly shown: string;
  readonly connected: boolean;
  /** Aborts with the reason once the connection is over for good: by `close`, or by a fault. */
  readonly ended: AbortSignal;
  /** Whether it was `close` that ended it. */
  readonly closed: boolean;
  /** Calls `listener` each time that the connection has come back. Returns what stops it. */
  onReconnect(listener: () => void): () => void;
  /** Resolves once connected; rejects when the link ends, or with `signal`. */
  whenConnected(signal?: AbortSignal): Promise<void>;
  report(condition: Condition, reason: string): void;
  close(): Promise<void>;
}

/** A server that hangs is noticed after this time twice, ms. */
const pingInterval = 5_000;

/** Connects, however long that takes; a server that is away at first is waited for, and said to be. */
export async function natsLink(url: string, options: NatsLinkOptions = {}): Promise<NatsLink> {
  const address = natsAddress(url);
  if (address === undefined) throw new Error(`"${url}" is refused: a NATS server is ${natsForm}`);
  const { log, onState, signal } = options;
  const { shown } = address;
  const settings: ConnectionOptions = {
    servers: address.server,
    name: options.name ?? 'tandem',
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    // The driver would give up after the same refusal twice; the server's configuration may be mended meanwhile.
    ignoreAuthErrorAbort: true,
    pingInterval,
    maxPingOut: 2,
    // Of one attempt: a hung server accepts connections and says nothing.
    timeout: 5_000,
    ...(address.user === undefined ? {} : { user: address.user, pass: address.password ?? '' }),
    ...(address.token === undefined ? {} : { token: address.token }),
    ...(address.tls ? { tls: {} } : {}),
  };
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      const connection = await connect(settings);
      if (attempt > 1) log?.info({ server: shown, attempt }, 'connected to NATS');
      return new Link(connection, shown, log, onState);
    } catch (error) {
      const reason = (error as Error).message;
      onState?.('down', `no connection to ${shown}: ${reason}`);
      // Of a long wait, not every attempt is worth a line.
      if (attempt <= 3 || attempt % 20 === 0) {
        log?.warn({ server: shown, attempt, reason }, 'no connection to NATS yet; trying on:');
      }
      await sleep(backoff(attempt, Math.random(), { first: 500, most: 3_000 }), undefined, { signal });
    }
  }
}

class Link implements NatsLink {
  readonly connection: NatsConnection;
  readonly shown: string;
  connected = true;
  closed = false;
  private readonly ending = new AbortController();
  private readonly log: Log | undefined;
  private readonly onState: NatsLinkOptions['onState'];
  private readonly listeners = new Set<() => void>();
  private said = '';

  constructor(
    connection: NatsConnection,
    shown: string,
    log: Log | undefined,
    onState: NatsLinkOptions['onState'],
  ) {
    this.connection = connection;
    this.shown = shown;
    this.log = log;
    this.onState = onState;
    // As many readers and requests as a process has.
    setMaxListeners(0, this.ended);
    this.report('ok', '');
    void this.watch();
    void connection.closed().then((error) => {
      this.connected = false;
      if (this.ending.signal.aborted) return;
      const reason = error instanceof Error ? error.message : 'the driver gave up';
      this.end(new Error(`the connection to ${shown} is over: ${reason}`));
      log?.error({ server: shown, reason }, 'the connection to NATS is over:');
    });
  }

  get ended(): AbortSignal {
    return this.ending.signal;
  }

  onReconnect(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  whenConnected(signal?: AbortSignal): Promise<void> {
    if (this.ended.aborted) return Promise.reject(this.ended.reason);
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.connected) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (how: () => void) => () => {
        stop();
        this.ended.removeEventListener('abort', end);
        signal?.removeEventListener('abort', abort);
        how();
      };
      const end = settle(() => reject(this.ended.reason));
      const abort = settle(() => reject(signal?.reason));
      const stop = this.onReconnect(settle(resolve));
      this.ended.addEventListener('abort', end);
      signal?.addEventListener('abort', abort);
    });
  }

  report(condition: Condition, reason: string): void {
    if (this.said === condition + reason) return;
    this.said = condition + reason;
    this.onState?.(condition, reason);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const wasConnected = this.connected;
    this.end(new Error('the connection is closed'));
    // What was just published still leaves, unless the server hangs.
    if (wasConnected) {
      const patience = new AbortController();
      const flushed = this.connection.flush().catch(() => {});
      const waited = sleep(1_000, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([flushed, waited]);
      patience.abort();
    }
    await this.connection.close();
  }

  private end(reason: Error): void {
    if (this.ending.signal.aborted) return;
    this.report('down', reason.message);
    this.ending.abort(reason);
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === Events.Disconnect && this.connected && !this.ended.aborted) {
        this.connected = false;
        this.report('down', `the connection to ${this.shown} is lost`);
        this.log?.warn({ server: this.shown }, 'the connection to NATS is lost; connecting again');
      } else if (status.type === Events.Reconnect && !this.ended.aborted) {
        this.connected = true;
        this.report('ok', '');
        this.log?.info({ server: this.shown }, 'connected to NATS again');
        for (const listener of [...this.listeners]) listener();
      } else if (status.type === Events.Error) {
        this.log?.error({ server: this.shown, reason: String(status.data) }, 'NATS refuses something:');
      }
    }
  }
}
