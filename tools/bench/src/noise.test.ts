import { expect, it } from 'vitest';
import { noise } from './noise.ts';

it('follows from its seed', () => {
  const [one, same, other] = [noise(7), noise(7), noise(8)].map((next) => [next(), next(), next()]);
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
});

it('is standard normal', () => {
  const next = noise(7);
  const values = Array.from({ length: 100_000 }, next);
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  expect(moment(1)).toBeCloseTo(0, 1);
  expect(moment(2)).toBeCloseTo(1, 1);
  expect(Math.abs(moment(3))).toBeLessThan(0.05);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
});
