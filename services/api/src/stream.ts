import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { FeedStatus } from '@tandem/common';
import type { Bus, Log } from '@tandem/runtime';
import { WebSocketServer } from 'ws';
import { type Newest, newest } from './newest.ts';
import { type StreamClient, streamClient } from './stream-client.ts';

export interface StreamOptions {
  readonly path: string;
  readonly maxClients: number;
  readonly bufferedLimit: number;
  readonly stuckAfter: number;
  /** A sentence if the upgrade is refused. */
  refuse(request: IncomingMessage): string | undefined;
  /** Makes up for what the bus said while this process could not hear it, as far as it can be known. Never rejects. */
  catchUp(known: Newest): Promise<void>;
}

/** The live half of the api: everything the bus says, to whoever asked for it. */
export interface Stream {
  readonly newest: Newest;
  readonly clients: () => number;
  feeds(): FeedStatus[];
  stop(): void;
}

const passing = ['ticks.>', 'bars.>', 'forming.>', 'analytics.>', 'live.>', 'alerts.>', 'feeds.>'];
const largestFrame = 16 * 1024;

export function startStream(server: Server, bus: Bus, log: Log, options: StreamOptions): Stream {
  const known = newest();
  const clients = new Set<StreamClient>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestFrame, perMessageDeflate: false });

  const take = (subject: string, data: unknown) => {
    const message = known.take(subject, data);
    for (const client of clients) client.offer(message);
  };
  /** Clients must not go on as if they had heard everything: each gets its snapshot anew, and asks for the rest. */
  async function missed(): Promise<void> {
    log.warn('the bus was away: its clients are told anew');
    await options.catchUp(known);
    for (const client of clients) client.renew();
  }

  const subscriptions = passing.map((pattern, index) =>
    // All of them miss the same: once is enough.
    bus.subscribe(pattern, take, index === 0 ? () => void missed() : undefined),
  );

  /** A subject named in full may have been said before this process began to listen. */
  async function know(subject: string): Promise<void> {
    if (/[*>]/.test(subject) || known.get(subject) !== undefined) return;
    const last = await bus.last(subject).catch((fault) => {
      // What comes next is sent all the same. No louder: a client may ask as often as it likes, and a bus that is away
      // says so itself.
      log.debug({ err: fault, subject }, 'what a subject said last could not be had:');
      return undefined;
    });
    if (last !== undefined) known.seed(subject, last.data);
  }

  const limits = { buffered: options.bufferedLimit, stuck: options.stuckAfter };
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refused = options.refuse(request);
    if (refused !== undefined) return reject(socket, 403, 'Forbidden', refused);
    if (request.url?.split('?')[0] !== options.path) {
      return reject(socket, 404, 'Not Found', `There is no stream here; it is at ${options.path}.`);
    }
    if (clients.size >= options.maxClients) {
      return reject(
        socket,
        503,
        'Service Unavailable',
        `There are already ${options.maxClients} clients; close one.`,
      );
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const client = streamClient(webSocket, known, know, limits, log);
      clients.add(client);
      webSocket.on('close', () => clients.delete(client));
      webSocket.on('error', (fault) => log.debug({ err: fault }, 'a stream client failed'));
      client.tick(Date.now());
    });
  });

  const heartbeat = setInterval(() => {
    const now = Date.now();
    for (const client of clients) client.tick(now);
  }, 1_000);
  heartbeat.unref();

  return {
    newest: known,
    clients: () => clients.size,
    feeds: () =>
      [...known.values()]
        .filter((message) => message.subject.startsWith('feeds.'))
        .map((message) => FeedStatus.safeParse(known.data(message.subject)).data)
        .filter((feed) => feed !== undefined),
    stop() {
      clearInterval(heartbeat);
      for (const subscription of subscriptions) subscription.stop();
      for (const client of clients) client.close(1001, 'the server is stopping');
      sockets.close();
    },
  };
}

function reject(socket: Duplex, status: number, title: string, sentence: string): void {
  const body = JSON.stringify({ error: sentence });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/json\r\nConnection: close\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
