import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Alert } from '@tandem/common';

/** What a receiver was sent: an alert under an id. */
export interface Heard {
  readonly id: string;
  /** Of this attempt, seconds; and its signatures, with spaces between them. */
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
  readonly alert: Alert & { readonly type: string };
}

/** A receiver of webhooks that outlives whoever sends them. */
export interface WebhookReceiver {
  readonly url: string;
  readonly heard: readonly Heard[];
  stop(): Promise<void>;
}

/** How receivers answer. */
const answers = {
  well: (response: ServerResponse) => void response.writeHead(204).end(),
  slow: (response: ServerResponse) => void setTimeout(() => response.writeHead(200).end('ok'), 700),
  failing: (response: ServerResponse) => void response.writeHead(500).end('no'),
  redirecting: (response: ServerResponse) =>
    void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  busy: (response: ServerResponse) => void response.writeHead(429, { 'retry-after': '2' }).end(),
  gone: (response: ServerResponse) => void response.writeHead(410).end(),
  hanging: () => {},
  endless: (response: ServerResponse) => {
    response.writeHead(200);
    const more = (): void => {
      if (!response.destroyed) response.write(Buffer.alloc(16_384), () => setImmediate(more));
    };
    more();
  },
};

export type ReceiverKind = keyof typeof answers;

export async function webhookReceiver(kind: ReceiverKind): Promise<WebhookReceiver> {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The sender was killed before it had said all.
      return;
    }
    const body = Buffer.concat(chunks).toString();
    const header = (name: string) => String(request.headers[`webhook-${name}`] ?? '');
    heard.push({
      id: header('id'),
      timestamp: header('timestamp'),
      signature: header('signature'),
      body,
      alert: JSON.parse(body),
    });
    response.on('error', () => {});
    answers[kind](response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    heard,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
