import { setTimeout as sleep } from 'node:timers/promises';
import { listenTo } from './listener.ts';
import { withTandem } from './live-run.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { slope } from './spread.ts';
import { number, table } from './table.ts';

const rate = 5_000;
const every = 1_000;

interface Sample {
  readonly seconds: number;
  readonly residentMb: number;
  readonly heapMb: number;
}

/** What Tandem's process holds under load, with a client that listens, and how fast that grows. */
export async function memory({ seed, quick, profile }: Options): Promise<Report> {
  const { warmUpMs, measureMs } = quick
    ? { warmUpMs: 3_000, measureMs: 8_000 }
    : { warmUpMs: 20_000, measureMs: 120_000 };
  const { idle, samples } = await withTandem({ seed, rate, profile }, async (tandem) => {
    const listener = await listenTo(tandem.streamUrl, { type: 'subscribe', subjects: ['ticks.>'] });
    const idle = (await tandem.vitals()).residentMb;
    await sleep(warmUpMs);
    const samples: Sample[] = [];
    const began = performance.now();
    while (performance.now() - began <= measureMs) {
      const { residentMb, heapMb } = await tandem.vitals();
      samples.push({ seconds: (performance.now() - began) / 1_000, residentMb, heapMb });
      listener.take();
      await sleep(every);
    }
    listener.stop();
    return { idle, samples };
  });
  const perMinute = (of: 'residentMb' | 'heapMb', from: number) => {
    const grown = slope(samples.slice(from).map((sample) => ({ x: sample.seconds, y: sample[of] })));
    return grown === null ? null : 60 * grown;
  };
  const half = Math.floor(samples.length / 2);
  const row = (name: string, of: 'residentMb' | 'heapMb') => [
    name,
    number(samples.at(0)?.[of] ?? null),
    number(samples.at(-1)?.[of] ?? null),
    number(Math.max(...samples.map((sample) => sample[of]))),
    number(perMinute(of, 0)),
    number(perMinute(of, half)),
  ];
  const head = [
    `memory at ${number(rate)} ticks/s, MB`,
    'warm',
    `after ${number(measureMs / 1_000)} s`,
    'most',
    'a minute',
    'a minute, 2nd half',
  ];
  return {
    text: [
      table(head, [row('resident', 'residentMb'), row('JavaScript heap', 'heapMb')]),
      `resident just after its start: ${number(idle)} MB`,
    ].join('\n'),
    data: {
      rate,
      warmUpMs,
      measureMs,
      idleMb: idle,
      residentMbPerMinute: perMinute('residentMb', 0),
      residentMbPerMinuteSecondHalf: perMinute('residentMb', half),
      samples,
    },
  };
}
