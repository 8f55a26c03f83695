import { checks } from '../oracle/checks/index.ts';
import { readOracleFile } from '../oracle/oracle-file.ts';
import { type MethodSummary, type Outcome, runCase, summarise } from '../oracle/run-case.ts';
import { readOptions } from './options.ts';

/** Failures told in full; more are only counted. */
const told = 20;

/** `tandem oracle FILE…`: every case of files in the oracle format, compared with what Tandem computes. */
export async function oracle(argv: readonly string[]): Promise<void> {
  const given = readOptions(
    'tandem oracle FILE…',
    { all: { type: 'boolean', help: 'tell every failed case, not only the first 20' } },
    argv,
  );
  if (given.positionals.length === 0) {
    throw new Error('No file is given: name files of reference vectors (format "pairs-oracle/1").');
  }
  const outcomes: Outcome[] = [];
  let broken = 0;
  for (const path of given.positionals) {
    try {
      const cases = await readOracleFile(path);
      if (cases === undefined) process.stdout.write(`${path} holds no reference vectors: passed over\n`);
      for (const test of cases ?? []) outcomes.push(runCase(test, checks));
    } catch (error) {
      // The other files can still say what they have to say.
      broken++;
      process.stdout.write(`FAILED ${error instanceof Error ? error.message : error}\n`);
    }
  }
  const failed = outcomes.filter(({ faults }) => faults.length > 0);
  for (const outcome of given.values.all === true ? failed : failed.slice(0, told)) {
    process.stdout.write(`${failureOf(outcome)}\n`);
  }
  if (failed.length > told && given.values.all !== true) {
    process.stdout.write(`… and ${failed.length - told} more failed cases; --all tells them\n`);
  }
  process.stdout.write(`${tableOf(summarise(outcomes))}\n`);
  process.stdout.write(
    `${outcomes.length} cases, ${outcomes.length - failed.length} passed, ${failed.length} failed${broken > 0 ? `, ${broken} files not read` : ''}\n`,
  );
  process.exit(failed.length + broken > 0 || outcomes.length === 0 ? 1 : 0);
}

function failureOf({ dataset, id, method, faults }: Outcome): string {
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return `FAILED ${dataset} ${method} ${id}: ${faults[0]}${more}`;
}

function tableOf(lines: readonly MethodSummary[]): string {
  const row = (method: string, cases: string, passes: string, worst: string) =>
    `${method.padEnd(22)} ${cases.padStart(7)} ${passes.padStart(7)} ${worst.padStart(22)}`;
  return [
    row('method', 'cases', 'passes', 'worst relative error'),
    ...lines.map(({ method, cases, passes, worst }) =>
      row(method, String(cases), String(passes), worst.toExponential(2)),
    ),
  ].join('\n');
}
