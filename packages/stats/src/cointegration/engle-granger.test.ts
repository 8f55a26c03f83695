import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ols } from '../index.ts';
import { codeOf } from '../noise.fixture.ts';
import { adf, mackinnonCritical, mackinnonP } from '../unit-root/index.ts';
import { engleGranger, engleGrangerBoth } from './index.ts';

interface Pair {
  y: number[];
  x: number[];
}

/** A walk and a leg tied to it by a spread that keeps a share of itself. */
function tied(moves: readonly (readonly [number, number])[], share: number): Pair {
  let price = 5000;
  let spread = 0;
  const pair: Pair = { y: [], x: [] };
  for (const [move, shock] of moves) {
    price += move;
    spread = share * spread + shock;
    pair.x.push(price);
    pair.y.push(300 + 1.5 * price + spread);
  }
  return pair;
}

function seeded(seed: number, n: number, share: number): Pair {
  let state = seed;
  const uniform = (): number => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const normal = (): number => 100 * (uniform() + uniform() + uniform() + uniform());
  return tied(
    Array.from({ length: n }, () => [normal(), normal()] as const),
    share,
  );
}

const moves = fc
  .array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 })), {
    minLength: 40,
    maxLength: 120,
  })
  .filter((steps) => new Set(steps.map(([a]) => a)).size > 5 && new Set(steps.map(([, b]) => b)).size > 5);
const shares = fc.constantFrom(0, 0.5, 0.9, 1);

