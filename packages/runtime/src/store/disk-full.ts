import { statfs } from 'node:fs/promises';

/** What a file that somebody merely asked for leaves of a disk to whoever must write: a twentieth, at most this. */
const mostSpared = 2 ** 30;

/** There is no room for a file. */
export class DiskFull extends Error {}

/** Whether something failed for want of room on a disk, in the words of the system or of DuckDB. */
export function isDiskFull(fault: unknown): boolean {
  for (let at = fault; at instanceof Error; at = at.cause) {
    const { code, message } = at as NodeJS.ErrnoException;
    if (at instanceof DiskFull || code === 'ENOSPC' || code === 'EDQUOT') return true;
    if (/no space left on device|disk quota exceeded/i.test(message)) return true;
  }
  return false;
}

/** Throws unless so many bytes more can be written in a directory, and its disk is still not full. */
export async function assertRoom(directory: string, bytes: number): Promise<void> {
  const { bsize, blocks, bavail } = await statfs(directory);
  // Some file systems do not know their size.
  if (blocks === 0) return;
  if (bavail * bsize - bytes < Math.min(mostSpared, (blocks * bsize) / 20)) {
    throw new DiskFull(`the disk of ${directory} is nearly full`);
  }
}
