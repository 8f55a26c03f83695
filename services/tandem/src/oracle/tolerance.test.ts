import { expect, it } from 'vitest';
import { specifiedTolerance, statedTolerance } from './tolerance.ts';

const stating = (tolerance: unknown) =>
  ({ dataset: 'd', whole: tolerance === undefined ? {} : { tolerance } }) as never;

it('a tolerance that a case states goes before the one of the specification', () => {
  expect(statedTolerance(stating(undefined), 1e-8)).toBe(1e-8);
  expect(statedTolerance(stating(1e-9), 1e-8)).toBe(1e-9);
  expect(statedTolerance(stating('1e-11 relative on std/beta/corr'), 1e-8)).toBe(1e-11);
});

it('a tolerance that would let everything pass is refused', () => {
  for (const tolerance of [0, -1e-9, 1, 'loose', null, { llf: 1e-3 }]) {
    expect(() => statedTolerance(stating(tolerance), 1e-8)).toThrow('is unknown');
  }
});

it('prices that hardly vary are given two digits more', () => {
  expect(specifiedTolerance({ dataset: 'near_constant' } as never)).toBe(1e-8);
  expect(specifiedTolerance({ dataset: 'trend' } as never)).toBe(1e-10);
});
