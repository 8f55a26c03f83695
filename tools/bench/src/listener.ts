import { once } from 'node:events';
import { WebSocket } from 'ws';
import { moment } from './clock.ts';

/** A frame as it came: its bytes are read when nothing is being measured. */
export interface Arrival {
  readonly at: number;
  /** Wall clock, ms: to compare with `received`. */
  readonly wall: number;
  readonly bytes: Buffer;
}

/** A WebSocket client that notes when frames arrive and does nothing else. */
export interface Listener {
  /** What has arrived since this was last asked. */
  take(): Arrival[];
  stop(): void;
}

/** Connects, says `greeting` if there is one, and listens. */
export async function listenTo(url: string, greeting?: object): Promise<Listener> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let arrivals: Arrival[] = [];
  socket.on('message', (bytes: Buffer) => {
    arrivals.push({ at: moment(), wall: Date.now(), bytes });
  });
  await once(socket, 'open');
  // From here on a connection that fails shows as ticks that are lost.
  socket.on('error', () => {});
  if (greeting !== undefined) socket.send(JSON.stringify(greeting));
  return {
    take() {
      const taken = arrivals;
      arrivals = [];
      return taken;
    },
    stop: () => socket.terminate(),
  };
}
