import { expect, it } from 'vitest';
import { benchmarkNames, readArguments } from './options.ts';

it('runs every benchmark unless some are named, each once and in its own order', () => {
  expect(readArguments([]).names).toEqual(benchmarkNames);
  expect(readArguments(['memory', 'frames', 'memory']).names).toEqual(['frames', 'memory']);
});

it('takes its flags', () => {
  expect(readArguments(['--quick', '--seed', '11', '--profile', 'out'])).toMatchObject({
    quick: true,
    seed: 11,
    profile: 'out',
  });
  expect(readArguments([])).toMatchObject({ quick: false, seed: 7, profile: undefined });
});

it('says which argument does not fit', () => {
  expect(() => readArguments(['speed'])).toThrow('there is no benchmark speed: name some of frames, fold');
  expect(() => readArguments(['--seed', 'x'])).toThrow('--seed cannot be x');
  expect(() => readArguments(['--seed', ' '])).toThrow('--seed cannot be');
  expect(() => readArguments(['--fast'])).toThrow('--fast');
});
