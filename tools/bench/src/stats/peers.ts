import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Series } from './series.ts';

const script = fileURLToPath(new URL('../../peers/peers.py', import.meta.url));

/** Other threads would be more cores than ours has. */
const oneThread = ['OMP', 'OPENBLAS', 'MKL', 'BLIS', 'NUMEXPR', 'VECLIB'].map((library) => [
  `${library}_NUM_THREADS`,
  '1',
]);

/** A Python process that has read the series. */
export interface Peers {
  /** What it runs on: the versions of Python and of each package. */
  readonly versions: Readonly<Record<string, string>>;
  /** The numbers of one pass of this peer. */
  numbers(peer: string): Promise<number[]>;
  /** Passes for about so long, in processor time. */
  run(peer: string, forMs: number): Promise<{ readonly passes: number; readonly seconds: number }>;
  stop(): Promise<void>;
}

/** Starts the peers on these series. */
export async function startPeers(python: string, series: Series): Promise<Peers> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const file = join(directory, 'series.json');
  const plain = (_: string, value: unknown) => (value instanceof Float64Array ? [...value] : value);
  await writeFile(file, JSON.stringify(series, plain));
  const child = spawn(python, [script, file], {
    env: { ...process.env, ...Object.fromEntries(oneThread) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // Peers that end show as an answer that does not come.
  child.stdin.on('error', () => {});
  const stop = async () => {
    await ended(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const answer = async <Answer>(): Promise<Answer> => {
      const { value, done } = await lines.next();
      if (done) throw new Error('the peers ended before they answered');
      return JSON.parse(value) as Answer;
    };
    const ask = <Answer>(question: object): Promise<Answer> => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return answer();
    };
    return {
      versions: await answer(),
      numbers: async (peer) => (await ask<{ numbers: number[] }>({ peer })).numbers,
      run: (peer, ms) => ask({ peer, ms }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
