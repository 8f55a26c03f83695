import { once } from 'node:events';
import { type Analytics, blankAnalytics, type ServerFrame } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { context, options } from './preview.fixture.ts';
import { type Api, startApi } from './service.ts';

let ports: ServiceContext;
let api: Api;
const opened: WebSocket[] = [];

beforeEach(async () => {
  ports = await context();
  api = await startApi(ports, { ...options, maxClients: 3, bufferedLimit: 65_536, stuckAfter: 120_000 });
});

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate();
  await api.stop();
  await ports.bus.close();
  await ports.store.close();
});

interface Client {
  socket: WebSocket;
  frames: ServerFrame[];
  /** Resolves with the first frame, already here or still to come, that passes. */
  until(test: (frame: ServerFrame) => boolean): Promise<ServerFrame>;
  send(frame: unknown): void;
}

async function connect(headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/stream`, { headers });
  opened.push(socket);
  const frames: ServerFrame[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    for (const look of waiting) look();
  });
  await once(socket, 'open');
  return {
    socket,
    frames,
    until: (test) =>
      new Promise((resolve) => {
        const look = () => {
          const found = frames.find(test);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
  };
}

async function refusedWith(headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/api/v1/stream`, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode?: number }];
  return response.statusCode;
}

const told = (frame: ServerFrame): unknown[] =>
  'messages' in frame ? frame.messages.map((message) => message.data) : [];

