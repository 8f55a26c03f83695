import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checks } from './checks/index.ts';
import { readOracleFile } from './oracle-file.ts';
import { runCase, summarise } from './run-case.ts';

/** The published reference vectors, beside the project's folder. */
const folder = join(fileURLToPath(import.meta.url), '../../../../../../shared/oracle');
const present = existsSync(folder);
if (!present) {
  if (process.env.CI === 'true') throw new Error('The reference vectors (shared/oracle) are missing.');
  process.stdout.write('The reference vectors (shared/oracle) are not here: their tests did not run.\n');
}
const files = present ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
const one = { dataset: 'd', id: 'i', params: {}, inputs: {}, expected: {}, exact: undefined, whole: {} };

describe.skipIf(!present)('reference vectors', () => {
  it.each(files)('%s agrees to the stated digits in every case', async (file) => {
    const cases = (await readOracleFile(join(folder, file))) ?? [];
    const failed = cases.map((test) => runCase(test, checks)).filter(({ faults }) => faults.length > 0);
    expect(failed).toEqual([]);
  });

  const readAll = async () => {
    const read = await Promise.all(files.map((file) => readOracleFile(join(folder, file))));
    return read.flatMap((cases) => cases ?? []);
  };

  it('are 1,023, and every method that we check is among them', async () => {
    const all = await readAll();
    const methods = new Set(all.map(({ method }) => method));
    expect(all).toHaveLength(1_023);
    expect(Object.keys(checks).filter((method) => !methods.has(method))).toEqual([]);
  });

  it('fail, every one, with a parameter that the check does not know', async () => {
    for (const test of await readAll()) {
      const { faults } = runCase({ ...test, params: { ...test.params, mood: 'calm' } }, checks);
      expect(faults).toEqual(['the parameter mood = "calm" is unknown']);
    }
  });
});

describe('a case', () => {
  it('of an unknown method fails, also of one that every object has', () => {
    for (const method of ['tarot', 'constructor', '__proto__']) {
      expect(runCase({ ...one, method }, checks).faults).toEqual([`the method "${method}" is unknown`]);
    }
  });

  it('of which nothing was compared fails, and so does one that raises', () => {
    expect(runCase({ ...one, method: 'idle' }, { idle: () => {} }).faults).toEqual(['nothing was compared']);
    const raises = {
      raises: () => {
        throw new Error('no inputs');
      },
    };
    expect(runCase({ ...one, method: 'raises' }, raises).faults).toEqual(['no inputs']);
  });

  it('is counted by its method, with the worst error of all', () => {
    const check = {
      m: (test: typeof one, compare: { number(...given: unknown[]): void }) =>
        compare.number('x', 1.001, test.expected, 0.01),
    };
    const outcomes = [1, 2].map((expected) => runCase({ ...one, method: 'm', expected }, check as never));
    expect(summarise(outcomes)).toEqual([
      { method: 'm', cases: 2, passes: 1, worst: expect.closeTo(0.4995, 6) },
    ]);
  });
});
