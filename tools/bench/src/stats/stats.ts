import { agreement } from '../agreement.ts';
import { runnerOf } from '../compare.ts';
import type { Options } from '../options.ts';
import type { Report } from '../report.ts';
import { type Spread, spreadOf } from '../spread.ts';
import { duration, durations, number, spread, table } from '../table.ts';
import { type Runner, takeTurns } from '../turns.ts';
import type { Contest, Rival } from './contest.ts';
import { type Peers, startPeers } from './peers.ts';
import { findPython } from './python.ts';
import { correlation, huber, kalman, moments, studyWindow, theilSen } from './rolling-contests.ts';
import { type Series, seriesOf } from './series.ts';
import { cointegration, manyRelations, stationarity, unitRoot } from './window-contests.ts';

interface RivalResult {
  readonly name: string;
  /** A piece of work, s. */
  readonly seconds: Spread;
  /** How many times as fast ours was, round by round. */
  readonly timesAsFast: Spread;
  readonly aim: number | null;
  /** The largest difference of its numbers from ours, as a part of them. */
  readonly difference: number;
}

interface Result {
  readonly work: string;
  readonly name: string;
  readonly seconds: Spread;
  readonly aim: number | null;
  readonly rivals: readonly RivalResult[];
}

/** The estimators and tests, beside statsmodels, scipy and pandas in the same run, on the same numbers. */
export async function stats({ seed, quick }: Options): Promise<Report> {
  const effort = quick ? { rounds: 3, roundMs: 200 } : { rounds: 9, roundMs: 500 };
  const series = seriesOf(seed);
  const found = findPython();
  const peers = 'python' in found ? await startPeers(found.python, series) : undefined;
  try {
    const results: Result[] = [];
    const contests = contestsOf(series);
    for (const contest of contests) results.push(await hold(contest, peers, effort));
    const versions = Object.entries(peers?.versions ?? {}).map(([name, version]) => `${name} ${version}`);
    const about =
      'fault' in found ? `the peers did not run: ${found.fault}` : `peers: ${versions.join(', ')}`;
    return {
      text: [
        table(head, results.flatMap(rowsOf)),
        `one thread each; ${about}`,
        aimsOf(contests, results),
      ].join('\n'),
      data: { ...effort, time: 'processor', peers: peers?.versions ?? found, results },
    };
  } finally {
    await peers?.stop();
  }
}

function contestsOf(series: Series): Contest[] {
  return [
    studyWindow(series),
    moments(series),
    correlation(series),
    unitRoot(series, series.window, 'adfuller'),
    unitRoot(series, series.long, 'adfuller long'),
    stationarity(series),
    cointegration(series),
    theilSen(series),
    huber(series),
    kalman(series),
    manyRelations(series),
  ];
}

/** Ours and the peers in turn, after they have been seen to find the same. */
async function hold(
  { work, ours, items, aim, rivals }: Contest,
  peers: Peers | undefined,
  effort: { readonly rounds: number; readonly roundMs: number },
): Promise<Result> {
  const present = peers === undefined ? [] : rivals;
  const differences: number[] = [];
  const runners = [runnerOf(ours, items, 'processor')];
  for (const rival of present) {
    differences.push(agreement(rival.name, rival.numbers(), await peers!.numbers(rival.peer)));
    runners.push(runnerOfPeer(rival, peers!));
  }
  const [own, ...others] = await takeTurns(runners, effort);
  const secondsOf = (rates: readonly number[]) => spreadOf(rates.map((rate) => 1 / rate));
  return {
    work,
    name: ours.name,
    seconds: secondsOf(own!),
    aim: aim ?? null,
    rivals: present.map(({ name, aim }, index) => ({
      name,
      seconds: secondsOf(others[index]!),
      timesAsFast: spreadOf(others[index]!.map((rate, round) => own![round]! / rate)),
      aim: aim ?? null,
      difference: differences[index]!,
    })),
  };
}

function runnerOfPeer({ name, peer, items }: Rival, peers: Peers): Runner {
  return {
    name,
    async rate(forMs) {
      const { passes, seconds } = await peers.run(peer, forMs);
      return (passes * items) / seconds;
    },
  };
}

const head = ['statistics', 'processor time', 'times as fast', 'aim', 'numbers differ by'];

function rowsOf({ work, name, seconds, aim, rivals }: Result): string[][] {
  return [
    [`${work}: ${name}`, durations(seconds), '', aim === null ? '' : `≤ ${duration(aim)}`],
    ...rivals.map((rival) => [
      `  ${rival.name}`,
      durations(rival.seconds),
      spread(rival.timesAsFast, '×'),
      rival.aim === null ? '' : `≥ ${number(rival.aim)}×`,
      rival.difference === 0 ? '0' : rival.difference.toExponential(0),
    ]),
  ];
}

function aimsOf(contests: readonly Contest[], results: readonly Result[]): string {
  const all = contests.flatMap(({ aim, rivals }) => [aim, ...rivals.map((rival) => rival.aim)]);
  const wanted = all.filter((aim) => aim !== undefined).length;
  const met = results.flatMap(({ seconds, aim, rivals }) => [
    ...(aim === null ? [] : [seconds.median <= aim]),
    ...rivals.flatMap(({ timesAsFast, aim }) => (aim === null ? [] : [timesAsFast.median >= aim])),
  ]);
  const open = wanted - met.length;
  return `aims: ${met.filter(Boolean).length} of ${wanted} met${open > 0 ? `, ${open} not measured` : ''}`;
}
