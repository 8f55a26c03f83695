import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ConnectionSettings } from './connection.ts';
import { Connection } from './connection.ts';
import type { Fault } from './fault.ts';
import type { Delivery } from './frame-faults.ts';
import type { Venue } from './venue.ts';
import { route } from './venue.ts';

/** Sockets hold back an unpaced recording while one of them has more than this to send. */
const enough = 1 << 18;

/** All WebSocket connections, found by the streams that flow on them. */
export class Sockets {
  readonly connections = new Set<Connection>();
  readonly #server = new WebSocketServer({ noServer: true, autoPong: false, perMessageDeflate: false });
  readonly #venue: Venue;
  readonly #settings: ConnectionSettings;
  readonly #changed: () => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #byStream = new Map<string, Connection[]>();
  #opened = 0;

  constructor(venue: Venue, settings: ConnectionSettings, changed: () => void) {
    this.#venue = venue;
    this.#settings = settings;
    this.#changed = changed;
  }

  /** Takes over the handshake of a request. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://exchange');
    const asked = route(this.#venue, url);
    if (!asked) {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const changed = (): void => this.#index();
      const path = `${url.pathname}${url.search}`;
      this.#opened += 1;
      const connection = new Connection(
        this.#opened,
        webSocket,
        socket as Socket,
        path,
        asked,
        this.#venue,
        this.#settings,
        changed,
      );
      this.connections.add(connection);
      webSocket.on('close', () => {
        this.connections.delete(connection);
        this.#index();
      });
      this.#index();
    });
  }

  wants(stream: string): boolean {
    return this.#byStream.has(stream);
  }

  get ready(): boolean {
    for (const { socket } of this.connections) if (socket.bufferedAmount > enough) return false;
    return true;
  }

  deliver(delivery: Delivery): void {
    for (const connection of this.#byStream.get(delivery.stream) ?? [])
      connection.deliver(delivery, this.#settings.maxBuffered);
  }

  /** Carries out a fault on the connections that are open now. */
  meet(fault: Extract<Fault, { kind: 'drop' | 'mute' | 'silence' }>): void {
    const stream = fault.kind === 'silence' ? undefined : fault.stream;
    const met = [...this.connections].filter((one) => stream === undefined || one.flowing.includes(stream));
    for (const connection of met) {
      if (fault.kind === 'mute') connection.muted.add(fault.stream);
      else if (fault.kind === 'silence') {
        connection.silent = true;
        connection.answersPings = fault.pongs ?? true;
      } else if (fault.how === 'close') connection.socket.close(fault.code ?? 1001, 'Going away');
      else connection.reset();
    }
    if (fault.kind !== 'drop' && fault.forMs !== undefined) this.#later(fault.forMs, () => heal(met, fault));
  }

  heal(): void {
    for (const connection of this.connections) {
      connection.muted.clear();
      connection.silent = false;
      connection.answersPings = true;
    }
  }

  notify(stream: string, data: string): void {
    for (const connection of this.connections) connection.notify(stream, data);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { socket } of this.connections) socket.terminate();
    this.#server.close();
  }

  #later(delay: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, delay);
    this.#timers.add(timer);
  }

  #index(): void {
    const byStream = new Map<string, Connection[]>();
    for (const connection of this.connections)
      for (const stream of connection.flowing) {
        const found = byStream.get(stream);
        if (found) found.push(connection);
        else byStream.set(stream, [connection]);
      }
    this.#byStream = byStream;
    this.#changed();
  }
}

function heal(connections: readonly Connection[], fault: Extract<Fault, { kind: 'mute' | 'silence' }>): void {
  for (const connection of connections) {
    if (fault.kind === 'mute') connection.muted.delete(fault.stream);
    else connection.silent = false;
  }
}
