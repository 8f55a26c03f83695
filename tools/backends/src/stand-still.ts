import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops a process. Resolves when none of its threads runs any more: the signal reaches them one after the other, and meanwhile a server still answers. */
export async function standStill(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || !child.kill('SIGSTOP')) return;
  const threads = `/proc/${child.pid}/task`;
  // Where the system does not tell, the signal has to be enough.
  if (!existsSync(threads)) return;
  while (
    !(
      await Promise.all((await readdir(threads).catch(() => [])).map((id) => isStopped(`${threads}/${id}`)))
    ).every(Boolean)
  )
    await sleep(1);
}

async function isStopped(thread: string): Promise<boolean> {
  // One that has ended meanwhile does not run either.
  const stat = await readFile(`${thread}/stat`, 'utf8').catch(() => ') T');
  // The name before it, in brackets, may hold anything.
  return 'TZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2));
}
