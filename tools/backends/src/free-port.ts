import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that a system gives to whoever asks for any (32768 and on, on Linux; 49152 elsewhere). */
const [lowest, count] = [20_000, 12_000];
/** No two servers of one process get the same. */
const given = new Set<number>();

/**
 * A port of loopback that nobody listens on, and that nobody is given by chance: a server that is killed and started
 * again keeps it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * count);
    if (given.has(port)) continue;
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    } catch {
      // Taken.
      continue;
    }
    given.add(port);
    server.close();
    await once(server, 'close');
    return port;
  }
}
