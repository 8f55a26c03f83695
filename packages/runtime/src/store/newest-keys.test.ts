import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NewestKeys } from './newest-keys.ts';

it('never takes a row for new that was written, however much it has forgotten', () => {
  const batch = fc.array(
    fc.record({ time: fc.bigInt({ min: 0n, max: 20n }), id: fc.integer({ min: 0, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 30 }), fc.array(batch, { maxLength: 3 }), (batches, before) => {
      const stored = new Set(before.flat().map(({ time, id }) => `${time} ${id}`));
      const times = before.flat().map(({ time }) => time);
      const newest = times.length === 0 ? null : times.reduce((one, other) => (one > other ? one : other));
      const keys = new NewestKeys(newest, 6);
      for (const rows of batches) {
        const identities = rows.map(({ time, id }) => `${time} ${id}`);
        const sorted = rows.map(({ time }) => time).sort((one, other) => Number(one - other));
        if (keys.areNew(sorted[0] as bigint, identities)) {
          expect(identities.some((identity) => stored.has(identity))).toBe(false);
        }
        keys.add(sorted.at(-1) as bigint, identities);
        for (const identity of identities) stored.add(identity);
      }
    }),
  );
});

it('knows that what goes on in time is new, and that what comes again is not', () => {
  const keys = new NewestKeys(10n);
  expect(keys.areNew(10n, ['a'])).toBe(false);
  expect(keys.areNew(11n, ['b'])).toBe(true);
  keys.add(11n, ['b']);
  expect(keys.areNew(11n, ['b'])).toBe(false);
  expect(keys.areNew(11n, ['c'])).toBe(true);
  expect(new NewestKeys(null).areNew(0n, ['a'])).toBe(true);
});
