import { ClientFrame } from '@tandem/common';
import type { Log } from '@tandem/runtime';
import type { RawData, WebSocket } from 'ws';
import { clientQueue } from './client-queue.ts';
import type { Newest, Published } from './newest.ts';

export interface StreamClient {
  offer(message: Published): void;
  /** Sends the snapshot of all that was subscribed once more. */
  renew(): void;
  /** Called each second: says that the server lives, and notices a client that takes nothing. */
  tick(now: number): void;
  close(code: number, reason: string): void;
}

interface Limits {
  /** Bytes that may wait in the socket before the client counts as slow. */
  readonly buffered: number;
  /** How long a client may take nothing, ms. */
  readonly stuck: number;
}

const mostInvalidFrames = 5;

/** One browser on the stream. Frames go out once per turn of the event loop, or when a slow socket is free again. */
export function streamClient(
  socket: WebSocket,
  newest: Newest,
  know: (pattern: string) => Promise<void>,
  limits: Limits,
  log: Log,
): StreamClient {
  const queue = clientQueue();
  let invalid = 0;
  let pongDue = false;
  let scheduled = false;
  let heldSince: number | undefined;

  const free = () => socket.bufferedAmount <= limits.buffered;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    scheduled = false;
    if (socket.readyState !== socket.OPEN) return;
    if (!free()) {
      // What is held back is written by `sent`, as soon as the socket has taken what waits before it.
      queue.hold();
      heldSince ??= Date.now();
      return;
    }
    heldSince = undefined;
    if (pongDue) {
      pongDue = false;
      socket.send('{"type":"pong"}', sent);
    }
    if (queue.waiting) for (const frame of queue.take(newest.values())) socket.send(frame, sent);
  }

  function sent(): void {
    if (queue.waiting || pongDue) schedule();
  }

  function refuse(message: string): void {
    invalid += 1;
    if (invalid >= mostInvalidFrames) close(1008, 'too many frames that are not of the protocol');
    else if (free()) socket.send(JSON.stringify({ type: 'error', message }), sent);
  }

  async function receive(raw: RawData, binary: boolean): Promise<void> {
    if (binary) return refuse('a frame must be JSON text, not binary');
    const frame = parse(String(raw));
    if (frame === undefined)
      return refuse('a frame must be {"type":"subscribe"|"unsubscribe","subjects":[…]} or {"type":"ping"}');
    if (frame.type === 'ping') pongDue = true;
    else if (frame.type === 'unsubscribe') queue.unsubscribe(frame.subjects);
    else {
      const fault = frame.subjects.map(patternFault).find((each) => each !== undefined);
      if (fault !== undefined) return refuse(fault);
      await Promise.all(frame.subjects.map(know));
      const tooMany = queue.subscribe(frame.subjects);
      if (tooMany !== undefined) return refuse(tooMany);
    }
    schedule();
  }

  function close(code: number, reason: string): void {
    socket.close(code, reason);
    // A stuck client never answers the close; its socket must not linger.
    setTimeout(() => socket.terminate(), 1_000).unref();
  }

  // One frame after the other: to subscribe takes a question to the bus, which an unsubscription must not overtake.
  let answered = Promise.resolve();
  socket.on('message', (raw, binary) => {
    answered = answered
      .then(() => receive(raw, binary))
      .catch((fault) => log.warn({ err: fault }, 'a stream frame could not be answered'));
  });

  return {
    offer(message) {
      if (queue.offer(message)) schedule();
    },
    renew() {
      queue.renew();
      schedule();
    },
    tick(now) {
      heldSince = free() ? undefined : (heldSince ?? now);
      if (heldSince !== undefined && now - heldSince >= limits.stuck) {
        log.warn({ stuckMs: now - heldSince }, 'a stream client took nothing and is closed');
        return close(1013, 'this client takes frames too slowly; connect again');
      }
      if (free() && socket.readyState === socket.OPEN) socket.send(`{"type":"heartbeat","at":${now}}`, sent);
    },
    close,
  };
}

function parse(text: string): ClientFrame | undefined {
  try {
    return ClientFrame.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const readable = ['ticks', 'bars', 'forming', 'analytics', 'live', 'alerts', 'feeds'];

/** A client reads market data; requests between services are not its business. */
function patternFault(pattern: string): string | undefined {
  const head = pattern.split('.')[0]!;
  if (/^[A-Za-z0-9_*>.-]+$/.test(pattern) && (readable.includes(head) || head === '>' || head === '*'))
    return undefined;
  return `there is no subject ${JSON.stringify(pattern.slice(0, 60))}; subjects begin with ${readable.join(', ')}`;
}
