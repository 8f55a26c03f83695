import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const start = 'tandem-export-';
/** Those of this process that are in use. */
const inUse = new Set<string>();

/** Gives an export a directory for its files, and removes it whatever happens. */
export async function inExportDirectory<Result>(
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), `${start}${process.pid}-`));
  inUse.add(directory);
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
    inUse.delete(directory);
  }
}

/** Removes the files of exports whose process was killed: where nothing else tidies up, they would stay for ever. */
export async function removeLeftExports(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const pid = Number(new RegExp(`^${start}(\\d+)-`).exec(name)?.[1]);
    const directory = join(tmpdir(), name);
    if (Number.isNaN(pid) || inUse.has(directory)) continue;
    // In a container every process that served has the same number as this one.
    if (pid !== process.pid && isRunning(pid)) continue;
    // Those of another user are for that one to remove.
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
