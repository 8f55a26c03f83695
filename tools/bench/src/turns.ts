/** Whoever does a piece of work over and over, here or in another process. */
export interface Runner {
  readonly name: string;
  /** Works for about so long, and says how many pieces a second it did. */
  rate(forMs: number): Promise<number>;
}

/**
 * Lets the runners work in turn, round for round: what else the machine does meets all of them alike. The rates of
 * each runner, round by round; a first, short turn of each is not among them.
 */
export async function takeTurns(
  runners: readonly Runner[],
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<number[][]> {
  for (const runner of runners) await runner.rate(roundMs / 2);
  const rates: number[][] = runners.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < runners.length; turn += 1) {
      // Another begins in each round: who follows whom should not matter.
      const index = (round + turn) % runners.length;
      rates[index]!.push(await runners[index]!.rate(roundMs));
    }
  }
  return rates;
}
