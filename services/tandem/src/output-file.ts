import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Throws one sentence if a file that an option names could not be written in the end: found out before the work begins. */
export async function refuseOutput(option: string, file: string): Promise<void> {
  const folder = dirname(file);
  const refused = (why: string) => new Error(`--${option} ${file} cannot be written: ${why}.`);
  if ((await stat(file).catch(() => undefined))?.isDirectory() === true)
    throw refused('it is a folder; name a file in it');
  try {
    if (!(await stat(folder)).isDirectory()) throw refused(`${folder} is no folder; name another file`);
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT') throw refused(`there is no folder ${folder}; make it, or name another file`);
    if (code === 'EACCES' || code === 'EROFS')
      throw refused(`you may not write into the folder ${folder}; change that, or name another file`);
    throw refused(message);
  }
}
