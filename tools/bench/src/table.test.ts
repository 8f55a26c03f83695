import { describe, expect, it } from 'vitest';
import { duration, durations, number, spread, table } from './table.ts';

describe('a table', () => {
  it('sets names to the left and numbers to the right', () => {
    expect(
      table(
        ['what', 'n'],
        [
          ['a', '1,000'],
          ['longer', '2'],
        ],
      ),
    ).toBe(['what        n', '─────────────', 'a       1,000', 'longer      2'].join('\n'));
  });

  it('leaves a cell that is missing empty', () => {
    expect(table(['what', 'n', 'm'], [['a', '1']])).toBe(['what  n  m', '──────────', 'a     1'].join('\n'));
  });
});

describe('a number', () => {
  it('shows three digits that matter', () => {
    expect([0.01234, 0.5, 1.234, 12.34, 123.4, 12_345.6, 0].map(number)).toEqual([
      '0.0123',
      '0.500',
      '1.23',
      '12.3',
      '123',
      '12,346',
      '0',
    ]);
  });

  it('is short however large it is', () => {
    expect([2_345_678, 9_876_543_210, -1_500_000].map(number)).toEqual(['2.35 M', '9.88 G', '-1.50 M']);
  });

  it('is a dash if it is unknown', () => {
    expect([null, Number.NaN, Number.POSITIVE_INFINITY].map(number)).toEqual(['–', '–', '–']);
  });

  it('comes with the lowest and highest of its rounds', () => {
    expect(spread({ median: 2, min: 1, max: 30 }, ' ms')).toBe('2.00 ms [1.00–30.0]');
  });
});

describe('a duration', () => {
  it('is in the unit that suits it', () => {
    expect([5e-9, 1e-6, 0.00512, 12, 5_000].map(duration)).toEqual([
      '5.00 ns',
      '1.00 µs',
      '5.12 ms',
      '12.0 s',
      '5,000 s',
    ]);
  });

  it('comes with the shortest and the longest in one unit', () => {
    expect(durations({ median: 0.0004, min: 9e-6, max: 0.002 })).toBe('400 µs [9.00–2,000]');
  });
});
