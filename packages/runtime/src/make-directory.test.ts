import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDirectory } from './make-directory.ts';

describe('a directory that is to be there', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'tandem-directory-'));
    await writeFile(join(scratch, 'file'), '');
    await symlink(join(scratch, 'nowhere'), join(scratch, 'dangling'));
  });
  afterAll(() => rm(scratch, { recursive: true }));

  it('is made with all above it, by several at once, and left alone if it is there', async () => {
    const path = join(scratch, 'a', 'b', 'c');
    await Promise.all([makeDirectory(path), makeDirectory(path), makeDirectory(join(path, 'd'))]);
    await makeDirectory(path);
    expect((await stat(join(path, 'd'))).isDirectory()).toBe(true);
  });

  it('is refused in one sentence that names the file in its way', async () => {
    const file = join(scratch, 'file');
    await expect(makeDirectory(file)).rejects.toThrow(
      `the directory ${file} cannot be made: ${file} is no directory`,
    );
    await expect(makeDirectory(join(file, 'x', 'y'))).rejects.toThrow(`${file} is no directory`);
    await expect(makeDirectory(join(scratch, 'dangling'))).rejects.toThrow('dangling is no directory');
  });

  it.skipIf(!existsSync('/proc/self'))(
    'is refused, and not tried for ever, where nobody can make one',
    async () => {
      await expect(makeDirectory('/proc/tandem/data')).rejects.toThrow(
        'the directory /proc/tandem/data cannot be made',
      );
    },
  );
});
