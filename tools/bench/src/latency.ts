import { type LiveRun, liveRun } from './live-run.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import type { Tail } from './spread.ts';
import { spreadOf } from './spread.ts';
import { number, spread, table } from './table.ts';

/** Ticks a second, and what Tandem aims at there, ms. */
const rates = [1_000, 5_000];
const aim = 15;
const clusterAim = 30;
/** How many ticks a second five processes take is found by raising the rate. */
const clusterRates = [1_000, 5_000, 10_000, 20_000];

/** Frame to WebSocket client through the whole of Tandem, beside the same frames without it. */
export async function latency(options: Options): Promise<Report> {
  return measure(options, rates, aim, false);
}

/** The same with five processes on NATS and QuestDB, which share the machine with the exchange and the client. */
export async function cluster(options: Options): Promise<Report> {
  return measure(options, options.quick ? rates : clusterRates, clusterAim, true);
}

async function measure(
  { seed, quick, profile }: Options,
  atRates: readonly number[],
  atMost: number,
  five: boolean,
): Promise<Report> {
  const length = quick ? { warmUpMs: 2_000, measureMs: 5_000 } : { warmUpMs: 6_000, measureMs: 25_000 };
  const rounds = quick || five ? 1 : 3;
  const runs: LiveRun[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const rate of atRates)
      runs.push(await liveRun({ seed: seed + round, rate, profile, cluster: five, ...length }));
  return {
    text: atRates
      .map((rate) =>
        textOf(
          runs.filter((run) => run.rate === rate),
          atMost,
        ),
      )
      .join('\n\n'),
    data: { aim: atMost, rounds, ...length, runs },
  };
}

function textOf(runs: readonly LiveRun[], atMost: number): string {
  const over = (value: (run: LiveRun) => number | null): string => {
    const values = runs.map(value).filter((one) => one !== null);
    return values.length === 0 ? '–' : spread(spreadOf(values));
  };
  const row = (name: string, tail: (run: LiveRun) => Tail) => [
    name,
    over((run) => tail(run).p50),
    over((run) => tail(run).p99),
    over((run) => tail(run).max),
  ];
  const ratio = (of: 'p50' | 'p99' | 'max') =>
    over(({ path, floor }) => (path[of] === null || floor[of] === null ? null : path[of] / floor[of]));
  const total = (of: 'sent' | 'received' | 'lost' | 'repeated' | 'skipped') =>
    number(runs.reduce((sum, run) => sum + run[of], 0));
  const calm = runs.reduce((sum, run) => sum + run.calm.seconds, 0);
  const all = runs.reduce((sum, run) => sum + run.calm.of, 0);
  const met = runs.filter(({ path }) => path.p99 !== null && path.p99 <= atMost).length;
  return [
    table(
      [`frame → client at ${number(runs[0]?.rate ?? null)} ticks/s, ms`, 'p50', 'p99', 'max'],
      [
        row('exchange → client (floor)', (run) => run.floor),
        row('exchange → Tandem → client', (run) => run.path),
        ['  ratio to the floor, ×', ratio('p50'), ratio('p99'), ratio('max')],
        row('  added, tick for tick', (run) => run.added),
        row("  since the ingestor's stamp", (run) => run.sinceReceived),
        row('in calm seconds: the floor', (run) => run.calm.floor),
        row('  and by way of Tandem', (run) => run.calm.path),
      ],
    ),
    `ticks sent ${total('sent')}, received ${total('received')}, lost ${total('lost')}, repeated ${total('repeated')}, messages skipped ${total('skipped')}`,
    `calm are the ${calm} of ${all} seconds in which the floor's p99 stayed within 3 ms: else the machine did something else`,
    `Tandem: ${over((run) => 100 * run.cpu)} % of a core, ${over((run) => 100 * run.gc)} % of the time in garbage collection`,
    `aim: p99 of at most ${atMost} ms by way of Tandem: met in ${met} of ${runs.length} runs`,
  ].join('\n');
}