describe('the stream', () => {
  it('begins with the newest message of each subject, then tells each update', async () => {
    await ports.bus.publish('analytics.btc-eth-1m', { row: 1 });
    await ports.bus.publish('analytics.btc-eth-1m', { row: 2 });
    await ports.bus.publish('feeds.sim.BTCUSDT', { feed: 1 });
    const client = await connect();
    client.send({ type: 'subscribe', subjects: ['analytics.>'] });
    const snapshot = await client.until((frame) => frame.type === 'snapshot');
    expect(told(snapshot)).toEqual([{ row: 2 }]);
    await ports.bus.publish('analytics.btc-eth-1m', { row: 3 });
    await ports.bus.publish('analytics.sol-eth-1m', { row: 4 });
    await client.until((frame) => told(frame).some((data) => (data as { row: number }).row === 4));
    const updates = client.frames.filter((frame) => frame.type === 'update');
    expect(updates.flatMap(told)).toEqual([{ row: 3 }, { row: 4 }]);
  });

  it('knows what was said before the server began to listen', async () => {
    const earlier = await context();
    await earlier.bus.publish('analytics.btc-eth-1m', { row: 1 });
    await earlier.bus.publish('bars.1m.sim.BTCUSDT', { bar: 1 });
    await api.stop();
    api = await startApi(earlier, options);
    const client = await connect();
    client.send({ type: 'subscribe', subjects: ['analytics.>', 'bars.1m.sim.BTCUSDT'] });
    expect(told(await client.until((frame) => frame.type === 'snapshot'))).toEqual([{ row: 1 }, { bar: 1 }]);
  });

  it('takes the newest row of the store where the bus was last told of an amended earlier one', async () => {
    const earlier = await context();
    const [newest, amended] = [60_000, 0].map((time) => blankAnalytics('live', 'btc-eth-1m', time));
    await earlier.store.write([{ table: 'analytics', rows: [newest!] }]);
    await earlier.bus.publish('analytics.btc-eth-1m', amended);
    await api.stop();
    api = await startApi(earlier, options);
    const client = await connect();
    client.send({ type: 'subscribe', subjects: ['analytics.>'] });
    expect(told(await client.until((frame) => frame.type === 'snapshot'))).toEqual([newest]);
  });

  it('begins anew where the bus may have said what this process could not hear', async () => {
    const apart = await context();
    const heard = apart.bus.subscribe;
    let missed: (() => void) | undefined;
    apart.bus.subscribe = (pattern, handler, onMissed) => {
      missed ??= onMissed;
      return heard.call(apart.bus, pattern, handler);
    };
    await api.stop();
    api = await startApi(apart, options);
    const [before, meanwhile] = [0, 60_000].map((time) => blankAnalytics('live', 'btc-eth-1m', time));
    await apart.bus.publish('analytics.btc-eth-1m', before);
    const client = await connect();
    client.send({ type: 'subscribe', subjects: ['analytics.>'] });
    await client.until((frame) => frame.type === 'snapshot');
    await apart.store.write([{ table: 'analytics', rows: [meanwhile!] }]);
    missed?.();
    const renewed = (frame: ServerFrame) =>
      frame.type === 'snapshot' && told(frame).some((row) => (row as Analytics).time === 60_000);
    expect(await client.until(renewed)).toMatchObject({ subjects: ['analytics.>'] });
  });

  it('stops telling what was unsubscribed', async () => {
    const client = await connect();
    client.send({ type: 'subscribe', subjects: ['live.>', 'alerts.>'] });
    await client.until((frame) => frame.type === 'snapshot');
    client.send({ type: 'unsubscribe', subjects: ['live.>'] });
    client.send({ type: 'ping' });
    await client.until((frame) => frame.type === 'pong');
    await ports.bus.publish('live.a', 1);
    await ports.bus.publish('alerts.r.a', 2);
    expect(told(await client.until((frame) => frame.type === 'update'))).toEqual([2]);
  });

  it('takes the frames of a client in order, though the bus is slow to say what was before', async () => {
    const slow = await context();
    const { last } = slow.bus;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    slow.bus.last = async (subject) => {
      if (subject.startsWith('bars.')) await released;
      return last.call(slow.bus, subject);
    };
    await api.stop();
    api = await startApi(slow, options);
    const client = await connect();
    client.send({ type: 'subscribe', subjects: ['bars.1m.sim.BTCUSDT'] });
    client.send({ type: 'unsubscribe', subjects: ['bars.1m.sim.BTCUSDT'] });
    client.send({ type: 'subscribe', subjects: ['live.>'] });
    await client.until((frame) => frame.type === 'heartbeat');
    release();
    await client.until((frame) => frame.type === 'snapshot');
    client.send({ type: 'ping' });
    await client.until((frame) => frame.type === 'pong');
    await slow.bus.publish('bars.1m.sim.BTCUSDT', 1);
    await slow.bus.publish('live.a', 2);
    await client.until((frame) => frame.type === 'update' && told(frame).includes(2));
    expect(client.frames.flatMap(told)).toEqual([2]);
  });

  it('says each second that it lives', async () => {
    const client = await connect();
    const beat = await client.until((frame) => frame.type === 'heartbeat');
    expect((beat as { at: number }).at).toBeGreaterThan(0);
  });

  it('is refused to a page of another origin and under a foreign name', async () => {
    expect(await refusedWith({ origin: 'https://evil.example' })).toBe(403);
    expect(await refusedWith({ host: 'evil.example' })).toBe(403);
  });

  it('opens for the page of its own origin', async () => {
    const client = await connect({ origin: api.url });
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('takes no more clients than the limit', async () => {
    for (let index = 0; index < 3; index += 1) await connect();
    expect(await refusedWith({})).toBe(503);
  });

  it('answers frames that are not of the protocol with an error, and closes after several', async () => {
    const client = await connect();
    const closed = once(client.socket, 'close');
    for (const frame of [
      '{',
      '[]',
      { type: 'subscribe', subjects: [] },
      { type: 'subscribe', subjects: ['rpc.>'] },
    ]) {
      client.send(frame);
    }
    client.send({ type: 'ping' });
    await client.until((frame) => frame.type === 'pong');
    expect(client.frames.filter((frame) => frame.type === 'error')).toHaveLength(4);
    client.send({ type: 'order' });
    expect((await closed)[0]).toBe(1008);
  });

  it('closes on a frame beyond the largest size', async () => {
    const client = await connect();
    const closed = once(client.socket, 'close');
    client.send(`{"type":"ping","x":"${'x'.repeat(20_000)}"}`);
    expect((await closed)[0]).toBe(1009);
  });

  it('gives a slow client the newest message and how many it missed, while others miss nothing', async () => {
    const slow = await connect();
    const quick = await connect();
    for (const client of [slow, quick]) {
      client.send({ type: 'subscribe', subjects: ['ticks.>'] });
      await client.until((frame) => frame.type === 'snapshot');
    }
    slow.socket.pause();
    const text = 'x'.repeat(20_000);
    const total = 1_000;
    for (let index = 1; index <= total; index += 1) {
      await ports.bus.publish('ticks.sim.BTCUSDT', { index, text });
      if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const last = (frame: ServerFrame) =>
      told(frame).some((data) => (data as { index: number }).index === total);
    await quick.until(last);
    slow.socket.resume();
    await slow.until(last);
    const updates = slow.frames.filter((frame) => frame.type === 'update');
    const skipped = updates.reduce((sum, frame) => sum + frame.skipped, 0);
    expect(skipped).toBeGreaterThan(0);
    expect(skipped + updates.flatMap(told).length).toBe(total);
    const missed = quick.frames.reduce(
      (sum, frame) => sum + (frame.type === 'update' ? frame.skipped : 0),
      0,
    );
    expect(missed + quick.frames.filter((frame) => frame.type === 'update').flatMap(told).length).toBe(total);
  });

  it('closes a client that takes nothing for too long', async () => {
    await api.stop();
    api = await startApi(ports, { ...options, bufferedLimit: 65_536, stuckAfter: 2_000 });
    const stuck = await connect();
    stuck.send({ type: 'subscribe', subjects: ['ticks.>'] });
    await stuck.until((frame) => frame.type === 'snapshot');
    stuck.socket.pause();
    const closed = once(stuck.socket, 'close');
    const text = 'x'.repeat(200_000);
    for (let index = 0; index < 100; index += 1) {
      await ports.bus.publish('ticks.sim.BTCUSDT', { index, text });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect
      .poll(async () => (await (await fetch(`${api.url}/api/v1/status`)).json()).clients, { timeout: 60_000 })
      .toBe(0);
    stuck.socket.resume();
    await closed;
  });
});
