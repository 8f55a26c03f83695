import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyTerciles, type TercileState, volatilityRegime, volatilityRegimeStep } from '../index.ts';
import { ar1, codeOf, uniform } from '../noise.fixture.ts';

const past = Float64Array.from({ length: 31 }, (_, i) => (i * 17) % 31);

describe('volatilityRegime', () => {
  it('among 0 to 30 the terciles are 10 and 20', () => {
    expect(volatilityRegime(past, 9.9)).toMatchObject({
      regime: 'low',
      lower: 10,
      upper: 20,
      n: 31,
      dropped: 0,
    });
    expect(volatilityRegime(past, 10).regime).toBe('mid');
    expect(volatilityRegime(past, 20).regime).toBe('mid');
    expect(volatilityRegime(past, 20.1).regime).toBe('high');
    expect(volatilityRegime([...past, Number.NaN], Number.NaN)).toMatchObject({ regime: null, dropped: 1 });
  });

  it('names none before 30 earlier values, and a market that stands still is neither low nor high', () => {
    expect(volatilityRegime(past.slice(0, 29), 5)).toMatchObject({ regime: null, lower: null, upper: null });
    expect(volatilityRegime(new Float64Array(40).fill(3), 3).regime).toBe('mid');
    expect(codeOf(() => volatilityRegime(past, Infinity))).toBe('NonFinite');
  });
});

describe('volatilityRegimeStep', () => {
  const run = (values: ArrayLike<number>): TercileState[] => {
    const states: TercileState[] = [];
    let state: TercileState = emptyTerciles;
    for (const value of Array.from(values)) {
      state = volatilityRegimeStep(state, value);
      states.push(state);
    }
    return states;
  };

  it('says nearly always what the exact terciles of all earlier values say', () => {
    // Volatilities that cluster, far from evenly spread.
    const values = ar1(3_000, 0.9, 1).map((v) => Math.exp(v / 2));
    const states = run(values);
    let same = 0;
    for (let i = 100; i < values.length; i++) {
      if (states[i]?.regime === volatilityRegime(values.slice(0, i), values[i] as number).regime) same++;
    }
    expect(same / 2_900).toBeGreaterThan(0.97);
    expect(states[29]?.regime).toBeNull();
    expect(states[30]?.regime).not.toBeNull();
  });

  it('the terciles of evenly spread values come to a third and two thirds', () => {
    const next = uniform(3);
    const { heights, ranks, n } = run(Float64Array.from({ length: 20_000 }, next)).at(-1) as TercileState;
    expect(heights[2]).toBeCloseTo(1 / 3, 1);
    expect(heights[4]).toBeCloseTo(2 / 3, 1);
    expect([n, ranks[0], ranks[6]]).toEqual([20_000, 1, 20_000]);
  });

  it('never looks ahead, keeps its markers in order, and goes on from JSON with the same bits', () => {
    const value = fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(0, 1, 1, Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { minLength: 5, maxLength: 80 }), (values) => {
        const states = run(values);
        let stored: TercileState = emptyTerciles;
        for (const [i, one] of values.entries()) {
          const next = volatilityRegimeStep(stored, one);
          expect(next).toEqual(states[i]);
          stored = JSON.parse(JSON.stringify(next)) as TercileState;
          expect(stored).toEqual(next);
          for (let k = 1; k < next.heights.length; k++) {
            expect(next.heights[k]).toBeGreaterThanOrEqual(next.heights[k - 1] as number);
            if (next.ranks.length > 0) expect(next.ranks[k]).toBeGreaterThan(next.ranks[k - 1] as number);
          }
        }
      }),
    );
    expect(codeOf(() => volatilityRegimeStep(emptyTerciles, Infinity))).toBe('NonFinite');
  });
});
