import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Claim {
  /** Absent once released. */
  readonly pid?: number;
  /** When the process started, where the system tells: a pid is used again, but not with the same start. */
  readonly started?: string;
}

const claimName = /^\.lock-(\d+)$/;

/**
 * Takes a directory for this process, or throws a sentence that says who has it. Returns what releases it.
 *
 * Claims are numbered files and the highest number counts. A dead process's claim is followed by number + 1,
 * linked into place whole: of several that try, one succeeds. Only claims below the highest are ever removed.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  for (;;) {
    const highest = Math.max(0, ...(await claims(directory)));
    const holder = await read(join(directory, `.lock-${highest}`));
    if (holder?.pid !== undefined && (await isAlive(holder))) {
      const who = holder.pid === process.pid ? 'this process' : `process ${holder.pid}`;
      throw new Error(`${who} has it open: is Tandem already running?`);
    }
    const mine = highest + 1;
    const file = join(directory, `.lock-${mine}`);
    const claim: Claim = { pid: process.pid, started: (await statOf(process.pid))?.started };
    if (!(await place(directory, file, claim))) continue;
    const others = await claims(directory);
    if (others.some((number) => number > mine)) {
      // So slow that the number had been used and cleared meanwhile: the one above counts.
      await rm(file, { force: true });
      continue;
    }
    for (const number of others)
      if (number < mine) await rm(join(directory, `.lock-${number}`), { force: true });
    return () => release(directory, file);
  }
}

async function claims(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => {
    const number = claimName.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

async function read(file: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Claim;
  } catch {
    // Gone meanwhile, or never a claim: claims appear whole.
    return undefined;
  }
}

/** Puts the claim there under its number unless somebody else was first. */
async function place(directory: string, file: string, claim: Claim): Promise<boolean> {
  const temporary = join(directory, `.claim-${randomUUID()}`);
  await writeFile(temporary, JSON.stringify(claim), { flush: true });
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function release(directory: string, file: string): Promise<void> {
  const temporary = join(directory, `.claim-${randomUUID()}`);
  await writeFile(temporary, JSON.stringify({} satisfies Claim));
  await rename(temporary, file);
}

async function isAlive(claim: Claim): Promise<boolean> {
  const pid = claim.pid as number;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const found = await statOf(pid);
  // Killed, but its parent has not asked about it yet: it runs no more, and all that it had open is closed.
  if (found?.state === 'Z' || found?.state === 'X') return false;
  return found === undefined || claim.started === undefined || found.started === claim.started;
}

/** What Linux tells of a process: its state as one letter, and when it started, in ticks since boot. */
async function statOf(pid: number): Promise<{ state?: string; started?: string } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The 3rd and the 22nd field; the 2nd is the command in brackets, which may itself hold brackets and spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], started: fields[19] };
  } catch {
    // No Linux, or it has ended meanwhile.
    return undefined;
  }
}
