import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { type QuestdbBackend, questdbAnswers, questdbEnvironment, questdbUrls } from './questdb-backend.ts';
import { questdbVersion } from './questdb-jar.ts';
import { standStill } from './stand-still.ts';

/** Longest time that a server may take to answer, ms: a virtual machine on shared cores starts slowly. */
const startsWithin = 60_000;

/** A QuestDB server of a test's own, on free ports of loopback, its data in a scratch directory. */
export async function questdbProcess(
  jar: string,
  environment: Readonly<Record<string, string>>,
): Promise<QuestdbBackend> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-questdb-'));
  const [http, pg, health] = [await freePort(), await freePort(), await freePort()];
  const urls = questdbUrls('127.0.0.1', http, pg);
  let child: ChildProcess | undefined;

  const endWithUs = () => void child?.kill('SIGKILL');
  process.on('exit', endWithUs);
  const start = async () => {
    if (child !== undefined) throw new Error('the QuestDB server is running already');
    const heap = ['-Xms64m', '-Xmx512m', '-XX:+UseParallelGC', '-Dnoebug'];
    const main = ['-p', jar, '-m', 'io.questdb/io.questdb.ServerMain', '-d', folder, '-n'];
    const started = spawn('java', [...heap, ...main], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...questdbEnvironment,
        QDB_HTTP_BIND_TO: `127.0.0.1:${http}`,
        QDB_PG_NET_BIND_TO: `127.0.0.1:${pg}`,
        QDB_HTTP_MIN_NET_BIND_TO: `127.0.0.1:${health}`,
        ...environment,
      },
    });
    let said = '';
    const keep = (chunk: Buffer) => {
      said = (said + chunk).slice(-2_000);
    };
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    let over = false;
    started.once('error', (error) => {
      over = true;
      said = error.message;
    });
    started.once('exit', () => {
      over = true;
    });
    child = started;
    for (const begun = performance.now(); !(await questdbAnswers(urls.httpUrl)); ) {
      if (over || performance.now() - begun > startsWithin) {
        await kill();
        throw new Error(`the QuestDB server did not start: ${said.trim()}`);
      }
      await sleep(50);
    }
  };
  const kill = async () => {
    const ending = child;
    child = undefined;
    if (ending?.pid === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  };

  await start();
  return {
    ...urls,
    how: 'binary',
    version: questdbVersion,
    kill,
    restart: start,
    async pause() {
      await standStill(child);
    },
    async resume() {
      child?.kill('SIGCONT');
    },
    async memory() {
      const status = await readFile(`/proc/${child?.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
    async stop() {
      await kill();
      process.off('exit', endWithUs);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
