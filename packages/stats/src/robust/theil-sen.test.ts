import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../index.ts';
import { codeOf, normal } from '../noise.fixture.ts';
import { theilSen } from './index.ts';
import { roundHalfEven } from './round-half-even.ts';
import { SlopeSelection } from './slope-selection.ts';

/** All slopes of pairs of different x, sorted. */
function slopesOf(y: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  const slopes: number[] = [];
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < i; j++) {
      if (x[i] !== x[j]) {
        slopes.push(((y[i] as number) - (y[j] as number)) / ((x[i] as number) - (x[j] as number)));
      }
    }
  }
  return Float64Array.from(slopes).sort();
}

/** Moves by whole ticks, often by none: equal prices and equal slopes abound. */
const ticks = (n: number, seed: number, tick: number, pace: number): Float64Array => {
  const next = normal(seed);
  let level = 1000;
  return Float64Array.from({ length: n }, () => {
    level += Math.trunc(pace * next());
    return level * tick;
  });
};

const walk = (n: number, seed: number): Float64Array => {
  const next = normal(seed);
  let level = 100;
  return Float64Array.from({ length: n }, () => (level += next()));
};

describe('theilSen', () => {
  it('finds the median of six slopes that can be checked by hand', () => {
    // Slopes 2, 0.5, 4/3, -1, 1, 3: the middle two are 1 and 4/3.
    const fit = theilSen([1, 3, 2, 5], [0, 1, 2, 3]);
    expect(fit.beta).toBe((1 + 4 / 3) / 2);
    expect(fit.alpha).toBe(2.5 - fit.beta * 1.5);
    expect([fit.n, fit.dropped, fit.slopes, fit.flags]).toEqual([4, 0, 6, []]);
    expect(fit.lastResidual).toBe(5 - fit.alpha - fit.beta * 3);
  });

  it('puts its joint intercept so that as many rows lie above the line as below', () => {
    const { alpha, beta } = theilSen([1, 3, 2, 9, 5], [0, 1, 2, 3, 4], { intercept: 'joint' });
    const residuals = [1, 3, 2, 9, 5].map((y, i) => y - alpha - beta * i).sort((a, b) => a - b);
    expect(residuals[2]).toBeCloseTo(0, 15);
    expect(theilSen([1, 3, 2, 9, 5], [0, 1, 2, 3, 4]).alpha).toBe(3 - beta * 2);
  });

  it('counts the ranks of its interval as Sen does', () => {
    // Without ties s^2 = 4 * 3 * 13 / 18; of 6 slopes, z s = 2 leaves the ranks 6/2 - 1 - 1 = 1 and 6/2 + 1 = 4.
    const slopes = slopesOf([1, 3, 2, 5], [0, 1, 2, 3]);
    for (const [half, low, high] of [
      [0.1, 2, 3],
      [2, 1, 4],
      [3.9, 0, 5],
      [30, 0, 5],
    ] as const) {
      const confidence = 2 * normalCdf(half / Math.sqrt(26 / 3)) - 1;
      const fit = theilSen([1, 3, 2, 5], [0, 1, 2, 3], { confidence: Math.min(confidence, 1 - 1e-16) });
      expect([fit.betaLow, fit.betaHigh]).toEqual([slopes[low], slopes[high]]);
    }
  });

  it('takes ties of prices off the variance', () => {
    // s^2 = [5 * 4 * 15 - 2 * 1 * 9 (two equal x) - 3 * 2 * 11 (three equal y)] / 18 = 12; 9 slopes.
    const y = [1, 1, 1, 4, 6];
    const x = [0, 1, 1, 2, 3];
    const slopes = slopesOf(y, x);
    expect(slopes.length).toBe(9);
    // Just beside where (9 + z s) / 2 is 6.5: with another variance one of the two would come out differently.
    for (const [part, high] of [
      [1 - 1e-9, 6],
      [1 + 1e-9, 7],
    ] as const) {
      const confidence = 2 * normalCdf((4 * part) / Math.sqrt(12)) - 1;
      expect(theilSen(y, x, { confidence }).betaHigh).toBe(slopes[high]);
    }
    expect(slopes[6]).not.toBe(slopes[7]);
  });

  it('rounds halves to the even neighbour', () => {
    expect([0.5, 1.5, 2.5, 2.4999, 2.5001, 3, -1.5].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3, 3, -2]);
  });

  it('has an interval that holds the true slope about as often as it says', () => {
    let held = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const next = normal(seed);
      const x = Array.from({ length: 25 }, (_, i) => i);
      const { betaLow, betaHigh } = theilSen(
        x.map((value) => 2 * value + 5 * next()),
        x,
        { confidence: 0.8 },
      );
      if ((betaLow as number) <= 2 && 2 <= (betaHigh as number)) held++;
    }
    expect(held / 400).toBeGreaterThan(0.74);
    expect(held / 400).toBeLessThan(0.88);
  });

  it('does not move when a quarter of the rows goes astray, in y and in x', () => {
    const x = walk(80, 1);
    const next = normal(2);
    const y = x.map((value) => 1.5 * value + 0.1 * next());
    const clean = theilSen(y, x).beta;
    for (let i = 0; i < 20; i++) {
      y[4 * i] = 1e6 * next();
      x[4 * i] = 1e6 * next();
    }
    expect(theilSen(y, x).beta).toBeCloseTo(clean, 1);
  });

  it('moves with the data: other units of y and x only change the units of the answer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: -60, max: 60 }),
        fc.boolean(),
        (seed, power, down) => {
          const y = ticks(30, seed, 0.5, 2);
          const x = walk(30, seed + 1);
          const unit = (down ? -1 : 1) * 2 ** power;
          const fit = theilSen(y, x);
          const moved = theilSen(
            y.map((value) => unit * value),
            x,
          );
          expect(moved.beta).toBe(unit * fit.beta + 0);
          expect(
            theilSen(
              y,
              x.map((value) => value / unit),
            ).beta,
          ).toBe(unit * fit.beta + 0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the very double that sorting all slopes gives, however many rows there are', () => {
    const markets: [Float64Array, Float64Array][] = [
      [walk(1002, 1), walk(1002, 2)],
      [ticks(1001, 3, 0.01, 1.5), ticks(1001, 4, 0.01, 1.5)],
      [ticks(1001, 7, 0.0001, 1.2), ticks(1001, 6, 1, 0.7)],
    ];
    for (const [y, x] of markets) {
      const slopes = slopesOf(y, x);
      const half = slopes.length >> 1;
      const middle =
        slopes.length % 2 === 1
          ? (slopes[half] as number)
          : ((slopes[half - 1] as number) + (slopes[half] as number)) / 2;
      const fit = theilSen(y, x);
      expect(fit.slopes).toBe(slopes.length);
      expect(fit.beta).toBe(middle + 0);
    }
  });

  it('leaves out a row of which one leg is missing, and says so', () => {
    const gaps = theilSen([1, Number.NaN, 3, 2, 5], [0, 7, 1, 2, 3]);
    expect({ ...gaps, dropped: 0 }).toEqual(theilSen([1, 3, 2, 5], [0, 1, 2, 3]));
    expect(gaps.dropped).toBe(1);
  });

  it('has no interval where y does not vary and x hardly does', () => {
    const fit = theilSen([5, 5, 5, 5], [0, 0, 1, 2]);
    expect([fit.beta, fit.alpha, fit.betaLow, fit.betaHigh, fit.flags]).toEqual([
      0,
      5,
      null,
      null,
      ['NoInterval'],
    ]);
  });

  it('refuses what has no answer, each fault by its name', () => {
    expect(codeOf(() => theilSen([1, 2, 3], [1, 2]))).toBe('LengthMismatch');
    expect(codeOf(() => theilSen([1], [1]))).toBe('TooFewObservations');
    expect(codeOf(() => theilSen([1, 2, 3], [4, 4, 4]))).toBe('ConstantSeries');
    expect(codeOf(() => theilSen([1, Infinity], [1, 2]))).toBe('NonFinite');
    expect(codeOf(() => theilSen([1e308, -1e308], [1, 2]))).toBe('NonFinite');
    expect(codeOf(() => theilSen([1e300, -1e300], [1e-300, 0]))).toBe('NonFinite');
    expect(codeOf(() => theilSen([1, 2], [1, 2], { confidence: 1 }))).toBe('InvalidParameter');
    expect(theilSen([0, 1e-300, 3e-300], [0, 1e300, 1e300]).beta).toBe(0);
  });
});