describe('engleGranger', () => {
  it('is a Dickey-Fuller test of the residuals, judged by the surface for two series', () => {
    fc.assert(
      fc.property(
        moves,
        shares,
        fc.constantFrom<'aic' | 'bic'>('aic', 'bic'),
        (steps, share, lagSelection) => {
          const { y, x } = tied(steps, share);
          const test = engleGranger(y, x, { lagSelection });
          const fit = ols(y, x);
          const residuals = y.map((value, i) => value - fit.alpha - fit.beta * (x[i] as number));
          const unit = adf(residuals, { trend: 'n', lagSelection });
          fc.pre(unit.lags === test.lags);
          expect(test.stat).toBeCloseTo(unit.stat, 6);
          expect(test.pValue).toBeCloseTo(mackinnonP(test.stat, 'c', 2), 12);
          expect(test.critical).toEqual(mackinnonCritical('c', test.n - 1, 2));
          expect(test.beta).toBeCloseTo(fit.beta, 9);
          expect(test.alpha).toBeCloseTo(fit.alpha, 5);
          expect(test.rSquared).toBeCloseTo(fit.rSquared as number, 10);
          expect(test.rows).toBe(test.n - 1 - test.lags);
        },
      ),
    );
  });

  it('finds legs that are tied and does not find legs that wander apart', () => {
    const together = seeded(1, 400, 0.8);
    const test = engleGranger(together.y, together.x);
    expect(test.stat).toBeLessThan(test.critical?.['1%'] as number);
    expect(test.beta).toBeCloseTo(1.5, 1);
    const apart = seeded(2, 400, 1);
    expect(engleGranger(apart.y, apart.x).pValue).toBeGreaterThan(0.05);
    // What seed projects do: the surface of one series finds cointegration too easily.
    expect(mackinnonP(-3.2, 'c', 1)).toBeLessThan(0.05);
    expect(mackinnonP(-3.2, 'c', 2)).toBeGreaterThan(0.05);
  });

  it('takes the deterministic terms of the trend into the regression', () => {
    const { y, x } = seeded(3, 200, 0.5);
    const tilted = y.map((value, i) => value + 40 * i);
    expect(engleGranger(tilted, x, { trend: 'ct' }).stat).toBeCloseTo(
      engleGranger(y, x, { trend: 'ct' }).stat,
      8,
    );
    const bent = y.map((value, i) => value + 40 * i - 0.3 * i * i);
    expect(engleGranger(bent, x, { trend: 'ctt' }).stat).toBeCloseTo(
      engleGranger(y, x, { trend: 'ctt' }).stat,
      7,
    );
    expect(engleGranger(tilted, x).pValue).toBeGreaterThan(engleGranger(tilted, x, { trend: 'ct' }).pValue);
    expect(engleGranger(y, x, { trend: 'ct' }).alpha).toBeNull();
    // A line explains a line, whatever the regressor adds.
    const line = y.map((value, i) => value - 1.5 * (x[i] as number) + 400 * i);
    expect(engleGranger(line, x, { trend: 'ct' }).rSquared).toBeGreaterThan(0.999);
    const through = engleGranger(y, x, { trend: 'n' });
    expect([through.alpha, through.critical]).toEqual([0, null]);
    const xy = x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
    expect(through.beta).toBeCloseTo(xy / x.reduce((sum, value) => sum + value * value, 0), 12);
  });

  it('tests both directions as two tests do, and charges for choosing the better', () => {
    fc.assert(
      fc.property(moves, shares, (steps, share) => {
        const { y, x } = tied(steps, share);
        const both = engleGrangerBoth(y, x);
        expect(both.yOnX).toEqual(engleGranger(y, x));
        expect(both.xOnY).toEqual(engleGranger(x, y));
        expect(both.dependent).toBe(both.xOnY.stat < both.yOnX.stat ? 'x' : 'y');
        expect(both.pValue).toBe(Math.min(1, 2 * Math.min(both.yOnX.pValue, both.xOnY.pValue)));
      }),
    );
  });

  it('has no unit and no level: both legs may be quoted in any currency', () => {
    fc.assert(
      fc.property(moves, shares, fc.integer({ min: -999, max: 999 }), (steps, share, shift) => {
        const { y, x } = tied(steps, share);
        const plain = engleGranger(y, x);
        const scaled = engleGranger(
          y.map((value) => value * 2 ** 980),
          x.map((value) => value * -(2 ** 970)),
        );
        expect(scaled.stat).toBe(plain.stat);
        expect(scaled.beta).toBe(plain.beta * -(2 ** 10));
        const moved = engleGranger(
          y.map((value) => 3 * value + shift),
          x.map((value) => 7 * value - shift),
          { lagSelection: 'fixed', maxLag: 1 },
        );
        expect(moved.stat).toBeCloseTo(engleGranger(y, x, { lagSelection: 'fixed', maxLag: 1 }).stat, 7);
      }),
    );
  });

  it('leaves out rows of which one leg is missing, and says so', () => {
    const { y, x } = seeded(4, 120, 0.7);
    const gaps = [...y];
    gaps[10] = Number.NaN;
    const other = [...x];
    other[50] = Number.NaN;
    const known = (values: number[]): number[] => values.filter((_, i) => i !== 10 && i !== 50);
    const test = engleGranger(gaps, other);
    expect([test.n, test.dropped]).toEqual([118, 2]);
    expect(test.stat).toBe(engleGranger(known(y), known(x)).stat);
  });

  it('computes for one coin on two venues, where statsmodels gives up at -Infinity', () => {
    const { x } = seeded(5, 300, 0);
    const noise = seeded(6, 300, 0).y.map((value, i) => value - 1.5 * (seeded(6, 300, 0).x[i] as number));
    const y = x.map((value, i) => value + 1e-4 * (noise[i] as number));
    const test = engleGranger(y, x);
    expect(test.flags).toEqual(['NearCollinear']);
    expect(Number.isFinite(test.stat)).toBe(true);
    expect(test.stat).toBeLessThan(-10);
    const compatible = engleGranger(y, x, { compatibility: 'statsmodels' });
    expect([compatible.stat, compatible.pValue, compatible.rows]).toEqual([-Infinity, 0, 0]);
  });

  it('does not take a high price for collinearity, as statsmodels does without a trend', () => {
    const { y, x } = seeded(7, 300, 1);
    const high = (values: number[]): number[] => values.map((value) => value + 1e6);
    const test = engleGranger(high(y), high(x), { trend: 'n' });
    expect(test.flags).toEqual([]);
    expect(test.stat).toBeGreaterThan(-4);
    const compatible = engleGranger(high(y), high(x), { trend: 'n', compatibility: 'statsmodels' });
    expect(compatible.stat).toBe(-Infinity);
  });

  it('refuses what has no answer, each fault by its name', () => {
    const { y, x } = seeded(8, 60, 0.5);
    const row = y.map((_, i) => i);
    expect(codeOf(() => engleGranger(y, x.slice(1)))).toBe('LengthMismatch');
    expect(codeOf(() => engleGranger(y.slice(0, 29), x.slice(0, 29)))).toBe('TooFewObservations');
    expect(
      codeOf(() =>
        engleGranger(
          y,
          x.map((value, i) => (i === 5 ? -Infinity : value)),
        ),
      ),
    ).toBe('NonFinite');
    expect(
      codeOf(() =>
        engleGranger(
          y,
          x.map(() => 0.1),
        ),
      ),
    ).toBe('ConstantSeries');
    expect(
      codeOf(() =>
        engleGranger(
          y.map(() => 1e5),
          x,
        ),
      ),
    ).toBe('ConstantSeries');
    expect(codeOf(() => engleGranger(y, row, { trend: 'ct' }))).toBe('Collinear');
    expect(
      codeOf(() =>
        engleGranger(
          x.map((value) => 3.3 * value + 7.7),
          x,
        ),
      ),
    ).toBe('PerfectFit');
    expect(codeOf(() => engleGranger(x, x, { trend: 'n' }))).toBe('PerfectFit');
    expect(codeOf(() => engleGranger(y, x, { maxLag: 30 }))).toBe('InvalidParameter');
    expect(codeOf(() => engleGranger(y, x, { trend: 'x' as 'c' }))).toBe('InvalidParameter');
    expect(
      codeOf(() =>
        engleGranger(
          y.map((v) => v * 2 ** 1000),
          x.map((v) => v * 2 ** -1000),
        ),
      ),
    ).toBe('NonFinite');
    expect(engleGranger(y, x).flags).toEqual(['FewObservations']);
  });
});
