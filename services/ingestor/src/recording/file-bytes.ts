import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { RecordingError } from './recording-error.ts';

/** One compressed piece may inflate a thousandfold: small pieces bound what a hostile file can make of our memory. */
const pieceLength = 16 * 1024;

/** The bytes of a file, inflated if they are gzip: told by its first two bytes, never by its name. */
export async function* fileBytes(file: string, onTruncated: () => void): AsyncGenerator<Buffer> {
  const gzipped = await beginsAsGzip(file);
  const pieces = createReadStream(file, { highWaterMark: gzipped ? pieceLength : 4 * pieceLength });
  if (gzipped) yield* inflated(pieces, file, onTruncated);
  else yield* pieces as AsyncIterable<Buffer>;
}

async function beginsAsGzip(file: string): Promise<boolean> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'reading it is not allowed' : code;
    throw new RecordingError(`${file} cannot be opened: ${why}`);
  }
  try {
    if (!(await handle.stat()).isFile())
      throw new RecordingError(`${file} is no file: name the recordings one by one`);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/**
 * Piece by piece, each drained before the next: so a file that was cut off (its recorder was killed) gives all that was flushed,
 * which a pipe would drop together with the error.
 */
async function* inflated(
  pieces: AsyncIterable<Buffer>,
  file: string,
  onTruncated: () => void,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let drained: Buffer[] = [];
  let failure: NodeJS.ErrnoException | undefined;
  gunzip.on('data', (bytes: Buffer) => drained.push(bytes));
  // A write that fails never calls back; the close that follows does.
  let proceed = () => {};
  gunzip.on('error', (error) => {
    failure = error;
  });
  gunzip.on('close', () => proceed());
  const take = () => {
    const taken = drained;
    drained = [];
    return taken;
  };
  try {
    for await (const piece of pieces) {
      await new Promise<void>((resolve) => {
        proceed = resolve;
        gunzip.write(piece, () => resolve());
      });
      yield* take();
      if (failure !== undefined) break;
    }
    if (failure === undefined) {
      await new Promise<void>((resolve) => {
        proceed = resolve;
        gunzip.once('end', resolve);
        gunzip.end();
      });
      yield* take();
    }
  } finally {
    gunzip.destroy();
  }
  if (failure === undefined) return;
  if (failure.code !== 'Z_BUF_ERROR')
    throw new RecordingError(`${file} is damaged: its gzip data cannot be inflated (${failure.message})`);
  onTruncated();
}
