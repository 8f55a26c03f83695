import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { context, options } from './preview.fixture.ts';
import { type Api, startApi } from './service.ts';

describe('the files of exports', () => {
  const { TMPDIR } = process.env;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tandem-exports-'));
    process.env.TMPDIR = directory;
  });
  afterAll(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    await rm(directory, { recursive: true });
  });

  /** An api whose store exports in this way. */
  const withApi = async (use: (api: Api) => Promise<void>, write?: (file: string) => Promise<unknown>) => {
    const ports = await context();
    if (write !== undefined) {
      ports.store.export = async (_table, _query, _format, file) => {
        await write(file);
        return 0;
      };
    }
    const api = await startApi(ports, options);
    try {
      await use(api);
    } finally {
      await api.stop();
      await ports.bus.close();
      await ports.store.close();
    }
  };
  const ask = ({ url }: Api) => fetch(`${url}/api/v1/export/alerts?format=csv`);

  it.skipIf(!existsSync('/dev/full'))(
    'that the disk has no room for are refused in one sentence, and leave nothing behind',
    async () => {
      await withApi(
        async (api) => {
          const answer = await ask(api);
          expect(answer.status).toBe(507);
          expect(((await answer.json()) as { error: string }).error).toBe(
            `There is no room for this file in ${directory}: ask for a shorter range, or make room there.`,
          );
          expect(await readdir(directory)).toEqual([]);
        },
        async (file) => {
          await writeFile(file, 'begun');
          await writeFile('/dev/full', 'one more byte');
        },
      );
    },
  );

  it('that a killed process left behind are removed at the start, and no others', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const left = [`tandem-export-${pid}-a`, `tandem-export-${process.pid}-b`];
    const others = [`tandem-export-${process.ppid}-c`, 'tandem-export-mine', 'something'];
    for (const name of [...left, ...others]) {
      await mkdir(join(directory, name));
      await writeFile(join(directory, name, 'rows'), '');
    }
    await withApi(async () => {
      expect((await readdir(directory)).sort()).toEqual(others.sort());
    });
  });

  it('are not removed by a second api while they are written', async () => {
    await withApi(
      async (api) => {
        const answer = await ask(api);
        expect(await answer.text()).toBe('row\n');
      },
      async (file) => {
        await withApi(async () => {});
        await writeFile(file, 'row\n');
      },
    );
  });
});
