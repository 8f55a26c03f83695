import { describe, expect, it } from 'vitest';
import { nelderMead } from './nelder-mead.ts';

const limits = { step: 0.5, pointTolerance: 1e-8, valueTolerance: 1e-14, evaluations: 2000 };

describe('nelderMead', () => {
  it('walks down the bent valley of Rosenbrock to (1, 1)', () => {
    const valley = (p: readonly number[]): number => {
      const [a = 0, b = 0] = p;
      return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
    };
    const { point, value } = nelderMead(valley, [-1.2, 1], limits);
    expect(point[0]).toBeCloseTo(1, 6);
    expect(point[1]).toBeCloseTo(1, 6);
    expect(value).toBeLessThan(1e-12);
  });

  it('stays where the function exists, and stops when its evaluations are used up', () => {
    const { point } = nelderMead(([a = 0]) => a - Math.log(a), [3], limits);
    expect(point[0]).toBeCloseTo(1, 6);
    let calls = 0;
    const endless = nelderMead(([a = 0]) => -a + 0 * ++calls, [0], { ...limits, evaluations: 50 });
    expect(calls).toBe(endless.evaluations);
    expect(calls).toBeLessThan(55);
  });
});
