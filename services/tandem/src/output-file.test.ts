import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { refuseOutput } from './output-file.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tandem-output-'));
  await writeFile(join(directory, 'there.csv'), '1');
});
afterEach(() => rm(directory, { recursive: true }));

it('a file that can be written, new or there already, is not touched before its time', async () => {
  await refuseOutput('bars', join(directory, 'there.csv'));
  await refuseOutput('bars', join(directory, 'new.csv'));
  expect(await readdir(directory)).toEqual(['there.csv']);
});

it.each([
  ['nowhere/bars.csv', (at: string) => `there is no folder ${at}/nowhere; make it, or name another file.`],
  ['there.csv/bars.csv', (at: string) => `${at}/there.csv is no folder; name another file.`],
  ['', () => 'it is a folder; name a file in it.'],
])('a file that could not be (%j) is refused with what to do', async (name, why) => {
  const file = join(directory, name).replace(/\/$/, '');
  await expect(refuseOutput('bars', file)).rejects.toThrow(
    `--bars ${file} cannot be written: ${why(directory)}`,
  );
});
