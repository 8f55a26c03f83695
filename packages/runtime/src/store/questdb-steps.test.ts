import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joined, rowsIn, type Step, stepsOf } from './questdb-steps.ts';
import { barRow, otherRows, tickRow } from './sample-rows.fixture.ts';
import type { Change } from './store.ts';

const shown = (steps: readonly Step[]) =>
  steps.map(
    ({ table, rows }) => `${table.name} ${[...rows.values()].map((cells) => cells.join()).join(';')}`,
  );
const change = fc.oneof(
  fc
    .record({ n: fc.nat(3), price: fc.nat(9) })
    .map(({ n, price }): Change => ({ table: 'ticks', rows: [tickRow(n, { price: price + 1 })] })),
  fc
    .record({ n: fc.nat(3), revision: fc.nat(9) })
    .map(({ n, revision }): Change => ({ table: 'bars', rows: [barRow(n, { revision })] })),
  fc
    .nat(9)
    .map((missing): Change => ({ table: 'gaps', rows: [{ ...otherRows.gaps, missing: missing + 1 }] })),
);
const calls = fc.array(fc.array(change, { maxLength: 4 }).map(stepsOf), { maxLength: 6 });

/** What the tables hold after these steps. */
function result(steps: readonly Step[]) {
  const held = new Map<string, string>();
  for (const { table, rows } of steps)
    for (const [identity, cells] of rows) held.set(`${table.name} ${identity}`, cells.join());
  return [...held].sort();
}

it('joining calls leaves the tables as if each had been written by itself', () => {
  fc.assert(
    fc.property(calls, (some) => {
      expect(result(joined(some))).toEqual(result(some.flat()));
    }),
  );
});

it('joining calls never writes a later table of a call before an earlier one', () => {
  fc.assert(
    fc.property(calls, (some) => {
      const steps = joined(some);
      for (const call of some) {
        let place = 0;
        for (const { table, rows } of call) {
          const [identity] = [...rows.keys()];
          const found = steps.findIndex(
            (step, index) => index >= place && step.table === table && step.rows.has(identity ?? ''),
          );
          expect(found).toBeGreaterThanOrEqual(place);
          place = found;
        }
      }
    }),
  );
});

it('calls alike become one request per table', () => {
  const call = (n: number) =>
    stepsOf([
      { table: 'ticks', rows: [tickRow(n)] },
      { table: 'bars', rows: [barRow(0, { revision: n })] },
    ]);
  const steps = joined([call(1), call(2), stepsOf([{ table: 'bars', rows: [barRow(1)] }]), call(3)]);
  expect(steps.map(({ table, rows }) => [table.name, rows.size])).toEqual([
    ['ticks', 3],
    ['bars', 2],
  ]);
  expect(rowsIn(steps)).toBe(5);
});

it('a call that comes back to a table writes it twice, in its order', () => {
  const steps = stepsOf([
    { table: 'bars', rows: [barRow(1, { revision: 1 })] },
    { table: 'ticks', rows: [tickRow(1)] },
    { table: 'bars', rows: [barRow(1, { revision: 2 })] },
  ]);
  expect(shown(steps).map((line) => line.split(' ')[0])).toEqual(['bars', 'ticks', 'bars']);
});
