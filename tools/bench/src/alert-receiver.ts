// A process of its own: a receiver of webhooks, which notes the moment at which each alert begins to arrive.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceiverAnswer, ReceiverQuestion } from './alert-receiver-process.ts';
import { moment } from './clock.ts';

const arrivals: [id: string, at: number][] = [];

const server = createServer((request, response) => {
  arrivals.push([String(request.headers['webhook-id']), moment()]);
  request.resume().on('end', () => response.writeHead(204).end());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  answer({ url: `http://127.0.0.1:${port}/hook` });
});

process.on('message', (question: ReceiverQuestion) => {
  if (question === 'arrivals') answer({ arrivals: arrivals.splice(0) });
});
// Nobody is left to ask.
process.on('disconnect', () => process.exit());

function answer(message: ReceiverAnswer): void {
  process.send?.(message);
}
