import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSettings } from './files.ts';
import { settingsContract } from './settings.contract.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tandem-settings-'));
});
afterEach(() => rm(directory, { recursive: true }));

settingsContract('files', () => fileSettings(directory));

describe('settings in files', () => {
  it('outlive the process that wrote them', async () => {
    const first = await fileSettings(directory);
    const entry = await first.put('studies', 'a', { window: 240 });
    await first.put('studies', 'gone', 1);
    await first.delete('studies', 'gone');
    await first.close();
    const second = await fileSettings(directory);
    expect(await second.list('studies')).toEqual([entry]);
    await second.close();
  });

  it('refuse a second opening while the first lives, and say who has them', async () => {
    const first = await fileSettings(directory);
    await expect(fileSettings(directory)).rejects.toThrow(
      /this process has it open: is Tandem already running/,
    );
    await first.close();
    await (await fileSettings(directory)).close();
  });

  it('refuse a directory that another living process holds, and take it over once that is killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")']);
    await once(child.stdout, 'data');
    await writeFile(join(directory, '.lock-1'), JSON.stringify({ pid: child.pid }));
    await expect(fileSettings(directory)).rejects.toThrow(new RegExp(`process ${child.pid} has it open`));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await fileSettings(directory)).close();
  });

  it.runIf(existsSync('/proc/self/stat'))(
    'are not held by a killed process that its parent has not asked about',
    async () => {
      // The shell becomes a program that waits for no child.
      const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600']);
      const stat = (pid: number | undefined) => readFile(`/proc/${pid}/stat`, 'utf8');
      try {
        const [told] = (await once(parent.stdout, 'data')) as [Buffer];
        const pid = Number(told.toString());
        await expect.poll(() => stat(parent.pid)).toContain(' (sleep) ');
        await writeFile(join(directory, '.lock-1'), JSON.stringify({ pid }));
        await expect(fileSettings(directory)).rejects.toThrow(`process ${pid} has it open`);
        process.kill(pid, 'SIGKILL');
        await expect.poll(() => stat(pid)).toMatch(/\) Z /);
        await (await fileSettings(directory)).close();
        expect(await stat(pid)).toMatch(/\) Z /);
      } finally {
        parent.kill();
      }
    },
  );

  it('are not held by a new process that happens to have the number of a dead one', async () => {
    await writeFile(join(directory, '.lock-7'), JSON.stringify({ pid: process.pid, started: '1' }));
    await (await fileSettings(directory)).close();
    expect((await readdir(directory)).filter((name) => name.startsWith('.'))).toEqual(['.lock-8']);
  });

  it('go to exactly one of several that take over from a dead process at once', async () => {
    await writeFile(join(directory, '.lock-3'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => fileSettings(directory)));
    const winners = all.filter((one) => one.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    await winners[0]?.value.close();
  });

  it('ignore and remove what a crash left half-written', async () => {
    await mkdir(join(directory, 'studies'));
    await writeFile(join(directory, 'studies', 'a.json'), '{"revision":4,"value":{"window":240}}');
    await writeFile(join(directory, 'studies', '.1234.partial'), '{"revision":5,"val');
    const settings = await fileSettings(directory);
    expect(await settings.list('studies')).toEqual([{ key: 'a', value: { window: 240 }, revision: 4 }]);
    expect(await readdir(join(directory, 'studies'))).toEqual(['a.json']);
    await settings.close();
  });

  it.each([
    '',
    '{"revision":1,"value":',
    '[]',
    '{"value":1}',
    '{"revision":0,"value":1}',
    '{"revision":1,"valeu":1}',
  ])('name the file of a document that reads %j instead of skipping it', async (text) => {
    await mkdir(join(directory, 'studies'));
    await writeFile(join(directory, 'studies', 'a.json'), text);
    const settings = await fileSettings(directory);
    await expect(settings.get('studies', 'a')).rejects.toThrow(/a\.json cannot be read/);
    await expect(settings.list('studies')).rejects.toThrow(/a\.json cannot be read/);
    await expect(settings.put('studies', 'a', 1)).rejects.toThrow(/a\.json cannot be read/);
    await settings.close();
  });

  it('name the file that cannot be read or replaced', async () => {
    const settings = await fileSettings(directory);
    await mkdir(join(directory, 'studies', 'a.json', 'in the way'), { recursive: true });
    await expect(settings.put('studies', 'a', 2)).rejects.toThrow(/^the document .*a\.json cannot be/);
    expect(await readdir(join(directory, 'studies'))).toEqual(['a.json']);
    await settings.close();
  });

  it('say in one sentence that the directory cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(fileSettings(join(directory, 'file', 'settings'))).rejects.toThrow(
      /^the settings in .* cannot be opened/,
    );
  });
});
