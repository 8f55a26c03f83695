import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder for the tests of one file, removed after them; the function writes a recording into it. */
export function recordingFolder(): (name: string, content: string | Buffer) => Promise<string> {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-recordings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return async (name, content) => {
    const file = join(folder, name);
    await writeFile(file, content);
    return file;
  };
}

/** A frame of Binance USD-M's trade stream. */
export function fill(
  id: number,
  time: number,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    e: 'trade',
    E: time,
    T: time,
    s: 'BTCUSDT',
    t: id,
    p: '100.5',
    q: '0.25',
    X: 'MARKET',
    m: false,
    ...fields,
  };
}

/** Frames after their receive times in ms, one per line. */
export function frameLines(...frames: readonly (readonly [number, unknown])[]): string {
  return frames
    .map(([at, frame]) => `${at} ${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n`)
    .join('');
}
