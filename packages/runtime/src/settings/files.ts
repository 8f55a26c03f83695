import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeDirectory } from '../make-directory.ts';
import { lockDirectory } from './directory-lock.ts';
import { type Documents, type Resting, settingsOver } from './documents.ts';
import type { SettingsOptions } from './memory.ts';
import type { Settings } from './settings.ts';

/**
 * Settings in a directory: a directory per bucket, a JSON file per document.
 *
 * The directory belongs to one process at a time; a second one is refused. A document is replaced by
 * renaming a finished file over it, so a crash leaves the old one or the new one.
 */
export async function fileSettings(directory: string, options: SettingsOptions = {}): Promise<Settings> {
  try {
    await makeDirectory(directory);
    const unlock = await lockDirectory(directory);
    try {
      await removePartial(directory);
    } catch (error) {
      await unlock();
      throw error;
    }
    return settingsOver(fileDocuments(directory, unlock), options.onError ?? (() => {}));
  } catch (error) {
    throw new Error(`the settings in ${directory} cannot be opened: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

const extension = '.json';
/** No key begins with a dot, so no document is ever called like this. */
const partial = /^\..*\.partial$/;

const Document = z.strictObject({ revision: z.int().min(1), value: z.unknown().optional() });

function fileDocuments(directory: string, unlock: () => Promise<void>): Documents {
  const fileOf = (bucket: string, key: string) => join(directory, bucket, `${key}${extension}`);
  return {
    read: (bucket, key) => readDocument(fileOf(bucket, key)),
    async write(bucket, key, { revision, value }) {
      const folder = join(directory, bucket);
      if ((await mkdir(folder, { recursive: true })) !== undefined) await syncDirectory(directory);
      const body =
        value === undefined ? `{"revision":${revision}}` : `{"revision":${revision},"value":${value}}`;
      await replace(folder, fileOf(bucket, key), `${body}\n`);
    },
    async keys(bucket) {
      const names = await readdir(join(directory, bucket)).catch(absent);
      return (names ?? [])
        .filter((name) => name.endsWith(extension) && !name.startsWith('.'))
        .map((name) => name.slice(0, -extension.length));
    },
    close: unlock,
  };
}

async function readDocument(file: string): Promise<Resting | undefined> {
  let text: string | undefined;
  try {
    text = await readFile(file, 'utf8').catch(absent);
  } catch (error) {
    throw new Error(`the document ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (text === undefined) return undefined;
  try {
    const { revision, value } = Document.parse(JSON.parse(text));
    return value === undefined ? { revision } : { revision, value: JSON.stringify(value) };
  } catch (error) {
    throw new Error(
      `the document ${file} cannot be read: it must be {"revision": a whole number from 1, "value": any JSON}; mend it or move it away`,
      { cause: error },
    );
  }
}

async function replace(folder: string, file: string, body: string): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}.partial`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(body);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncDirectory(folder);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new Error(`the document ${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Makes a rename last. Windows has no such call, nor the need. */
async function syncDirectory(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes what a crash left half-written. */
async function removePartial(directory: string): Promise<void> {
  for (const bucket of await readdir(directory, { withFileTypes: true })) {
    if (!bucket.isDirectory()) continue;
    for (const name of await readdir(join(directory, bucket.name))) {
      if (partial.test(name)) await rm(join(directory, bucket.name, name), { force: true });
    }
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
