import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from './backend.ts';
import { freePort } from './free-port.ts';
import type { Program } from './nats-binary.ts';
import { greets } from './nats-greeting.ts';
import { standStill } from './stand-still.ts';

/** Longest time that a server may take to answer, ms. */
const startsWithin = 20_000;

/** A NATS server of a test's own, on a free port of loopback, its data in a scratch directory. */
export async function natsProcess(
  { file, version }: Program,
  options: { readonly started: boolean; readonly configuration: string },
): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-nats-'));
  const port = await freePort();
  const configuration = join(folder, 'nats.conf');
  await writeFile(configuration, configurationOf(port, join(folder, 'data'), options.configuration));
  let child: ChildProcess | undefined;

  const endWithUs = () => void child?.kill('SIGKILL');
  process.on('exit', endWithUs);
  const start = async () => {
    if (child !== undefined) throw new Error('the NATS server is running already');
    const started = spawn(file, ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    started.stderr?.on('data', (chunk) => {
      said = (said + chunk).slice(-2_000);
    });
    let over = false;
    started.once('exit', () => {
      over = true;
    });
    child = started;
    for (const begun = performance.now(); !(await greets('127.0.0.1', port)); ) {
      if (over || performance.now() - begun > startsWithin) {
        await kill();
        throw new Error(`the NATS server did not start: ${said.trim()}`);
      }
      await sleep(20);
    }
  };
  const kill = async () => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  };

  if (options.started) await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    how: 'binary',
    version,
    kill,
    restart: start,
    async pause() {
      await standStill(child);
    },
    async resume() {
      child?.kill('SIGCONT');
    },
    async stop() {
      await kill();
      process.off('exit', endWithUs);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configurationOf(port: number, store: string, more: string): string {
  return [
    `listen: "127.0.0.1:${port}"`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(store)}`,
    '  max_file_store: 16GB',
    '  max_memory_store: 256MB',
    '}',
    more,
    '',
  ].join('\n');
}
