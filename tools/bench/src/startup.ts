import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Analytics, type ServerFrame } from '@tandem/common';
import { listenTo } from './listener.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { spreadOf } from './spread.ts';
import { spread, table } from './table.ts';
import { startTandem } from './tandem-process.ts';

/** How long a first z may take, ms. */
const patience = 120_000;

interface Start {
  readonly node: number;
  readonly running: number;
  readonly firstZ: number;
}

/** From nothing to a running Tandem, and to its first z over the built-in market, beside a Node that does nothing. */
export async function startup({ quick, profile }: Options): Promise<Report> {
  const rounds = quick ? 1 : 3;
  const starts: Start[] = [];
  for (let round = 0; round < rounds; round += 1) starts.push(await oneStart(profile));
  const row = (name: string, of: (start: Start) => number) => [
    name,
    spread(spreadOf(starts.map(of))),
    spread(spreadOf(starts.map((start) => of(start) / start.node)), '×'),
  ];
  const rows = [
    row('node that does nothing (floor)', ({ node }) => node),
    row('"Tandem is running"', ({ running }) => running),
    row('first z over the simulated market', ({ firstZ }) => firstZ),
  ];
  return {
    text: table(['start', 'seconds', 'ratio to the floor'], rows),
    data: { rounds, starts },
  };
}

async function oneStart(profile: string | undefined): Promise<Start> {
  const idle = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  const tandem = await startTandem({ FEED: 'sim' }, profile);
  try {
    const running = seconds();
    await firstZ(tandem.streamUrl);
    return { node: (began - idle) / 1_000, running, firstZ: seconds() };
  } finally {
    await tandem.stop();
  }
}

async function firstZ(url: string): Promise<void> {
  const listener = await listenTo(url, { type: 'subscribe', subjects: ['analytics.>'] });
  try {
    for (const until = performance.now() + patience; performance.now() < until; await sleep(20)) {
      const frames = listener.take().map(({ bytes }) => JSON.parse(bytes.toString()) as ServerFrame);
      const messages = frames.flatMap((frame) =>
        frame.type === 'snapshot' || frame.type === 'update' ? frame.messages : [],
      );
      if (messages.some(({ data }) => Analytics.parse(data).z !== null)) return;
    }
    throw new Error(`no z came within ${patience / 1_000} s`);
  } finally {
    listener.stop();
  }
}
