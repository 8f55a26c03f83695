import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

/** How a receiver answers: a status, with headers, or something worse. */
export type Behaviour =
  | number
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** Takes the request and never answers. */
  | 'hang'
  /** A status at once, then a body without end. */
  | 'endless'
  /** A status at once, then a body that does not come. */
  | 'stalled'
  /** 200 after a while. */
  | 'slow'
  /** Hangs up without an answer. */
  | 'reset';

export interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: string;
  /** The connection that it came by. */
  readonly port: number;
}

/** A receiver of webhooks on this machine. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly heard: Heard[];
  /** What it answers with, one after the other; the last again and again. */
  script: Behaviour[];
  /** The most connections that were open at once. */
  readonly mostSockets: () => number;
  /** Stops listening, as if the machine were away. */
  down(): Promise<void>;
  /** Listens again, at the same port. */
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function receiver(...script: Behaviour[]): Promise<Receiver> {
  const heard: Heard[] = [];
  let most = 0;
  let open = 0;
  const made = () =>
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) chunks.push(chunk as Buffer);
      } catch {
        return;
      }
      const { headers, url = '', socket } = request;
      heard.push({
        headers,
        path: url,
        body: Buffer.concat(chunks).toString(),
        port: socket.remotePort ?? 0,
      });
      const behaviour = self.script.length > 1 ? self.script.shift() : self.script[0];
      behave(response, behaviour ?? 200);
    }).on('connection', (socket) => {
      open += 1;
      most = Math.max(most, open);
      socket.on('close', () => {
        open -= 1;
      });
    });
  let server = made();
  const listen = (port: number) =>
    new Promise<void>((ready, fail) => {
      server.once('error', fail);
      server.listen(port, '127.0.0.1', ready);
    });
  /** A port that the system gives to nobody by chance: while the receiver is down, nobody else is there. */
  const listenAnywhere = async (): Promise<number> => {
    for (;;) {
      const port = 20_000 + Math.floor(Math.random() * 12_000);
      try {
        await listen(port);
        return port;
      } catch {
        // Taken.
        server = made();
      }
    }
  };
  const port = await listenAnywhere();
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  const self: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    heard,
    script: script.length > 0 ? script : [200],
    mostSockets: () => most,
    down: close,
    async up() {
      server = made();
      await listen(port);
    },
    stop: close,
  };
  return self;
}

function behave(response: ServerResponse, behaviour: Behaviour): void {
  if (typeof behaviour === 'number') return void response.writeHead(behaviour).end('ok');
  if (typeof behaviour === 'object') {
    return void response.writeHead(behaviour.status, behaviour.headers).end(behaviour.body ?? '');
  }
  switch (behaviour) {
    case 'hang':
      return;
    case 'reset':
      return void response.destroy();
    case 'slow':
      return void setTimeout(() => response.writeHead(200).end('ok'), 300);
    case 'stalled':
      response.writeHead(200);
      return void response.write('a');
    case 'endless': {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(16_384), () => setImmediate(more));
      };
      more();
      return;
    }
  }
}
