import { parseArgs } from 'node:util';

/** The benchmarks by name, in the order in which they run. */
export const benchmarkNames = [
  'frames',
  'fold',
  'stats',
  'studies',
  'rules',
  'store',
  'latency',
  'memory',
  'startup',
  'publish',
  'alerts',
  'cluster',
] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

/** What a run of the benchmarks is told. */
export interface Options {
  readonly names: readonly BenchmarkName[];
  /** Shorter rounds and fewer of them: to see that it works, not to quote. */
  readonly quick: boolean;
  /** Everything that is random follows from it. */
  readonly seed: number;
  /** Where Tandem's processes leave their CPU profiles; none are taken without it. */
  readonly profile: string | undefined;
}

export const usage = `npm run bench [-- NAME... [--quick] [--seed N] [--profile DIRECTORY]]
  names: ${benchmarkNames.join(', ')}; all of them without one`;

/** The command line as options, or an error that says what does not fit. */
export function readArguments(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: 'boolean' }, seed: { type: 'string' }, profile: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !isName(name));
  if (unknown !== undefined)
    throw new Error(`there is no benchmark ${unknown}: name some of ${benchmarkNames.join(', ')}`);
  const seed = Number(values.seed ?? 7);
  if (values.seed?.trim() === '' || !Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`--seed cannot be ${values.seed}: give a whole number from 0 on`);
  return {
    names: benchmarkNames.filter((name) => positionals.length === 0 || positionals.includes(name)),
    quick: values.quick ?? false,
    seed,
    profile: values.profile,
  };
}

function isName(name: string): name is BenchmarkName {
  return (benchmarkNames as readonly string[]).includes(name);
}
