import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAlerter } from '@tandem/alerter';
import { type Analytics, blankAnalytics, type RuleDraft, subjects } from '@tandem/common';
import {
  createLog,
  fileSettings,
  healthRegistry,
  memoryBus,
  metricsRegistry,
  openStore,
  type ServiceContext,
} from '@tandem/runtime';
import { type AlertReceiver, startAlertReceiver } from './alert-receiver-process.ts';
import { moment } from './clock.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { type Tail, tailOf } from './spread.ts';
import { number, table } from './table.ts';

/** Alerts a second, each of another study: every row of every study fires or resolves. */
const rate = 1_000;
const aim = 20;
const step = 1_000;
/** Whatever is still under way then is lost, ms. */
const patience = 3_000;

interface Sent {
  readonly id: string;
  readonly at: number;
}

/**
 * Analytics message → first bytes at the receiver: evaluated, stored on disk, published, posted. Beside it, as floors, the
 * same posts over kept connections without Tandem: alone, and each after its line was appended to a file that is synced
 * again and again, which is what durability costs on this disk at least.
 */
export async function alerts({ quick }: Options): Promise<Report> {
  const seconds = quick ? { warmUp: 2, measured: 4 } : { warmUp: 5, measured: 30 };
  const receiver = await startAlertReceiver();
  try {
    const floor = latenciesOf(await bare(receiver, seconds.measured), await receiver.arrivals());
    const synced = await withFile((file) => bare(receiver, seconds.measured, file));
    const durable = latenciesOf(synced, await receiver.arrivals());
    const { sent, cpu } = await throughTandem(receiver, seconds);
    const path = latenciesOf(sent, await receiver.arrivals());
    const row = (name: string, { p50, p99, max }: Tail) => [name, number(p50), number(p99), number(max)];
    return {
      text: [
        table(
          [
            `analytics message → first byte at the receiver, ${number(rate)} alerts/s, ms`,
            'p50',
            'p99',
            'max',
          ],
          [
            row('posted (floor)', floor.tail),
            row('appended to a synced file, posted', durable.tail),
            row('evaluated, stored, published, posted', path.tail),
          ],
        ),
        `alerts ${number(sent.length)}, received ${number(path.received)}, lost ${number(sent.length - path.received)}, repeated ${number(path.repeated)}`,
        `Tandem: ${number(100 * cpu)} % of a core`,
        `aim: p99 of at most ${aim} ms: ${(path.tail.p99 ?? Number.POSITIVE_INFINITY) <= aim ? 'met' : 'not met'}`,
      ].join('\n'),
      data: { rate, aim, ...seconds, floor, durable, path, cpu },
    };
  } finally {
    receiver.stop();
  }
}

/** Posts by themselves, at the same rate and of the same size; with a file, each once its line is on the disk. */
async function bare({ url }: AlertReceiver, seconds: number, file?: FileHandle): Promise<Sent[]> {
  const agent = new Agent({ keepAlive: true });
  const body = JSON.stringify({ text: 'x'.repeat(900) });
  const sent: Sent[] = [];
  let waiting: string[] = [];
  const post = (id: string) => {
    const headers = { 'webhook-id': id, 'content-length': body.length, 'content-type': 'application/json' };
    const one = request(url, { method: 'POST', agent, headers }, (response) => response.resume());
    one.on('error', () => {});
    one.end(body);
  };
  let syncing = false;
  const sync = async (to: FileHandle) => {
    syncing = true;
    while (waiting.length > 0) {
      const ids = waiting;
      waiting = [];
      await to.appendFile(`${body}\n`.repeat(ids.length));
      await to.datasync();
      for (const id of ids) post(id);
    }
    syncing = false;
  };
  await evenly(seconds * rate, (index) => {
    const id = `${file === undefined ? 'floor' : 'durable'}-${index}`;
    sent.push({ id, at: moment() });
    if (file === undefined) return post(id);
    waiting.push(id);
    if (!syncing) void sync(file);
  });
  await sleep(patience);
  agent.destroy();
  return sent;
}

async function withFile<Result>(act: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const file = await open(join(directory, 'floor.ndjson'), 'a');
  try {
    return await act(file);
  } finally {
    await file.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function throughTandem(
  receiver: AlertReceiver,
  { warmUp, measured }: { warmUp: number; measured: number },
): Promise<{ sent: Sent[]; cpu: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const context = await contextIn(directory);
  const studies = Array.from({ length: rate }, (_, index) => ({ id: `s-${index}`, interval: '1s' as const }));
  const start = Math.floor(Date.now() / step) * step;
  try {
    const alerter = await startAlerter(context, {
      dataset: 'live',
      studies,
      rules: [rule],
      endpoints: [{ id: 'bench', url: receiver.url }],
      allowPrivate: true,
      effectiveFrom: start - 1,
    });
    try {
      const sent: Sent[] = [];
      let before = process.cpuUsage();
      await evenly((warmUp + measured) * rate, (index) => {
        const study = `s-${index % rate}`;
        const round = Math.floor(index / rate);
        const row = rowOf(study, start + round * step, round % 2 === 0 ? 3 : 0);
        if (index === warmUp * rate) before = process.cpuUsage();
        const id = `bench_${study}_${row.time}_${round % 2 === 0 ? 'firing' : 'resolved'}`;
        if (round >= warmUp) sent.push({ id, at: moment() });
        void context.bus.publish(subjects.analytics(study), row);
      });
      const { user, system } = process.cpuUsage(before);
      await sleep(patience);
      return { sent, cpu: (user + system) / 1e6 / measured };
    } finally {
      await alerter.stop();
    }
  } finally {
    await context.bus.close();
    await context.store.close();
    await context.settings.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const rule: RuleDraft = {
  id: 'bench',
  when: {
    all: [
      { field: '|z|', is: '>=', value: 2 },
      { field: 'returnCorrelation', is: '>=', value: 0.5 },
    ],
  },
  bars: 1,
  cooldown: 0,
  scope: { intervals: ['1s'] },
};

function rowOf(study: string, time: number, z: number): Analytics {
  return {
    ...blankAnalytics('live', study, time),
    state: 'live',
    n: 600,
    yClose: 60_000,
    xClose: 3_000,
    beta: 20,
    z,
    returnCorrelation: 0.8,
    priceCorrelation: 0.9,
    inhibitions: [],
  };
}

async function contextIn(directory: string): Promise<ServiceContext> {
  return {
    bus: memoryBus(),
    store: await openStore(`duckdb:${join(directory, 'bench.duckdb')}`),
    settings: await fileSettings(join(directory, 'settings')),
    log: createLog({ level: 'error', format: 'json' }),
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
}

/** Does something `count` times, evenly spread over as many seconds as the rate has it. */
async function evenly(count: number, act: (index: number) => void): Promise<void> {
  const began = moment();
  for (let done = 0; done < count; ) {
    const due = Math.min(count, Math.floor(((moment() - began) * rate) / 1_000) + 1);
    for (; done < due; done += 1) act(done);
    await sleep(1);
  }
}

function latenciesOf(sent: readonly Sent[], arrivals: readonly (readonly [string, number])[]) {
  const first = new Map<string, number>();
  for (const [id, at] of arrivals) if (!first.has(id)) first.set(id, at);
  const taken = sent.flatMap(({ id, at }) => {
    const there = first.get(id);
    return there === undefined ? [] : [there - at];
  });
  return { received: taken.length, repeated: arrivals.length - first.size, tail: tailOf(taken) };
}
