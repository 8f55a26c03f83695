import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustPValues, type Correction } from '../index.ts';
import { codeOf, uniform } from '../noise.fixture.ts';

const corrections: Correction[] = ['benjamini-hochberg', 'benjamini-yekutieli', 'holm', 'bonferroni'];
const close = (values: number[]) => values.map((v) => expect.closeTo(v, 14));

describe('adjustPValues', () => {
  it('corrects four p-values as one does by hand', () => {
    const p = [0.01, 0.04, 0.03, 0.5];
    expect(adjustPValues(p, 'bonferroni').adjusted).toEqual(close([0.04, 0.16, 0.12, 1]));
    // Holm: 4 x 0.01, 3 x 0.03, then 2 x 0.04 = 0.08 is raised to 0.09.
    expect(adjustPValues(p, 'holm').adjusted).toEqual(close([0.04, 0.09, 0.09, 0.5]));
    // Benjamini-Hochberg: 4 x 0.01 / 1, 4 x 0.03 / 2 = 0.06 is lowered to 4 x 0.04 / 3.
    const bh = adjustPValues(p);
    expect(bh.adjusted).toEqual(close([0.04, 0.16 / 3, 0.16 / 3, 0.5]));
    expect([bh.rejected, bh.discoveries, bh.n, bh.dropped]).toEqual([[true, false, false, false], 1, 4, 0]);
    // Yekutieli: times 1 + 1/2 + 1/3 + 1/4 = 25/12.
    const by = adjustPValues(p, 'benjamini-yekutieli');
    expect(by.adjusted).toEqual(close([1 / 12, 1 / 9, 1 / 9, 1]));
  });

  it('a p-value that misses its own line is still found if a larger one meets its own', () => {
    // Lines at 0.0167, 0.0333, 0.05: the second misses, the third meets.
    const found = adjustPValues([0.01, 0.04, 0.05]);
    expect(found.rejected).toEqual([true, true, true]);
    expect(adjustPValues([0.01, 0.04, 0.05], 'holm').rejected).toEqual([true, false, false]);
  });

  it('among 1,225 pairs without any relation 61 would be found by chance, and none or next to none are', () => {
    const next = uniform(1);
    const p = Array.from({ length: 1_225 }, next);
    expect(adjustPValues(p).expectedByChance).toBeCloseTo(61.25, 12);
    expect(p.filter((v) => v <= 0.05).length).toBeGreaterThan(40);
    for (const correction of corrections)
      expect(adjustPValues(p, correction).discoveries).toBeLessThanOrEqual(1);
  });

  it('a test that could not be made is left out of the family, and said to be', () => {
    const found = adjustPValues([0.02, Number.NaN, 0.5], 'bonferroni');
    expect(found.adjusted).toEqual([0.04, null, 1]);
    expect([found.n, found.dropped, found.flags, found.rejected]).toEqual([
      2,
      1,
      ['MissingTests'],
      [true, false, false],
    ]);
    expect(adjustPValues([]).adjusted).toEqual([]);
  });

  it('never makes a p smaller, keeps their order, and is as strict as its name says', () => {
    const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(ps, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (p, alpha) => {
        const [bh, by, holm, bonferroni] = corrections.map((one) => adjustPValues(p, one, alpha));
        for (let i = 0; i < p.length; i++) {
          const q = (found: typeof bh): number => found?.adjusted[i] as number;
          const slack = 1 + 1e-12;
          expect(q(bh) * slack).toBeGreaterThanOrEqual(p[i] as number);
          expect(q(by) * slack).toBeGreaterThanOrEqual(q(bh));
          expect(q(holm) * slack).toBeGreaterThanOrEqual(q(bh));
          expect(q(bonferroni) * slack).toBeGreaterThanOrEqual(q(holm));
          for (const found of [bh, by, holm, bonferroni]) {
            if (Math.abs(q(found) - alpha) > 1e-9) expect(found?.rejected[i]).toBe(q(found) <= alpha);
            for (let j = 0; j < p.length; j++) {
              if ((p[j] as number) > (p[i] as number)) {
                expect(found?.adjusted[j]).toBeGreaterThanOrEqual(q(found));
              }
            }
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('refuses what is no probability, and a level that is none', () => {
    expect(codeOf(() => adjustPValues([0.5, 1.5]))).toBe('InvalidParameter');
    expect(codeOf(() => adjustPValues([-0.1]))).toBe('InvalidParameter');
    expect(codeOf(() => adjustPValues([Infinity]))).toBe('InvalidParameter');
    expect(codeOf(() => adjustPValues([0.5], 'holm', 0))).toBe('InvalidParameter');
  });
});
