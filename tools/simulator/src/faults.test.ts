import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { FaultPlan, Simulator } from './index.ts';
import { faultPlan, market, startSimulator } from './index.ts';

const noon = Date.UTC(2026, 5, 1, 12);
const stream = 'btcusdt@trade';
const tape = market(1).trades('BTCUSDT');
const first = tape.head(noon)! + 1;
let now = noon;
let simulator: Simulator;
let client: Client;
const sockets: WebSocket[] = [];

interface Client {
  readonly socket: WebSocket;
  readonly messages: string[];
  readonly closed: Promise<number>;
}

async function connect(streams = `${stream}/ethusdt@trade`): Promise<Client> {
  const socket = new WebSocket(`${simulator.wsUrl}/public/ws/${streams}`);
  sockets.push(socket);
  const messages: string[] = [];
  socket.on('message', (message) => messages.push(String(message)));
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('open', resolve));
  return { socket, messages, closed };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Lets the exchange's clock run for so long, and waits until every stream has said its newest print. */
async function run(ms: number, streamOfProof = 'ETHUSDT', who = client): Promise<void> {
  now += ms;
  const newest = market(1).trades(streamOfProof).head(now)!;
  await until(() => who.messages.some((text) => text.includes(`"s":"${streamOfProof}","t":${newest},`)));
  // All symbols go out in one batch: a round trip later the rest of it has arrived.
  await roundTrip(who);
}

/** What was sent before is received after this. */
async function roundTrip({ socket }: Client): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once('pong', () => resolve());
    socket.ping();
  });
}

function idsOf(messages: readonly string[]): number[] {
  const btc = messages.filter((text) => text.includes('BTCUSDT') && text.endsWith('}'));
  return btc
    .map((text) => JSON.parse(text))
    .filter(({ e }) => e === 'trade')
    .map(({ t }) => t);
}

function expected(): number[] {
  return Array.from({ length: tape.head(now)! - first + 1 }, (_, at) => first + at);
}

async function begin(faults?: FaultPlan): Promise<void> {
  now = noon;
  simulator = await startSimulator({
    history: market(1),
    venue: 'binance-usdm',
    clock: () => now,
    control: true,
    ...(faults ? { faults } : {}),
  });
  client = await connect();
}

beforeEach(() => begin());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await simulator.stop();
});

