import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createLog } from '@tandem/runtime';
import { afterEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { Wire } from './wire.ts';

const running: { stop(): void }[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.stop();
});

/** A wire to an exchange whose every frame is the name of an instrument, and what the wire said of both. */
async function connect(onFrame: (symbol: string) => void = () => undefined) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const sockets: WebSocket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  await once(server, 'listening');
  const heard: { symbol: string; complete: boolean }[] = [];
  const unproven: string[][] = [];
  const wire = new Wire({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    symbols: ['BTCUSDT', 'ETHUSDT'],
    onFrame: (frame, _, complete) => {
      const symbol = frame.toString();
      onFrame(symbol);
      heard.push({ symbol, complete });
      return symbol;
    },
    onConnected: () => undefined,
    onLost: () => undefined,
    onUnproven: (symbols) => unproven.push([...symbols]),
    random: () => 0.5,
    log: createLog({ level: 'silent' }),
  });
  running.push({ stop: () => server.close() }, wire);
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const socket = async (index: number) => {
    await until(() => sockets[index] !== undefined);
    return sockets[index] as WebSocket;
  };
  await socket(0);
  return { wire, socket, heard, unproven, until };
}

it('while a connection is renewed, the old one alone tells how far the stream has come', async () => {
  const { wire, socket, heard, until } = await connect();
  wire.renew('a test');
  (await socket(1)).send('BTCUSDT');
  await until(() => heard.length === 1);
  (await socket(0)).send('BTCUSDT');
  await until(() => heard.length === 2);
  (await socket(1)).send('ETHUSDT');
  await until(() => heard.length === 3);
  (await socket(1)).send('ETHUSDT');
  await until(() => heard.length === 4);
  expect(heard.map(({ complete }) => complete)).toEqual([false, true, false, true]);
});

it('an old connection that closes early leaves instruments unproven that the new one has not shown', async () => {
  const { wire, socket, heard, unproven, until } = await connect();
  wire.renew('a test');
  (await socket(1)).send('BTCUSDT');
  await until(() => heard.length === 1);
  (await socket(0)).close();
  await until(() => unproven.length > 0);
  expect(unproven).toEqual([['ETHUSDT']]);
});

it('a frame that cannot be handled ends neither the process nor the connection', async () => {
  const { socket, heard, until } = await connect((symbol) => {
    if (symbol === 'HOSTILE') throw new Error('a defect');
  });
  (await socket(0)).send('HOSTILE');
  (await socket(0)).send('BTCUSDT');
  await until(() => heard.length === 1);
  expect(heard).toEqual([{ symbol: 'BTCUSDT', complete: true }]);
});
