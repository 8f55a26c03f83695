// `npm run bench`: runs the benchmarks that are named, prints what they found, and writes it as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alerts } from './alerts.ts';
import { fold } from './fold.ts';
import { frames } from './frames.ts';
import { cluster, latency } from './latency.ts';
import { machine, root } from './machine.ts';
import { memory } from './memory.ts';
import { type BenchmarkName, type Options, readArguments, usage } from './options.ts';
import { publish } from './publish.ts';
import type { Report } from './report.ts';
import { rules } from './rules.ts';
import { startup } from './startup.ts';
import { stats } from './stats/stats.ts';
import { store } from './store.ts';
import { studies } from './studies/studies.ts';

const benchmarks: Record<BenchmarkName, (options: Options) => Promise<Report>> = {
  frames,
  fold,
  stats,
  studies,
  rules,
  store,
  latency,
  memory,
  startup,
  publish,
  alerts,
  cluster,
};

try {
  await runAll(readArguments(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
  process.exitCode = 1;
}

async function runAll(options: Options): Promise<void> {
  const found = machine();
  const { cores, processor, memoryGb, platform, node, commit, changed, load } = found;
  const say = (text: string) => process.stdout.write(`${text}\n\n`);
  say(
    `${cores} cores (${processor}), ${memoryGb} GB, ${platform}, Node ${node}, commit ${commit ?? 'unknown'}${changed ? ' with changes' : ''}, load ${load}\nmedian [lowest–highest] of the rounds; only ratios to a floor of the same run carry over to another machine${options.quick ? '\n--quick: too short to be quoted' : ''}`,
  );
  const results: Record<string, unknown> = {};
  for (const name of options.names) {
    const { text, data } = await benchmarks[name](options);
    say(text);
    results[name] = data;
  }
  const { seed, quick } = options;
  const file = join(root, 'test-results', 'bench.json');
  mkdirSync(join(root, 'test-results'), { recursive: true });
  const document = { at: new Date().toISOString(), machine: found, seed, quick, results };
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  process.stdout.write('written to test-results/bench.json\n');
}
