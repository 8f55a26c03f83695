import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

const folder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const present = existsSync(folder);
if (!present && process.env.CI !== 'true') {
  process.stdout.write(
    'The recordings of ../shared/data are not here: tests that replay them did not run.\n',
  );
}

/** A test over the recordings: without them it is skipped with a line that says so, and fails where CI=true. */
export const recordedTest = test.skipIf(!present && process.env.CI !== 'true');

/** A recording of `../shared/data`. */
export function recorded(name: string): string {
  return join(folder, name);
}
