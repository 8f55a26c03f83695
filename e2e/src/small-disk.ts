import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, to be filled or made read-only. */
export interface Disk {
  readonly path: string;
  /** Takes all the room there is. */
  fill(): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
  /** Mounts it again so that nothing can be written. */
  protect(): void;
  remove(): Promise<void>;
}

const mount = (...argv: string[]) => spawnSync('mount', argv, { stdio: 'ignore' }).status === 0;
const unmount = (path: string) => spawnSync('umount', ['-l', path], { stdio: 'ignore' });

/** Whether this user may mount one here. */
export const canMount = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const path = mkdtempSync(join(tmpdir(), 'tandem-mount-'));
  const may = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path);
  if (may) unmount(path);
  rmdirSync(path);
  return may;
})();
if (!canMount) console.log('The tests of full and read-only disks did not run: this user may not mount one.');

/** Mounts a small disk in memory. */
export async function smallDisk(path: string, megabytes: number): Promise<Disk> {
  mkdirSync(path, { recursive: true });
  if (!mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path))
    throw new Error(`${path} could not be mounted`);
  const filler = join(path, 'filler');
  return {
    path,
    async fill() {
      const file = await open(filler, 'a');
      try {
        // Large pieces first, then the last bytes.
        for (const size of [1 << 20, 4_096, 1]) {
          const piece = Buffer.alloc(size, 1);
          while (await fits(file, piece));
        }
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    protect() {
      if (!mount('-o', 'remount,ro', path)) throw new Error(`${path} could not be made read-only`);
    },
    async remove() {
      unmount(path);
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function fits(file: FileHandle, piece: Buffer): Promise<boolean> {
  try {
    return (await file.write(piece)).bytesWritten === piece.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    return false;
  }
}
