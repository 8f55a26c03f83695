import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the first line that holds `text`. */
  line(text: string): Promise<string>;
  /** Everything printed so far. */
  output(): string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Makes a TypeScript file beside the tests into a program that plain Node runs. */
export async function program(entry: URL): Promise<{ file: string; remove: () => Promise<void> }> {
  const name = entry.pathname.split('/').at(-1)?.replace('.ts', '');
  const file = fileURLToPath(new URL(`../dist/children/${name}-${process.pid}.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    external: [
      '@duckdb/node-api',
      '@questdb/nodejs-client',
      'nats',
      'pg',
      'pg-cursor',
      'pino',
      'prom-client',
      'zod',
    ],
    logLevel: 'error',
  });
  return { file, remove: () => rm(file, { force: true }) };
}

/** Starts a program; `limit` (in units of 512 or 1024 bytes, as the shell has it) bounds the size of its files. */
export function child(file: string, args: readonly string[], limit?: number): Child {
  const command = [process.execPath, file, ...args];
  const spawned =
    limit === undefined
      ? spawn(process.execPath, command.slice(1))
      : spawn('sh', ['-c', `ulimit -S -f ${limit}; exec "$@"`, 'sh', ...command]);
  let text = '';
  const listeners = new Set<() => void>();
  const take = (part: Buffer) => {
    text += part.toString();
    for (const listener of listeners) listener();
  };
  spawned.stdout.on('data', take);
  spawned.stderr.on('data', take);
  const ended = once(spawned, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    process: spawned,
    output: () => text,
    ended,
    line(wanted) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = text
            .split('\n')
            .slice(0, -1)
            .find((line) => line.includes(wanted));
          if (found === undefined) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`the child ended without "${wanted}":\n${text}`)));
      });
    },
  };
}
