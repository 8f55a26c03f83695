import { ServerFrame } from '@tandem/common';

export interface SocketHandlers {
  open(): void;
  frame(frame: ServerFrame): void;
  /** Called once, however the connection ended. */
  lost(): void;
}

export interface LiveSocket {
  send(frame: object): void;
  close(): void;
}

/** Opens the stream of the server that the page came from. */
export function openSocket(handlers: SocketHandlers): LiveSocket {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(`${scheme}//${location.host}/api/v1/stream`);
  let over = false;
  const lost = () => {
    if (over) return;
    over = true;
    handlers.lost();
  };
  socket.addEventListener('open', () => handlers.open());
  socket.addEventListener('close', lost);
  socket.addEventListener('error', lost);
  socket.addEventListener('message', (event) => {
    const frame = over ? undefined : read(event.data);
    if (frame !== undefined) handlers.frame(frame);
  });
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    close() {
      socket.close();
      lost();
    },
  };
}

function read(data: unknown): ServerFrame | undefined {
  try {
    return ServerFrame.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
}
