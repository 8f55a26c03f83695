import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and what is missing above it, or throws a sentence that says why that cannot be.
 *
 * Node's own recursive `mkdir` never returns where a directory exists in which none can be made (`/proc`).
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await made(path);
  } catch (error) {
    throw new Error(`the directory ${path} cannot be made: ${await reasonOf(path, error)}`, { cause: error });
  }
}

async function made(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code === 'ENOENT' && parent !== path && (await kindOf(parent)) === 'nothing') {
      await made(parent);
      return made(path);
    }
    // Whatever the system says of a directory that is there (EEXIST, EROFS, EPERM of a root): it is there.
    if ((await kindOf(path)) !== 'directory') throw error;
  }
}

async function kindOf(path: string): Promise<'directory' | 'other' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'other';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing' : 'other';
  }
}

async function reasonOf(path: string, error: unknown): Promise<string> {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `${await fileIn(path)} is no directory`;
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    case 'ENOENT':
      return 'the system lets nobody make one there';
    default:
      return message;
  }
}

/** The part of a path that stands in the way. */
async function fileIn(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path || (await kindOf(parent)) === 'directory') return path;
  return fileIn(parent);
}
