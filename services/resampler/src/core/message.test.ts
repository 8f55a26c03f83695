import { TickMessage } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTickMessage, readTickMessage } from './message.ts';

const valid = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  fromId: '7',
  toId: '9',
  watermark: 1_700_000_000_000,
  ticks: [
    { id: '7', time: 1_700_000_000_000, price: 1, quantity: 2, side: 'buy', count: 1, received: 5 },
    { id: '9', time: 1_700_000_000_000, price: 1, quantity: 2, side: null, count: 1, received: 5 },
  ],
  filtered: 1,
};

/** Values that a careless or hostile sender may put where another belongs. */
const odd = fc.constantFrom<unknown[]>(
  null,
  undefined,
  '',
  'x',
  '7',
  -1,
  0,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  1e300,
  2 ** 53,
  [],
  {},
  true,
  'buy',
  'x'.repeat(65),
  'BTC USDT',
  'sim',
  8_640_000_000_000_001,
);

test('the check by hand takes and refuses exactly what the schema does', () => {
  const fields = fc.constantFrom(...Object.keys(valid), 'gap', 'extra');
  const tickFields = fc.constantFrom(...Object.keys(valid.ticks[0] ?? {}), 'extra');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fields, odd), { maxLength: 2 }),
      fc.array(fc.tuple(tickFields, odd), { maxLength: 2 }),
      fc.boolean(),
      (changes, tickChanges, remove) => {
        const message: Record<string, unknown> = structuredClone(valid);
        const [tick] = message.ticks as Record<string, unknown>[];
        for (const [field, value] of tickChanges) if (tick) tick[field] = value;
        for (const [field, value] of changes) {
          if (remove) delete message[field];
          else message[field] = value;
        }
        expect(isTickMessage(message)).toBe(TickMessage.safeParse(message).success);
      },
    ),
    { numRuns: 3_000 },
  );
});

describe('a message is refused with its reason', () => {
  const reasons: [string, unknown, string][] = [
    ['that is no message', 5, 'no tick message: message'],
    ['with an unknown field', { ...valid, more: 1 }, 'no tick message'],
    ['with half a range', { ...valid, toId: null }, 'fromId and toId must both be given, or neither'],
    ['with ids that do not count', { ...valid, fromId: 'a' }, 'ids a..9 are no range of numbers'],
    ['with trades out of order', { ...valid, ticks: valid.ticks.toReversed() }, 'trade 7 is out of order in'],
    ['with a trade beyond its range', { ...valid, toId: '8' }, 'trade 9 is out of order in, or outside of'],
    [
      'with an absurd worth',
      { ...valid, ticks: [{ ...valid.ticks[0], price: 1e300 }] },
      'trade 7 is worth more',
    ],
  ];
  test.each(reasons)('%s', (_, data, reason) => {
    expect(readTickMessage(data)).toContain(reason);
  });
  test('and a good one is taken as it is', () => {
    expect(readTickMessage(valid)).toBe(valid);
  });
});
