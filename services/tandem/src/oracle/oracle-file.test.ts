import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOracleFile } from './oracle-file.ts';

describe('readOracleFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-oracle-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Reads a file of these cases. */
  async function read(cases: object[], inputs: object = { y: [1, 2] }) {
    const path = join(folder, 'vectors.json');
    await writeFile(path, JSON.stringify({ format: 'pairs-oracle/1', dataset: 'd', inputs, cases }));
    return (await readOracleFile(path)) ?? [];
  }

  it('lays the inputs of a case over those of the file', async () => {
    const [test] = await read([{ id: 'a', method: 'm', inputs: { z: [3] }, expected: {} }]);
    expect(test?.inputs).toEqual({ y: [1, 2], z: [3] });
  });

  it('a case may name another whose inputs it has', async () => {
    const tests = await read([
      { id: 'backtest_0', method: 'm', inputs: { z: [3] }, expected: {} },
      { id: 'backtest_1', method: 'm', inputs: 'same z, beta as backtest_0', expected: {} },
    ]);
    expect(tests.map(({ inputs }) => inputs)).toEqual(new Array(2).fill({ y: [1, 2], z: [3] }));
  });

  it('refuses words that name no case', async () => {
    const words = (inputs: string) => read([{ id: 'a', method: 'm', inputs, expected: {} }]);
    await expect(words('same z as b')).rejects.toThrow('"same z as b", name no case');
    await expect(words('same z as a')).rejects.toThrow('name no case');
    await expect(words('whatever')).rejects.toThrow('name no case');
  });
});
