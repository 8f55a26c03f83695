import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { greets } from './nats-greeting.ts';

it.each<[string, (socket: Socket) => void, boolean]>([
  ['greets', (socket) => void socket.write('INFO {}\r\n'), true],
  ['says something else', (socket) => void socket.write('HTTP/1.1 400\r\n'), false],
  ['hangs up without a word', (socket) => void socket.end(), false],
  ['breaks the connection', (socket) => void socket.resetAndDestroy(), false],
  ['says nothing', () => {}, false],
])(
  'who %s is known for NATS or not',
  async (_, answer, is) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      answer(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(await greets('127.0.0.1', (server.address() as AddressInfo).port)).toBe(is);
    for (const socket of sockets) socket.destroy();
    server.close();
  },
  5_000,
);
