import { describe, expect, it } from 'vitest';
import { demingFault, demingSlope } from './deming.ts';

describe('demingSlope', () => {
  it('is the slope that can be checked by hand, whatever unit the sums are in', () => {
    // q = 8.75 - 10 = -1.25: beta = (-1.25 + sqrt(1.25^2 + 100)) / 10.
    const beta = (-1.25 + Math.sqrt(1.25 ** 2 + 100)) / 10;
    for (const unit of [1, 2 ** 600, 2 ** -600]) {
      expect(demingSlope(10 * unit, 8.75 * unit, 5 * unit, 1)).toBeCloseTo(beta, 15);
      expect(demingSlope(10 * unit, 8.75 * unit, -5 * unit, 1)).toBeCloseTo(-beta, 15);
    }
  });

  it('of legs of one variance is 1, however little they vary together', () => {
    expect(demingSlope(1e-140, 1e-140, 1e-160, 1)).toBe(1);
    expect(demingSlope(1e-140, 1e-140, -1e-160, 1)).toBe(-1);
  });

  it('turned about, with the inverse delta, is the inverse', () => {
    expect(demingSlope(8.75, 10, 5, 1 / 3)).toBeCloseTo(1 / demingSlope(10, 8.75, 5, 3), 15);
  });
});

describe('demingFault', () => {
  it('names why there is no slope', () => {
    expect(demingFault(10, 8.75, 5, 1)).toBeNull();
    expect(demingFault(10, 8.75, 1e-16, 1)).toBe('ConstantSeries');
    expect(demingFault(1e151, 8.75, 5, 1)).toBe('NonFinite');
    expect(demingFault(10, 1e-151, 1e-80, 1)).toBe('NonFinite');
    expect(demingFault(10, 8.75, 5, 1e150)).toBe('NonFinite');
  });
});
