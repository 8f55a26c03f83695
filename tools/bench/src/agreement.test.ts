import { expect, it } from 'vitest';
import { agreement } from './agreement.ts';

it('is the largest difference as a part of the numbers, and of 1 for small ones', () => {
  expect(agreement('adf', [1, -2_000, 0], [1, -2_000, 0])).toBe(0);
  expect(agreement('adf', [1, -2_000, 0], [1 + 1e-8, -2_000.001, 1e-9])).toBeCloseTo(5e-7, 12);
});

it('refuses numbers that are not the same', () => {
  expect(() => agreement('adf', [2, 3], [2, 3.00001])).toThrow('adf: number 1 is 3 against 3.00001');
  expect(() => agreement('adf', [1], [-1])).toThrow('adf: number 0 is 1 against -1');
  expect(() => agreement('adf', [Number.NaN], [Number.NaN])).toThrow('adf: number 0 is NaN');
  expect(() => agreement('adf', [1], [Number.POSITIVE_INFINITY])).toThrow('adf: number 0 is 1 against Inf');
});

it('refuses too few numbers, and none', () => {
  expect(() => agreement('adf', [1, 2], [1])).toThrow('adf: 2 numbers stand against 1');
  expect(() => agreement('adf', [], [])).toThrow('adf: 0 numbers stand against 0');
});
