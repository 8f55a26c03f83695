import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that is built from the Go module: the newest that was current when this was written. */
export const newestNats = '2.15.2';

/** Programs that tests need, kept from run to run and outside git. */
const cache = fileURLToPath(new URL('../../../.cache/bin/', import.meta.url));

export interface Program {
  readonly file: string;
  readonly version: string;
}

/** A `nats-server`: on PATH, else built from its Go module, else Debian's. Why not, if there is none. */
export async function natsBinary(which: 'newest' | 'debian'): Promise<Program | string> {
  const ways = which === 'newest' ? [onPath, fromGo, fromDebian] : [fromDebian];
  const reasons: string[] = [];
  for (const way of ways) {
    try {
      const program = await way();
      if (program !== undefined) return program;
    } catch (error) {
      reasons.push((error as Error).message.split('\n')[0] ?? '');
    }
  }
  return ['no container engine answers, and no nats-server is there or can be installed', ...reasons].join(
    '; ',
  );
}

async function onPath(): Promise<Program | undefined> {
  const version = await versionOf('nats-server');
  return version === undefined ? undefined : { file: 'nats-server', version };
}

async function fromGo(): Promise<Program | undefined> {
  const file = join(cache, `nats-server-${newestNats}`);
  if (!(await isThere(file))) {
    if (!(await run('go', ['version']).then(truly, falsely))) return undefined;
    await installed(file, async (folder) => {
      const module = `github.com/nats-io/nats-server/v2@v${newestNats}`;
      await run('go', ['install', module], { env: { ...process.env, GOBIN: folder, GOFLAGS: '' } });
      return join(folder, 'nats-server');
    });
  }
  return { file, version: newestNats };
}

/** Debian's package, unpacked: nothing of the machine changes. */
async function fromDebian(): Promise<Program | undefined> {
  const file = join(cache, 'nats-server-debian');
  if (!(await isThere(file))) {
    if (!(await run('dpkg-deb', ['--version']).then(truly, falsely))) return undefined;
    await installed(file, async (folder) => {
      const download = () => run('apt-get', ['download', 'nats-server'], { cwd: folder });
      await download().catch(async () => {
        // A machine that has never asked does not know what there is.
        if (process.getuid?.() === 0) await run('apt-get', ['update', '-qq']);
        await download();
      });
      const name = (await readdir(folder)).find((one) => one.endsWith('.deb')) ?? '';
      await run('dpkg-deb', ['-x', join(folder, name), folder]);
      return join(folder, 'usr', 'sbin', 'nats-server');
    });
  }
  return { file, version: (await versionOf(file)) ?? 'unknown' };
}

/** Puts what `make` makes in a folder of its own in its place, whole: several test runs may do so at once. */
async function installed(file: string, make: (folder: string) => Promise<string>): Promise<void> {
  const folder = join(cache, `.installing-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    const made = await make(folder);
    await chmod(made, 0o755);
    await rename(made, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(file, ['--version']);
    return /v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

const isThere = (file: string) => access(file).then(truly, falsely);
const truly = () => true;
const falsely = () => false;
