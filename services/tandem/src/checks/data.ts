import { randomUUID } from 'node:crypto';
import { readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { openSettings, openStore, type TableName, type TandemConfiguration, tables } from '@tandem/runtime';
import { type FeedChoice, feedChoiceKey, keptChoice } from '../feed-choice.ts';
import { type Finding, ok, problem } from './finding.ts';
import { judgeSpace } from './judgement.ts';
import type { Running } from './running.ts';

/** Whether the data directory can be written, and how much room it has. What is not there yet is not made. */
export async function checkDirectory({ data }: TandemConfiguration): Promise<Finding[]> {
  const directory = resolve(data);
  let found = directory;
  let there = await kindOf(found);
  while (there === 'nothing' && dirname(found) !== found) {
    found = dirname(found);
    there = await kindOf(found);
  }
  const mend = 'give this user the right to write there, or choose another with TANDEM_DATA';
  if (there !== 'directory')
    return [problem('data directory', `${found} is no directory`, 'choose another with TANDEM_DATA')];
  const fault = await writeFault(found);
  if (fault !== undefined) return [problem('data directory', `${found} cannot be written (${fault})`, mend)];
  const { bavail, bsize } = await statfs(found);
  const said =
    found === directory ? `${directory} can be written` : `${directory} will be made at the first start`;
  return [ok('data directory', said), judgeSpace(bavail * bsize)];
}

/** Whether the store opens, and was made by this version. While Tandem has it open, Tandem is asked. */
export async function checkStore(
  { store: url }: TandemConfiguration,
  running: Running | undefined,
): Promise<Finding> {
  const what = 'store';
  const file = url.startsWith('duckdb:') ? url.slice('duckdb:'.length) : undefined;
  if (file === ':memory:') return ok(what, 'in memory: nothing outlives the process');
  if (file !== undefined && (await kindOf(file)) === 'nothing')
    return ok(what, `${file} will be made at the first start`);
  try {
    const store = await openStore(url);
    try {
      for (const table of Object.keys(tables) as TableName[])
        await store.query(table, { where: { dataset: 'live' }, order: 'descending', limit: 1 });
    } finally {
      await store.close();
    }
    return ok(what, `${file ?? url} opens, with the tables of this version`);
  } catch (error) {
    return heldOr(what, error, running, 'move the file away to start anew, or bring back a copy of it');
  }
}

/** Whether the settings' documents can be read, and which feed an earlier start has chosen. */
export async function checkSettings(
  { settings: url }: TandemConfiguration,
  running: Running | undefined,
): Promise<{ finding: Finding; choice?: FeedChoice }> {
  const what = 'settings';
  const directory = url.startsWith('file:') ? url.slice('file:'.length) : undefined;
  if (directory === undefined) return { finding: ok(what, 'in memory: nothing outlives the process') };
  if ((await kindOf(directory)) === 'nothing')
    return { finding: ok(what, `${directory} will be made at the first start`) };
  try {
    const settings = await openSettings(url);
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      const buckets = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      let count = 0;
      for (const bucket of buckets) count += (await settings.list(bucket)).length;
      const kept = await settings.get(feedChoiceKey.bucket, feedChoiceKey.key);
      const finding = ok(what, `${directory}: ${count} document${count === 1 ? '' : 's'}, all readable`);
      return kept === undefined ? { finding } : { finding, choice: keptChoice(kept.value) };
    } finally {
      await settings.close();
    }
  } catch (error) {
    return { finding: heldOr(what, error, running, 'mend or move away what the sentence names') };
  }
}

/** Another process may have it open: if that is the Tandem that answers, all is well. */
function heldOr(what: string, error: unknown, running: Running | undefined, mend: string): Finding {
  const message = error instanceof Error ? error.message : String(error);
  if (!/is Tandem already running/.test(message)) return problem(what, message, mend);
  const held = message.replace(/: is Tandem already running\?$/, '');
  if (running === undefined)
    return problem(
      what,
      `${held}, and no Tandem answers on the configured address`,
      'end that process, or give it its own TANDEM_DATA',
    );
  const state = running.status.services[what]?.state;
  return state === 'down'
    ? problem(
        what,
        `the running Tandem says that it is down (${running.status.services[what]?.detail})`,
        mend,
      )
    : ok(
        what,
        `in use by the Tandem at ${running.url}${state === undefined ? '' : `, which says: ${state}`}`,
      );
}

async function kindOf(path: string): Promise<'directory' | 'other' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'other';
  } catch (error) {
    // A path below a file: the file is what stands in the way.
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing' : 'other';
  }
}

async function writeFault(directory: string): Promise<string | undefined> {
  const file = join(directory, `.tandem-doctor-${randomUUID()}`);
  try {
    await writeFile(file, 'x', { flag: 'wx', flush: true });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}
