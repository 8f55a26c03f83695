import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What a proxy does with what passes: lets it through, answers 503 itself, delivers it late, or cuts the server's answer. */
export type ProxyMode = 'through' | '503' | 'late' | 'cut';

export interface FaultProxy {
  readonly port: number;
  /** How many pieces of requests met another mode than `through`. */
  spoilt(): number;
  /** From now on, and for the connections that there are. */
  be(next: ProxyMode): void;
  close(): Promise<void>;
}

const unavailable = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** A TCP proxy on loopback in front of a server of loopback. */
export async function proxyTo(port: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'through';
  /** Delivers what is late: a moment after the server has next acknowledged rows. */
  const late: (() => void)[] = [];
  /** Requests that were not let through as they should, or not answered. */
  let spoilt = 0;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const held: Buffer[] = [];
    let writing = false;
    const end = () => {
      client.destroy();
      if (held.length === 0) upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (data) => {
      writing = data.toString('latin1').startsWith('POST ');
      if (mode !== 'through') spoilt += 1;
      if (mode === '503') client.end(unavailable);
      else if (mode !== 'late') upstream.write(data);
      else if (held.push(data) === 1) late.push(() => upstream.write(Buffer.concat(held)));
    });
    upstream.on('data', (data) => {
      if (mode === 'through' && writing)
        setTimeout(() => late.splice(0).forEach((deliver) => void deliver()), 150);
      if (mode === 'cut') end();
      else client.write(data);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    spoilt: () => spoilt,
    be(next: ProxyMode) {
      mode = next;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