describe('faults on demand', () => {
  it('without one, every id comes once and in order', async () => {
    await run(20_000);
    expect(idsOf(client.messages)).toEqual(expected());
  });

  it('skip keeps frames from the sockets but not from REST', async () => {
    simulator.faults.skip({ stream, count: 3, after: 2 });
    await run(20_000);
    const ids = expected();
    expect(idsOf(client.messages)).toEqual([...ids.slice(0, 2), ...ids.slice(5)]);
    const url = `${simulator.restUrl}/fapi/v1/historicalTrades?symbol=BTCUSDT&fromId=${first}&limit=8`;
    const rows = (await (await fetch(url, { headers: { 'X-MBX-APIKEY': 'x' } })).json()) as { id: number }[];
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(ids.slice(2, 5)));
  });

  it('repeat sends a frame twice, at once or later', async () => {
    simulator.faults.repeat({ stream });
    simulator.faults.repeat({ stream, later: 2 });
    await run(20_000);
    const [a, b, c, d, ...rest] = expected();
    expect(idsOf(client.messages)).toEqual([a, a, b, c, d, b, ...rest]);
  });

  it('reorder swaps neighbours', async () => {
    simulator.faults.reorder({ stream, after: 1 });
    await run(20_000);
    const [a, b, c, ...rest] = expected();
    expect(idsOf(client.messages)).toEqual([a, c, b, ...rest]);
    const before = client.messages.length;
    simulator.faults.reorder({ stream, count: 2 });
    await run(200_000);
    const [d, e, f, g, ...later] = expected().slice(3 + rest.length);
    expect(idsOf(client.messages.slice(before))).toEqual([e, d, g, f, ...later]);
  });

  it('mute silences one stream while others flow, until the client reconnects', async () => {
    simulator.faults.mute(stream);
    await run(20_000);
    expect(idsOf(client.messages)).toEqual([]);
    const again = await connect();
    await run(20_000, 'BTCUSDT', again);
    expect(idsOf(again.messages).length).toBeGreaterThan(0);
    expect(idsOf(client.messages)).toEqual([]);
  });

  it('mute for a time ends by itself', async () => {
    simulator.faults.mute(stream, 30);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await run(20_000);
    expect(idsOf(client.messages)).toEqual(expected());
  });

  it.each(['truncate', 'types', 'event', 'field'] as const)('malformed: %s', async (mode) => {
    simulator.faults.malformed(mode, { stream });
    await run(20_000);
    const btc = client.messages.filter((text) => !text.includes('ETHUSDT'));
    const [whole] = market(1).frames(noon, now, (name) => name === stream);
    if (mode === 'truncate') expect(btc[0]).toBe(whole!.data.slice(0, Math.floor(whole!.data.length / 2)));
    if (mode === 'types') expect(typeof JSON.parse(btc[0]!).t).toBe('string');
    if (mode === 'field') expect(JSON.parse(btc[0]!)).toMatchObject({ ...JSON.parse(whole!.data), zz: {} });
    if (mode === 'event') {
      expect(JSON.parse(btc[0]!).e).toBe('somethingNew');
      expect(btc[1]).toBe(whole!.data);
    }
    expect(idsOf(btc.slice(-5))).toEqual(expected().slice(-5));
  });

  it('drop cuts only the connections of the stream, by reset or with a close frame', async () => {
    const other = await connect('solusdt@trade');
    simulator.faults.drop('reset', stream);
    expect(await client.closed).toBe(1006);
    expect(other.socket.readyState).toBe(WebSocket.OPEN);
    simulator.faults.drop('close');
    expect(await other.closed).toBe(1001);
  });

  it('silence leaves TCP up: no frames, pings answered or not', async () => {
    simulator.faults.silence({ pongs: true });
    now += 20_000;
    const pong = new Promise((resolve) => client.socket.once('pong', resolve));
    client.socket.ping();
    await pong;
    expect(client.messages).toEqual([]);
    simulator.faults.silence({ pongs: false });
    let answered = false;
    client.socket.once('pong', () => {
      answered = true;
    });
    client.socket.ping();
    const fresh = await connect();
    await run(20_000, 'ETHUSDT', fresh);
    expect(answered).toBe(false);
    expect(client.messages).toEqual([]);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('REST fails as told: status, cut, hang, endless; for one endpoint or all; until cleared', async () => {
    const ask = (endpoint: string, signal?: AbortSignal): Promise<Response> =>
      fetch(`${simulator.restUrl}/fapi/v1/${endpoint}`, signal === undefined ? {} : { signal });
    simulator.faults.rest({ answer: 'status', status: 451, endpoint: 'time', count: 1 });
    expect((await ask('ping')).status).toBe(200);
    expect((await ask('time')).status).toBe(451);
    expect((await ask('time')).status).toBe(200);
    for (const answer of ['cut', 'hang'] as const) {
      simulator.faults.rest({ answer, count: 1 });
      await expect(ask('time', AbortSignal.timeout(150))).rejects.toThrow();
    }
    simulator.faults.rest({ answer: 'endless', count: 1 });
    const patience = new AbortController();
    const endless = await ask('time', patience.signal);
    setTimeout(() => patience.abort(), 150);
    await expect(endless.text()).rejects.toThrow();
    simulator.faults.rest({ answer: 'status' });
    expect([(await ask('time')).status, (await ask('ping')).status]).toEqual([503, 503]);
    simulator.faults.clear();
    expect((await ask('time')).status).toBe(200);
  });

  it('REST lies about its head', async () => {
    const newest = async (): Promise<number> => {
      const response = await fetch(`${simulator.restUrl}/fapi/v1/aggTrades?symbol=BTCUSDT&limit=1`);
      return ((await response.json()) as { a: number }[])[0]!.a;
    };
    const truth = await newest();
    simulator.faults.restHead(5, 'BTCUSDT');
    expect(await newest()).toBe(truth - 5);
  });

  it('a plan repeats with its seed, and what it does to frames depends on nothing else', async () => {
    const rates = { skip: 0.05, repeat: 0.05, reorder: 0.05, malformed: 0.05 };
    const runs: string[][] = [];
    for (const steps of [4, 1]) {
      await simulator.stop();
      await begin(faultPlan(5, rates));
      for (let step = 0; step < steps; step++) {
        now += 20_000 / steps;
        const due = market(1).frames(noon, now, (name) => name === stream || name === 'ethusdt@trade').length;
        await until(() => simulator.state.framesSent === due);
      }
      await roundTrip(client);
      runs.push(client.messages.filter((text) => text.includes('BTCUSDT')));
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(idsOf(runs[0]!)).not.toEqual(expected());
    expect(Object.keys(simulator.state.faultsMet).sort()).toEqual(['malformed', 'reorder', 'repeat', 'skip']);
    expect(() => faultPlan(1, { skip: 2 })).toThrow('the rate of skip');
    expect(() => faultPlan(1, { skip: 0.7, drop: 0.7 })).toThrow('at most 1');
  });

  it('are taken over HTTP too, and refused with a sentence', async () => {
    const post = (body: unknown): Promise<Response> =>
      fetch(`${simulator.restUrl}/control/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post({ kind: 'skip', stream, count: 2 })).status).toBe(200);
    expect(simulator.faults.active).toEqual([{ kind: 'skip', stream, count: 2 }]);
    expect((await post({ clear: true })).status).toBe(200);
    expect(simulator.faults.active).toEqual([]);
    for (const bad of [
      { kind: 'melt' },
      { kind: 'mute' },
      { kind: 'skip', count: 'x' },
      { kind: 'malformed', mode: 'x' },
      7,
    ])
      expect(await (await post(bad)).json()).toHaveProperty('error');
    const state = (await (await fetch(`${simulator.restUrl}/control/state`)).json()) as {
      subscriptions: string[];
    };
    expect(state.subscriptions).toContain(stream);
  });
});
