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

/** Runs one group of tests and returns its counts; a group that died without a report counts as failed. */
function group(name, args) {
  const report = join(root, 'test-results', `${name}.json`);
  mkdirSync(join(root, 'test-results'), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, stdio: 'inherit' },
  );
  try {
    const {
      numPassedTests: passed,
      numFailedTests,
      numPendingTests: skipped,
      testResults,
    } = JSON.parse(readFileSync(report, 'utf8'));
    const failures = testResults.flatMap(failuresOf);
    if (status !== 0 && failures.length === 0) failures.push(`${name}: vitest ended with status ${status}`);
    return { passed, failed: numFailedTests || (status === 0 ? 0 : 1), skipped, failures };
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: no report (${error.message})`] };
  }
}

/** What failed in a file of tests, one line each. */
function failuresOf({ name: file, message, assertionResults }) {
  const place = relative(root, file);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return message ? [`${place}: ${message.split('\n')[0]}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) => `${place}: ${fullName}: ${failureMessages.join(' ').split('\n')[0]}`,
  );
}

// Whole processes share two cores badly: they are tested one after the other.
const groups = [group('units', ['--exclude', 'e2e/**']), group('e2e', ['--no-file-parallelism', 'e2e/src'])];
const total = (key) => groups.reduce((sum, counts) => sum + counts[key], 0);
const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
// The reports above are long: what failed is said once more where everybody looks.
for (const failure of groups.flatMap(({ failures }) => failures)) console.log(`FAILED ${failure}`);
console.log(`${total('passed')} passed, ${total('failed')} failed${skipped}`);
process.exit(total('failed') > 0 || total('passed') === 0 ? 1 : 0);
