import type { Dialect } from '@tandem/ingestor';
import WebSocket from 'ws';
import type { StreamSeen } from './judgement.ts';

const handshake = 5_000;
/** How long a first trade is waited for, ms. */
const listening = 5_000;

/** Opens a venue's trade stream of one symbol, as the ingestor does, and waits for a trade. */
export function firstTrade(dialect: Dialect, base: string, symbol: string): Promise<StreamSeen> {
  return new Promise((resolve) => {
    const began = performance.now();
    let connected: number | undefined;
    const socket = new WebSocket(dialect.streamUrl(base, [symbol]), {
      perMessageDeflate: false,
      handshakeTimeout: handshake,
      followRedirects: false,
      maxPayload: 4 * 1024 * 1024,
    });
    const end = (seen: StreamSeen) => {
      clearTimeout(timer);
      socket.terminate();
      resolve(connected === undefined ? seen : { connected, ...seen });
    };
    let timer = setTimeout(
      () => end({ reason: `no handshake within ${handshake / 1_000} s` }),
      handshake + 500,
    );
    socket.on('open', () => {
      connected = performance.now() - began;
      clearTimeout(timer);
      timer = setTimeout(() => end({}), listening);
    });
    socket.on('message', (data: Buffer) => {
      const reading = dialect.read(data);
      if (reading.kind === 'print' && reading.print.symbol === symbol)
        end({ firstTrade: performance.now() - began - (connected ?? 0) });
      else if (reading.kind === 'refusal') end({ reason: reading.message });
    });
    socket.on('error', (error) =>
      end({ reason: error.message || (error as NodeJS.ErrnoException).code || 'refused' }),
    );
    socket.on('close', (code) => end({ reason: `closed with ${code}` }));
  });
}
