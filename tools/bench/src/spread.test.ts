import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile, slope, spreadOf, tailOf } from './spread.ts';

const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });

describe('a quantile', () => {
  it('lies between neighbours on a straight line, in whatever order the values come', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 0], 0.99)).toBeCloseTo(9.9, 12);
    expect(quantile([7], 0.99)).toBe(7);
  });

  it('is unknown of nothing, and refused outside of 0 to 1', () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(() => quantile([1], 1.5)).toThrow('a quantile lies from 0 to 1, not at 1.5');
    expect(() => quantile([1], Number.NaN)).toThrow('a quantile lies from 0 to 1');
  });

  it('never leaves the range of the values and never falls as the share grows', () => {
    fc.assert(
      fc.property(values, fc.double({ noNaN: true, min: 0, max: 1 }), (list, q) => {
        const at = quantile(list, q) as number;
        const slack = 1e-6;
        expect(at).toBeGreaterThanOrEqual(Math.min(...list) - slack);
        expect(at).toBeLessThanOrEqual(Math.max(...list) + slack);
        // 0 and -0 are the same quantity.
        expect((quantile(list, 1) as number) === Math.max(...list)).toBe(true);
        expect(quantile(list, q / 2)).toBeLessThanOrEqual(at + slack);
      }),
    );
  });
});

describe('the spread of several rounds', () => {
  it('is the middle one, the lowest and the highest', () => {
    expect(spreadOf([3, 100, 1])).toEqual({ median: 3, min: 1, max: 100 });
  });

  it('does not exist of nothing', () => {
    expect(() => spreadOf([])).toThrow('nothing was measured');
  });
});

describe('the tail of latencies', () => {
  it('counts them and shows the one in a hundred', () => {
    const list = Array.from({ length: 101 }, (_, index) => 100 - index);
    expect(tailOf(list)).toEqual({ count: 101, p50: 50, p99: 99, max: 100 });
  });

  it('is unknown when nothing arrived, not 0', () => {
    expect(tailOf([])).toEqual({ count: 0, p50: null, p99: null, max: null });
  });
});

describe('a slope', () => {
  it('is that of the line which the points lie on', () => {
    expect(slope([5, 6, 9].map((x) => ({ x, y: 3 - 2 * x })))).toBeCloseTo(-2, 12);
  });

  it('is unknown of a single moment', () => {
    expect(slope([{ x: 1, y: 1 }])).toBeNull();
    expect(slope([])).toBeNull();
  });
});
