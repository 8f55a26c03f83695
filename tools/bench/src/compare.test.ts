import { expect, it } from 'vitest';
import { compare } from './compare.ts';

it('gives the floor the ratio 1 in every round, and everybody the same number of rounds', async () => {
  const turns: string[] = [];
  const contender = (name: string) => ({
    name,
    pass: () => {
      if (turns.at(-1) !== name) turns.push(name);
      return 1;
    },
  });
  const rates = await compare([contender('floor'), contender('other')], 10, {
    rounds: 4,
    roundMs: 2,
    time: 'wall',
  });
  expect(rates.map(({ name }) => name)).toEqual(['floor', 'other']);
  expect(rates[0]?.ratio).toEqual({ median: 1, min: 1, max: 1 });
  expect(rates[1]?.perSecond.min).toBeGreaterThan(0);
  // Warm-up, then rounds that another begins each time: the last of a round is the first of the next.
  expect(turns).toEqual(['floor', 'other', 'floor', 'other', 'floor', 'other', 'floor']);
});

it('does not take a contender for done that returned no number', async () => {
  const broken = { name: 'broken', pass: () => Number.NaN };
  await expect(compare([broken], 1, { rounds: 1, roundMs: 1, time: 'processor' })).rejects.toThrow(
    'did not do its work',
  );
});
