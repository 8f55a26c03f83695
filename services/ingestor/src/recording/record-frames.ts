import type { Log } from '@tandem/runtime';
import type { Dialect } from '../venues/venue.ts';
import { Wire } from '../wire.ts';
import { ReceiveStamp } from './receive-stamp.ts';
import { RecordingFile } from './recording-file.ts';

/** What is recorded, from where and into which file. */
export interface RecordOptions {
  dialect: Dialect;
  streamBase: string;
  symbols: readonly string[];
  /** A new file; gzipped if its name ends in `.gz`. */
  file: string;
  /** Aborting it ends the recording, and finishes the file. */
  signal: AbortSignal;
  log: Log;
}

/** What was recorded. */
export interface Recorded {
  frames: number;
  reconnects: number;
}

/** What is lost at most when the process is killed, ms. */
const flushInterval = 1_000;

/**
 * Writes the raw frames of a venue, one per line after the receive time in ns, until the signal aborts. Lost connections are opened
 * again. Fails with one sentence when the file exists or cannot be written.
 */
export async function recordFrames(options: RecordOptions): Promise<Recorded> {
  const { dialect, symbols, signal, log } = options;
  const file = await RecordingFile.create(options.file);
  const clock = new ReceiveStamp();
  let frames = 0;
  const wire = new Wire({
    url: dialect.streamUrl(options.streamBase.replace(/\/+$/, ''), symbols),
    symbols,
    onFrame(frame, received) {
      frames++;
      file.write(`${clock.stamp(received, process.hrtime.bigint())} `, oneLine(frame));
      const reading = dialect.read(frame);
      if (reading.kind === 'closing') wire.renew('the exchange announced that it closes the connection');
      if (reading.kind === 'refusal')
        log.error({ message: reading.message }, 'the exchange refused our subscription');
      return reading.kind === 'print' ? reading.print.symbol : undefined;
    },
    onConnected: () => log.info({ venue: dialect.venue, symbols }, 'recording'),
    onLost: () => undefined,
    random: Math.random,
    log,
  });
  const flushing = setInterval(() => file.flush(), flushInterval);
  const finish = () => {
    wire.stop();
    file.end();
  };
  try {
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish, { once: true });
    await file.done;
  } finally {
    signal.removeEventListener('abort', finish);
    clearInterval(flushing);
    wire.stop();
  }
  return { frames, reconnects: wire.reconnects };
}

/** JSON may hold line breaks between its values, where a space means the same. */
function oneLine(frame: Buffer): Buffer {
  if (!frame.includes(0x0a) && !frame.includes(0x0d)) return frame;
  return Buffer.from(frame.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));
}
