// `npm test`: everything that can run here; `npm run test:all` adds what takes long (hundreds of kills, Docker). With CI=true a missing reference or browser is a failure.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { provideBrowser } from './browser.mjs';
import { build, install, requireNode, root, run } from './prepare.mjs';

if (process.argv.includes('--all')) process.env.TANDEM_TEST_ALL = 'true';
requireNode();
install();
build();
run(process.execPath, [
  join('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  'check',
  '--error-on-warnings',
  '.',
]);
run(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.tests.json']);
provideBrowser();

const vitest = join('node_modules', 'vitest', 'vitest.mjs');

/** Runs files of tests and returns what became of each; a run that died without a report is one failed file. */
function verdicts(name, args) {
  const report = join(root, 'test-results', `${name}.json`);
  mkdirSync(join(root, 'test-results'), { recursive: true });
  rmSync(report, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, stdio: 'inherit' },
  );
  try {
    const files = JSON.parse(readFileSync(report, 'utf8')).testResults.map(verdictOf);
    if (status !== 0 && files.every(({ failures }) => failures.length === 0))
      files.push(broken(`${name}: vitest ended with status ${status}`));
    return files;
  } catch (error) {
    return [broken(`${name}: no report (${error.message})`)];
  }
}

const broken = (failure) => ({ file: undefined, passed: 0, skipped: 0, failures: [failure] });

/** How many tests of a file passed and were skipped, and a line for each that failed. */
function verdictOf({ name, status: fileStatus, message, assertionResults: tests }) {
  const file = relative(root, name);
  const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  const failures = tests
    .filter(({ status }) => status === 'failed')
    .map(
      ({ fullName, failureMessages }) => `${file}: ${fullName}: ${failureMessages.join(' ').split('\n')[0]}`,
    );
  if (failures.length === 0 && fileStatus === 'failed')
    failures.push(`${file}: ${message.split('\n')[0] || 'failed before its first test'}`);
  return {
    file,
    passed: count('passed'),
    skipped: count('pending', 'skipped', 'todo', 'disabled'),
    failures,
  };
}

/**
 * Whole processes, real clocks and a browser share two cores with all else: a file that failed is run once more by
 * itself, and that verdict counts. What failed the first time is named all the same: it wants to be mended.
 */
function group(name, args) {
  const first = verdicts(name, args);
  const again = first.filter(({ file, failures }) => file !== undefined && failures.length > 0);
  if (again.length === 0) return first;
  const second = verdicts(`${name}-again`, ['--no-file-parallelism', ...again.map(({ file }) => file)]);
  for (const failure of again.flatMap(({ failures }) => failures)) unsteady.push(failure);
  return [...first.filter((verdict) => !again.includes(verdict)), ...second];
}

const unsteady = [];
// Whole processes share two cores badly: they are tested one after the other.
const files = [
  ...group('units', ['--exclude', 'e2e/**']),
  ...group('e2e', ['--no-file-parallelism', 'e2e/src']),
];
const failures = files.flatMap((file) => file.failures);
const total = (key) => files.reduce((sum, file) => sum + file[key], 0);
const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
// The reports above are long: what failed is said once more where everybody looks.
for (const failure of unsteady) console.log(`FAILED AT FIRST ${failure}`);
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${total('passed')} passed, ${failures.length} failed${skipped}`);
process.exit(failures.length > 0 || total('passed') === 0 ? 1 : 0);
