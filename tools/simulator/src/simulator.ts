import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConnectionSettings } from './connection.ts';
import { answerControl } from './control-endpoint.ts';
import type { FaultPlan } from './fault-plan.ts';
import { Faults } from './faults.ts';
import { FrameFaults } from './frame-faults.ts';
import type { History } from './history.ts';
import { play } from './player.ts';
import type { RestSettings } from './rest.ts';
import { Rest } from './rest.ts';
import { Sockets } from './sockets.ts';
import { timeline } from './timeline.ts';
import type { VenueName } from './venue.ts';
import { venueOf } from './venue.ts';

/** What a simulated exchange is made of; only the history and the venue are needed. */
export interface SimulatorOptions extends Partial<RestSettings>, Partial<ConnectionSettings> {
  readonly history: History;
  readonly venue: VenueName;
  readonly port?: number;
  /** 1 is real time; 0 or Infinity plays a recording as fast as the sockets take it. */
  readonly speed?: number;
  /** A recording starts when all its trade streams are subscribed, or only by `start()`. */
  readonly startOn?: 'subscribed' | 'start';
  /** The exchange time at which a market begins; the wall clock without it. */
  readonly epoch?: number;
  /** Replaces the exchange's clock (ms), whatever speed and epoch say. */
  readonly clock?: () => number;
  readonly faults?: FaultPlan;
  /** Serve `POST /control/faults` and `GET /control/state`. */
  readonly control?: boolean;
}

/** What can be seen of a running simulator. */
export interface SimulatorState {
  readonly connections: readonly {
    readonly id: number;
    readonly path: string;
    readonly tier: string;
    readonly streams: readonly string[];
    readonly sent: number;
  }[];
  /** Streams that flow on some connection. */
  readonly subscriptions: readonly string[];
  readonly requests: Readonly<Record<string, number>>;
  readonly weightUsed: number;
  readonly faultsMet: Readonly<Record<string, number>>;
  readonly framesSent: number;
  readonly now: number;
}

/** A running simulated exchange. */
export interface Simulator {
  readonly url: string;
  readonly wsUrl: string;
  readonly restUrl: string;
  readonly port: number;
  readonly faults: Faults;
  readonly state: SimulatorState;
  /** Resolves when the whole recording has been sent; never for a market. */
  readonly finished: Promise<void>;
  /** The exchange's clock. */
  now(): number;
  start(): void;
  stop(): Promise<void>;
}

/** Starts a simulated exchange on the loopback interface. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { history, startOn = 'subscribed', speed = 1 } = options;
  const venue = venueOf(options.venue);
  const clock = timeline(history, { speed, epoch: options.epoch, clock: options.clock });
  const rest = new Rest(venue, history, () => clock.now(), {
    requireApiKey: options.requireApiKey ?? true,
    visibilityLag: options.visibilityLag ?? 0,
    aggTradesWindow: options.aggTradesWindow ?? 86_400_000,
    weightLimit: options.weightLimit ?? venue.weightLimit,
    banAfter: options.banAfter ?? 10,
    banMs: options.banMs ?? 120_000,
    retryAfter: options.retryAfter ?? true,
    timeSkew: options.timeSkew ?? 0,
    wallClock: options.wallClock ?? Date.now,
  });
  const symbols = history.instruments.map(({ symbol }) => symbol.toLowerCase());
  const subscribed = (): boolean =>
    symbols.every((symbol) => sockets.wants(`${symbol}@trade`) || sockets.wants(`${symbol}@aggTrade`));
  const sockets: Sockets = new Sockets(
    venue,
    {
      pingInterval: options.pingInterval ?? venue.pingInterval,
      pongTimeout: options.pongTimeout ?? venue.pongTimeout,
      maxAge: options.maxAge ?? 86_400_000,
      maxBuffered: options.maxBuffered ?? 64 << 20,
    },
    () => {
      if (startOn === 'subscribed' && !clock.started && subscribed()) clock.start();
    },
  );
  const frameFaults = new FrameFaults((fault) => sockets.meet(fault));
  frameFaults.plan = options.faults ?? null;
  const faults = new Faults(frameFaults, sockets, rest, () => clock.now());
  let framesSent = 0;
  // A market on a machine that slept does not push hours of trades at once; whoever hands in a clock gets all.
  const mostBehind = history.span || options.clock ? Number.POSITIVE_INFINITY : 60_000 * Math.max(1, speed);
  const player = play(
    history,
    clock,
    {
      wants: (stream) => sockets.wants(stream),
      get ready() {
        return sockets.ready;
      },
      send(frame) {
        framesSent += 1;
        for (const delivery of frameFaults.pass(frame)) sockets.deliver(delivery);
      },
    },
    mostBehind,
  );
  const state = (): SimulatorState => {
    const connections = [...sockets.connections].map(({ id, path, tier, streams, sent }) => ({
      id,
      path,
      tier,
      streams: [...streams],
      sent,
    }));
    const flowing = new Set([...sockets.connections].flatMap((connection) => connection.flowing));
    return {
      connections,
      subscriptions: [...flowing],
      requests: { ...rest.requests },
      weightUsed: rest.weightUsed,
      faultsMet: { ...frameFaults.counts },
      framesSent,
      now: clock.now(),
    };
  };
  const server = createServer((request, response) => {
    const answering =
      options.control && request.url?.startsWith('/control/')
        ? answerControl(request, response, faults, state)
        : rest.answer(request, response);
    answering.catch((error: unknown) => fail(response, error));
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    sockets.upgrade(request, socket, head);
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    restUrl: `http://127.0.0.1:${port}`,
    port,
    faults,
    get state() {
      return state();
    },
    finished: player.finished,
    now: () => clock.now(),
    start: () => clock.start(),
    async stop() {
      player.stop();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function fail(response: ServerResponse, error: unknown): void {
  if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: -1000, msg: error instanceof Error ? error.message : String(error) }));
}