describe('SlopeSelection', () => {
  it('picks every rank as sorting would: walks, ticks, few prices, wild prices', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(0.6, 1, 1.5, 5),
        fc.constantFrom('walk', 'ticks', 'wild', 'same rows'),
        (seed, pace, kind) => {
          const n = 150;
          let y = kind === 'walk' ? walk(n, seed) : ticks(n, seed, 0.01, pace);
          let x = kind === 'walk' ? walk(n, seed + 1) : ticks(n, seed + 1, 0.01, pace);
          if (kind === 'wild') x = x.map((value, i) => (i === 7 ? 1e300 : value));
          if (kind === 'same rows') {
            y = y.map((_, i) => y[i % 11] as number);
            x = x.map((_, i) => x[i % 11] as number);
          }
          const slopes = slopesOf(y, x);
          const selection = new SlopeSelection(y, x, n);
          expect(selection.count).toBe(slopes.length);
          if (slopes.length === 0) return;
          for (const share of [0, 0.03, 0.25, 0.5, 0.75, 0.999]) {
            const rank = Math.floor(share * slopes.length);
            expect(selection.select(rank) + 0).toBe((slopes[rank] as number) + 0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not trust its counts where rounding decides: prices on one line but for the last decimal', () => {
    // In decimals all slopes are 0.1; in doubles they are hundreds of neighbours of it.
    const x = ticks(200, 5, 1, 20).map((value) => (10_000_000 + value) / 100);
    const y = x.map((value) => Math.round(value * 100) / 1000);
    const slopes = slopesOf(y, x);
    expect(new Set(slopes).size).toBeGreaterThan(500);
    const selection = new SlopeSelection(y, x, 200);
    for (let rank = 0; rank < slopes.length; rank += 997) expect(selection.select(rank)).toBe(slopes[rank]);
  });
});
