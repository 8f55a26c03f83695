import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { constants, createGzip, type Gzip } from 'node:zlib';
import { RecordingError } from './recording-error.ts';

/** A disk that is so far behind will not catch up, bytes. */
const mostBacklog = 64 * 1024 * 1024;
const newline = Buffer.from('\n');

/** Lines on their way to a new file, gzipped if its name ends in `.gz`. */
export class RecordingFile {
  readonly #disk: WriteStream;
  readonly #gzip: Gzip | undefined;
  #unflushed = false;
  /** Rejects with one sentence when the disk fails, resolves when all is written. */
  readonly done: Promise<void>;

  private constructor(file: string, disk: WriteStream) {
    this.#disk = disk;
    if (file.endsWith('.gz')) {
      this.#gzip = createGzip();
      this.#gzip.pipe(disk);
    }
    this.done = finished(disk).catch((error: Error) => {
      throw new RecordingError(`${file} cannot be written: ${error.message}`);
    });
  }

  /** Makes the file, which must not exist yet. */
  static async create(file: string): Promise<RecordingFile> {
    const disk = createWriteStream(file, { flags: 'wx' });
    await new Promise<void>((resolve, reject) => {
      disk.once('open', () => resolve());
      disk.once('error', (error: NodeJS.ErrnoException) => reject(new RecordingError(refusal(file, error))));
    });
    return new RecordingFile(file, disk);
  }

  write(head: string, frame: Buffer): void {
    const target = this.#gzip ?? this.#disk;
    if (this.#disk.destroyed) return;
    target.write(head);
    target.write(frame);
    target.write(newline);
    this.#unflushed = true;
    if (target.writableLength + this.#disk.writableLength > mostBacklog) {
      this.#disk.destroy(new Error('the disk does not keep up with the frames'));
    }
  }

  /** Hands what was written to the system: from here on it survives the end of this process. */
  flush(): void {
    if (!this.#unflushed) return;
    this.#unflushed = false;
    this.#gzip?.flush(constants.Z_SYNC_FLUSH);
  }

  end(): void {
    (this.#gzip ?? this.#disk).end();
  }
}

function refusal(file: string, error: NodeJS.ErrnoException): string {
  return error.code === 'EEXIST'
    ? `${file} exists already: name another file, recordings are never overwritten`
    : `${file} cannot be made: ${error.message}`;
}
