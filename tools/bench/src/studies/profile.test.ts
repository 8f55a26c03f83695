import { expect, it } from 'vitest';
import { profileOf, sharesOf } from './profile.ts';

const node = (id: number, hitCount: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  hitCount,
  children,
  callFrame: { functionName, url, scriptId: '1', lineNumber: 0, columnNumber: 0 },
});

it('gives each moment to the file that was at work, and built-in functions to their caller', () => {
  const nodes = [
    node(1, 0, '(root)', '', [2, 3, 4, 9]),
    node(2, 1_000, '(idle)', ''),
    node(3, 10, '(garbage collector)', ''),
    node(4, 5, 'advance', 'file:///t/services/analytics/dist/row-keeper.js', [5, 7]),
    node(5, 20, 'rows', 'file:///t/services/analytics/dist/core/study-track.js', [6]),
    node(6, 15, 'log', '', [8]),
    node(7, 25, 'write', 'file:///t/packages/runtime/dist/store/duckdb.js'),
    node(8, 15, 'adf', 'file:///t/packages/stats/dist/unit-root/adf.js'),
    node(9, 10, 'processTicks', 'node:internal/process'),
  ];
  expect(sharesOf({ nodes })).toEqual({ core: 0.5, store: 0.25, collector: 0.1, rest: 0.15 });
});

it('refuses a profile of nothing', () => {
  expect(() => sharesOf({ nodes: [node(1, 0, '(root)', '')] })).toThrow('the profile has caught nothing');
});

it('profiles this thread', async () => {
  const profile = await profileOf(async () => {
    let sum = 0;
    for (const until = performance.now() + 100; performance.now() < until; ) sum += Math.sqrt(sum + 1);
  });
  expect(sharesOf(profile).core).toBe(0);
});
