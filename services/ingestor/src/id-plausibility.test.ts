import { expect, it } from 'vitest';
import { implausibleId } from './id-plausibility.ts';
import type { Print } from './venues/venue.ts';

const known = { next: 5_000_000, time: 1_700_000_000_000 };
const print = (id: number, time: number, market = true): Print => ({
  symbol: 'BTCUSDT',
  id,
  time,
  price: 1,
  quantity: 1,
  side: 'buy',
  count: 1,
  market,
});

it('an id below the known ones that is newer than all of them is not a repetition: the venue counts anew', () => {
  expect(implausibleId(print(12, known.time + 60_000), known)).toMatch(/counts its trades anew/);
  expect(implausibleId(print(4_999_990, known.time - 100), known)).toBeUndefined();
});

it('a jump that no market can have printed is not believed, one after a weekend is', () => {
  expect(implausibleId(print(400_000_000_000, known.time + 100), known)).toMatch(/5000000 is due/);
  expect(implausibleId(print(900_000_000, known.time + 3 * 86_400_000), known)).toBeUndefined();
  expect(implausibleId(print(5_000_001, known.time), known)).toBeUndefined();
});

it('of an instrument that is not known yet every id is plausible', () => {
  expect(implausibleId(print(9, 1), { next: null, time: null })).toBeUndefined();
});
