import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLog } from '@tandem/runtime';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { binanceUsdm } from '../venues/binance-usdm.ts';
import { readLines } from './lines.ts';
import { ReceiveStamp } from './receive-stamp.ts';
import { recordFrames } from './record-frames.ts';
import { replayWhole } from './replay-whole.fixture.ts';
import { fill, recordingFolder } from './written-recording.fixture.ts';

const write = recordingFolder();
const log = createLog({ level: 'silent' });
const t = 1_723_161_600_000;

let server: WebSocketServer;
let streamBase: string;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  streamBase = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

function combined(id: number): string {
  // Two lines: JSON allows it, a recording has one line per frame.
  return `{"stream":"btcusdt@trade",\n"data":${JSON.stringify(fill(id, t + id))}}`;
}

/** A path in the tests' folder at which nothing is. */
async function freshPath(name: string): Promise<string> {
  return `${await write(`${name}-beside`, '')}-${name}`;
}

describe('a recording that is being made', () => {
  it.each(['plain', 'packed.gz'])('replays as it came, across a lost connection (%s)', async (name) => {
    const file = await freshPath(name);
    const stopping = new AbortController();
    let connections = 0;
    server.on('connection', (socket) => {
      connections++;
      if (connections === 1) {
        for (let id = 1; id <= 100; id++) socket.send(combined(id));
        socket.close();
        return;
      }
      for (let id = 90; id <= 200; id++) socket.send(combined(id));
      socket.send('{"e":"depthUpdate","E":1723161600900}');
      // Who answers this has taken all that was sent before.
      socket.once('pong', () => stopping.abort());
      socket.ping();
    });
    const dialect = binanceUsdm({ stream: 'trade' });
    const { frames, reconnects } = await recordFrames({
      dialect,
      streamBase,
      symbols: ['BTCUSDT'],
      file,
      signal: stopping.signal,
      log,
    });
    expect(frames).toBe(212);
    expect(reconnects).toBe(1);
    const { ticks, summary } = await replayWhole([file]);
    expect(ticks.get('BTCUSDT')?.map(({ id }) => Number(id))).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 1),
    );
    expect(summary).toMatchObject({ refused: 0, malformed: 0, unknown: 0, truncated: [] });
    expect(summary.instruments['binance-usdm:BTCUSDT']?.duplicates).toBe(11);
    const head = await readFile(file);
    if (name === 'plain')
      expect(head.toString('utf8')).toMatch(/^\d{19} \{"stream":"btcusdt@trade", "data":/);
    else expect([head[0], head[1]]).toEqual([0x1f, 0x8b]);
  });

  it('never overwrites a file, nor makes one where it cannot', async () => {
    const file = await write('kept.gz', 'precious');
    const { signal } = new AbortController();
    const options = {
      dialect: binanceUsdm({ stream: 'trade' }),
      streamBase,
      symbols: ['BTCUSDT'],
      signal,
      log,
    };
    await expect(recordFrames({ ...options, file })).rejects.toThrow(
      /kept\.gz exists already: name another file/,
    );
    expect(await readFile(file, 'utf8')).toBe('precious');
    await expect(recordFrames({ ...options, file: '/nowhere/at/all' })).rejects.toThrow(
      '/nowhere/at/all cannot be made',
    );
  });

  it('can be read up to the last flush after its process was killed', async () => {
    const file = await freshPath('killed.gz');
    server.on('connection', (socket) => {
      for (let id = 1; id <= 1_000; id++) socket.send(combined(id));
    });
    const program = fileURLToPath(
      new URL(`../../dist/children/recorder-${process.pid}.mjs`, import.meta.url),
    );
    await build({
      entryPoints: [fileURLToPath(new URL('./recorder.child.fixture.ts', import.meta.url))],
      outfile: program,
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
        'ws',
      ],
      logLevel: 'error',
    });
    const child = spawn(process.execPath, [program, streamBase, file], { stdio: 'inherit' });
    const exit = once(child, 'exit');
    try {
      while ((await flushedLines(file)) < 1_000) await sleep(50);
    } finally {
      child.kill('SIGKILL');
      await exit;
      await rm(program, { force: true });
    }
    const { ticks, summary } = await replayWhole([file]);
    expect(ticks.get('BTCUSDT')).toHaveLength(1_000);
    expect(summary.truncated).toHaveLength(1);
    expect(summary.refused).toBe(0);
  });
});

async function flushedLines(file: string): Promise<number> {
  let count = 0;
  try {
    for await (const { lines } of readLines(file, () => undefined)) count += lines.length;
  } catch {
    // Not there yet.
  }
  return count;
}

describe('receive times of a recording', () => {
  it('are finer than milliseconds, never go back and follow the wall clock', () => {
    const clock = new ReceiveStamp();
    const first = clock.stamp(t, 5_000_000n);
    expect(first).toBe(BigInt(t) * 1_000_000n);
    expect(clock.stamp(t, 5_000_700n)).toBe(first + 700n);
    expect(clock.stamp(t + 60_000, 6_000_000n)).toBe(BigInt(t + 60_000) * 1_000_000n);
    expect(clock.stamp(t, 7_000_000n)).toBe(BigInt(t + 60_000) * 1_000_000n);
  });
});
