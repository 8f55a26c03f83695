import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bertramThresholds, erfi } from '../index.ts';
import { codeOf } from '../noise.fixture.ts';

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('bertramThresholds', () => {
  it('of a unit process with costs of one deviation, enters and leaves 1.264 deviations from the mean', () => {
    // sigma = sqrt(2), kappa = 1: a stationary deviation of 1. Value: mpmath's root of the first-order condition.
    const found = bertramThresholds({ kappa: 1, sigma: Math.SQRT2, cost: 1, theta: 10 });
    expect(found.distance).toBeCloseTo(1.2644490437619555, 14);
    expect(found.z).toBeCloseTo(found.distance, 14);
    expect(found.enter).toBeCloseTo(10 - found.distance, 14);
    expect(found.exit).toBeCloseTo(10 + found.distance, 14);
    expect(found.returnRate).toBeCloseTo((2 * found.distance - 1) / found.expectedCycle, 14);
  });

  it('no other threshold earns more per unit of time', () => {
    fc.assert(
      fc.property(positive(1e-3, 10), positive(1e-3, 100), positive(1e-3, 3), (kappa, sigma, share) => {
        const reach = sigma / Math.sqrt(kappa);
        const cost = share * reach;
        const { distance, returnRate } = bertramThresholds({ kappa, sigma, cost });
        const rate = (m: number): number => (2 * m - cost) / (((2 * Math.PI) / kappa) * erfi(m / reach));
        for (const other of [0.9, 0.99, 1.01, 1.1]) expect(rate(distance * other)).toBeLessThan(returnRate);
      }),
    );
  });

  it('higher costs ask for farther thresholds, and always for more than they cost', () => {
    let last = 0;
    for (const cost of [1e-12, 1e-6, 0.01, 0.1, 1, 2, 5, 9]) {
      const { distance } = bertramThresholds({ kappa: 1, sigma: 1, cost });
      expect(distance).toBeGreaterThan(last);
      expect(2 * distance).toBeGreaterThan(cost);
      last = distance;
    }
  });

  it('near no cost the threshold is the cube root of 3/4 of it', () => {
    // u - D(u) -> 2 u^3 / 3, so u^3 = 3 c / 4.
    for (const cost of [1e-6, 1e-12]) {
      const { distance } = bertramThresholds({ kappa: 1, sigma: 1, cost });
      expect(distance / Math.cbrt(0.75 * cost)).toBeCloseTo(1, 3);
    }
  });

  it('refuses costs that are none, or beyond any move of the spread', () => {
    const cost = (value: number) => () => bertramThresholds({ kappa: 1, sigma: 1, cost: value });
    for (const value of [0, -1, Number.NaN, Infinity, 100])
      expect(codeOf(cost(value))).toBe('InvalidParameter');
    expect(cost(100)).toThrow('so high');
    expect(codeOf(() => bertramThresholds({ kappa: 0, sigma: 1, cost: 1 }))).toBe('InvalidParameter');
    expect(codeOf(() => bertramThresholds({ kappa: 1, sigma: -1, cost: 1 }))).toBe('InvalidParameter');
  });
});
