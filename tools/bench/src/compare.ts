import { type Spread, spreadOf } from './spread.ts';
import { type Runner, takeTurns } from './turns.ts';

/** One way of doing the same work; `pass` does all of it once and returns a number, so that no compiler drops it. */
export interface Contender {
  readonly name: string;
  pass(): number | Promise<number>;
}

/** How a contender did, as rates and as ratios to the floor of the same round. */
export interface Rate {
  readonly name: string;
  readonly perSecond: Spread;
  /** Rate through the rate of the floor: 1 for the floor itself. */
  readonly ratio: Spread;
}

export interface Effort {
  readonly rounds: number;
  /** How long each contender runs in a round, ms. */
  readonly roundMs: number;
  /** Work that only computes is measured in processor time: other processes then cost it no more than its caches. */
  readonly time: 'processor' | 'wall';
}

/**
 * Measures contenders in turn, round for round, the floor first among them: what else the machine does meets all
 * of them alike, so that ratios hold where absolute numbers do not. `items` is how many pieces of work are in a pass.
 */
export async function compare(
  contenders: readonly Contender[],
  items: number,
  effort: Effort,
): Promise<Rate[]> {
  const runners = contenders.map((contender) => runnerOf(contender, items, effort.time));
  const rates = await takeTurns(runners, effort);
  const [floor = []] = rates;
  return contenders.map(({ name }, index) => {
    const own = rates[index]!;
    return {
      name,
      perSecond: spreadOf(own),
      ratio: spreadOf(own.map((rate, round) => rate / floor[round]!)),
    };
  });
}

/** A contender as a runner in this process. */
export function runnerOf(contender: Contender, items: number, time: Effort['time']): Runner {
  return { name: contender.name, rate: (forMs) => rateOf(contender, items, forMs, clocks[time]) };
}

const clocks: Record<Effort['time'], () => number> = {
  wall: () => performance.now(),
  processor() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

let sink = 0;

async function rateOf({ pass }: Contender, items: number, forMs: number, now: () => number): Promise<number> {
  const began = now();
  let elapsed = 0;
  let passes = 0;
  while (elapsed < forMs) {
    const result = pass();
    sink += typeof result === 'number' ? result : await result;
    passes += 1;
    elapsed = now() - began;
  }
  if (Number.isNaN(sink)) throw new Error('a contender did not do its work');
  return (passes * items * 1_000) / elapsed;
}
