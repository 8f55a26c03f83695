import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { Simulator, SimulatorOptions } from './index.ts';
import { market, startSimulator } from './index.ts';

const noon = Date.UTC(2026, 5, 1, 12);
let now = noon;
let simulator: Simulator;
const sockets: WebSocket[] = [];

async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
  now = noon;
  const venue = options.venue ?? 'binance-usdm';
  simulator = await startSimulator({ history: market(1, { venue }), venue, clock: () => now, ...options });
}

interface Client {
  readonly socket: WebSocket;
  readonly messages: string[];
  readonly closed: Promise<{ code: number; reason: string }>;
  /** The message that answers this control message. */
  ask(message: object | string): Promise<unknown>;
}

async function connect(path: string, options: WebSocket.ClientOptions = {}): Promise<Client> {
  const socket = new WebSocket(`${simulator.wsUrl}${path}`, options);
  sockets.push(socket);
  const messages: string[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })),
  );
  socket.on('message', (message) => messages.push(String(message)));
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return {
    socket,
    messages,
    closed,
    async ask(message) {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
      const answered = (): string | undefined => messages.find((text) => /"(result|error)":/.test(text));
      while (answered() === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
      const answer = answered()!;
      messages.splice(messages.indexOf(answer), 1);
      return JSON.parse(answer);
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const kindOf = (text: string): string => JSON.parse(text).e ?? JSON.parse(text).data.e;

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await simulator.stop();
});

describe('the WebSocket side', () => {
  it.each([
    ['/public/stream', ['trade']],
    ['/stream', ['trade']],
    ['/market/stream', ['aggTrade']],
  ])('on %s acknowledges every stream and lets only its tier flow', async (path, kinds) => {
    await start();
    const witness = await connect('/market/ws/ethusdt@aggTrade');
    const last = await connect('/public/ws/ethusdt@trade');
    const client = await connect(path);
    const params = ['btcusdt@trade', 'btcusdt@aggTrade', 'btcusdt@nonsense'];
    expect(await client.ask({ method: 'SUBSCRIBE', params, id: 1 })).toEqual({ result: null, id: 1 });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).toEqual({ result: params, id: 2 });
    now += 20_000;
    await until(() => witness.messages.length > 0 && last.messages.length > 0 && client.messages.length > 0);
    await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 3 });
    expect([...new Set(client.messages.map(kindOf))]).toEqual(kinds);
  });

  it('sends nothing on the private tier and knows no tiers on spot', async () => {
    await start();
    const quiet = await connect('/private/ws/btcusdt@trade');
    const loud = await connect('/ws/btcusdt@trade');
    now += 5000;
    await until(() => loud.messages.length > 0);
    expect(quiet.messages).toEqual([]);
    await simulator.stop();
    await start({ venue: 'binance-spot' });
    await expect(connect('/public/ws/btcusdt@trade')).rejects.toThrow('404');
    const both = await connect('/ws/btcusdt@trade/btcusdt@aggTrade');
    now += 5000;
    await until(() => new Set(both.messages.map(kindOf)).size === 2);
  });

  it('carries every id in order, raw on /ws and wrapped on /stream, and follows SET_PROPERTY', async () => {
    await start();
    const raw = await connect('/ws/btcusdt@trade');
    const wrapped = await connect('/stream?streams=btcusdt@trade');
    const from = simulator.now();
    const tape = market(1).trades('BTCUSDT');
    for (let step = 0; step < 10; step++) {
      now += 700;
      await new Promise((resolve) => setTimeout(resolve, 12));
    }
    const expected = tape.head(now)! - tape.head(from)!;
    await until(() => raw.messages.length === expected && wrapped.messages.length === expected);
    expect(raw.messages.map((text) => JSON.parse(text).t)).toEqual(
      Array.from({ length: expected }, (_, at) => tape.head(from)! + 1 + at),
    );
    expect(wrapped.messages).toEqual(raw.messages.map((text) => `{"stream":"btcusdt@trade","data":${text}}`));
    expect(await raw.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 1 })).toEqual({
      result: false,
      id: 1,
    });
    expect(await raw.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 2 })).toEqual({
      result: null,
      id: 2,
    });
    expect(await raw.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 3 })).toEqual({
      result: true,
      id: 3,
    });
  });

  it('stops a stream at UNSUBSCRIBE', async () => {
    await start();
    const client = await connect('/ws/btcusdt@trade/ethusdt@trade');
    await client.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@trade'], id: 1 });
    now += 5000;
    await until(() => client.messages.length > 0);
    await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
    expect(new Set(client.messages.map((text) => JSON.parse(text).s))).toEqual(new Set(['ETHUSDT']));
  });

  it.each([
    [{ method: 'SUBSCRIBE', params: 'btcusdt@trade', id: 1 }, 2],
    [{ method: 'DANCE', id: 1 }, 2],
    [{ id: 1 }, 2],
    [{ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id: -1 }, 2],
    [{ method: 'SET_PROPERTY', params: ['combined', 1], id: 1 }, 1],
    [{ method: 'SET_PROPERTY', params: ['colour', true], id: 1 }, 0],
    [{ method: 'SET_PROPERTY', params: [7, true], id: 1 }, 2],
    [{ method: 'SUBSCRIBE', params: Array.from({ length: 1025 }, (_, at) => `s${at}@trade`), id: 1 }, 4],
  ])('refuses %j with code %i', async (message, code) => {
    await start();
    const client = await connect('/ws');
    expect(await client.ask(message)).toMatchObject({ error: { code } });
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('answers what is no JSON with an error and closes', async () => {
    await start();
    const client = await connect('/ws/btcusdt@trade');
    expect(await client.ask('{"method":')).toMatchObject({ error: { code: 3 }, id: null });
    expect((await client.closed).code).toBe(1008);
  });

  it.each([
    ['binance-usdm', 10],
    ['binance-spot', 5],
  ] as const)('on %s closes after more than %i messages in a second', async (venue, most) => {
    await start({ venue });
    const client = await connect('/ws');
    for (let id = 0; id < most; id++)
      client.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id }));
    await until(() => client.messages.length === most);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
    // So many at once that they are too many, even if the second of the others is over.
    for (let id = 0; id <= most; id++)
      client.socket.send(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id }));
    expect((await client.closed).code).toBe(1008);
  });

  it('pings, keeps who answers, and closes with Pong timeout who does not', async () => {
    // Longer than who answers may be busy with something else.
    await start({ pingInterval: 20, pongTimeout: 4_000 });
    const deaf = await connect('/ws', { autoPong: false });
    const alive = await connect('/ws');
    expect(await deaf.closed).toEqual({ code: 1008, reason: 'Pong timeout' });
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('ends every connection at its greatest age', async () => {
    await start({ maxAge: 50 });
    expect((await (await connect('/ws')).closed).code).toBe(1006);
  });

  it('tells times in microseconds on spot when asked', async () => {
    await start({ venue: 'binance-spot' });
    const client = await connect('/ws/btcusdt@trade?timeUnit=MICROSECOND');
    now += 5000;
    await until(() => client.messages.length > 0);
    const { E, T } = JSON.parse(client.messages[0]!);
    expect([E, T].every((time: number) => time > 1e15)).toBe(true);
  });
});
