import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../../services/tandem/bin/tandem.js', import.meta.url));

/** What the process says of itself. */
export interface Vitals {
  readonly residentMb: number;
  readonly heapMb: number;
  readonly cpuSeconds: number;
  readonly gcSeconds: number;
}

/** The real Tandem, all five services, in a process of its own over a directory of its own. */
export interface Tandem {
  readonly url: string;
  readonly streamUrl: string;
  vitals(): Promise<Vitals>;
  stop(): Promise<void>;
}

/** Starts Tandem and waits until it says that it runs; settings are named as their variables without the prefix. */
export async function startTandem(
  settings: Readonly<Record<string, string>>,
  profile?: string,
): Promise<Tandem> {
  const data = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const own = { DATA: data, PORT: '0', LOG_LEVEL: 'warn', LOG_FORMAT: 'json', ...settings };
  const env = {
    // Settings of whoever measures must not reach what is measured.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TANDEM_'))),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [`TANDEM_${name}`, value])),
  };
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(process.execPath, [...flags, bin, 'start'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const orphan = () => void child.kill('SIGKILL');
  process.once('exit', orphan);
  const stop = async () => {
    await ended(child);
    process.off('exit', orphan);
    await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await announced(child);
    return {
      url,
      streamUrl: `${url.replace('http', 'ws')}/api/v1/stream`,
      vitals: () => vitalsOf(url),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function announced(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', (code) => reject(new Error(`Tandem ended with ${code} before it ran: ${said}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-10_000);
      const url = /Tandem is running\. +Dashboard: (http:\/\/[^/\s]+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await exit;
}

/** What a process says of itself at `/metrics`. */
export async function vitalsOf(url: string): Promise<Vitals> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (name: string) => {
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'gm'))].map(([, value]) =>
      Number(value),
    );
    if (values.length === 0) throw new Error(`Tandem does not tell its ${name}`);
    return values.reduce((total, value) => total + value, 0);
  };
  return {
    residentMb: sum('process_resident_memory_bytes') / 2 ** 20,
    heapMb: sum('nodejs_heap_size_used_bytes') / 2 ** 20,
    cpuSeconds: sum('process_cpu_seconds_total'),
    gcSeconds: sum('nodejs_gc_duration_seconds_sum'),
  };
}
