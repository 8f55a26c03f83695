import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isDiskFull } from './disk-full.ts';
import { exportRows } from './questdb-export.ts';
import { tickRow } from './sample-rows.fixture.ts';
import { tables } from './tables.ts';

const disk = mkdtempSync(join(tmpdir(), 'tandem-small-'));
const mounted =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmdirSync(disk);
});

describe.skipIf(!mounted)('an export that is larger than the disk', () => {
  it.each([
    ['ndjson', 0.95],
    ['csv', 0.5],
  ] as const)('is given up while others can still write: %s', async (format, most) => {
    let used = 0;
    async function* endless() {
      for (let n = 0; ; n += 1_000) {
        const { blocks, bfree } = await statfs(disk);
        used = 1 - bfree / blocks;
        yield Array.from({ length: 1_000 }, (_, index) => tickRow(n + index));
      }
    }
    const fault = await exportRows(tables.ticks, endless(), format, join(disk, 'rows')).catch((one) => one);
    expect(isDiskFull(fault), String(fault)).toBe(true);
    expect(used).toBeGreaterThan(most - 0.1);
    expect(used).toBeLessThanOrEqual(most);
    expect(await readdir(disk)).toEqual([]);
  });
});
