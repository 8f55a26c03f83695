import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EdgeInput, edgeBps, type QualityInput, qualityScore, qualityWeights } from '../index.ts';

const perfect: QualityInput = {
  cointegrationP: 0,
  halfLife: 20,
  window: 240,
  returnCorrelation: 0.95,
  beta: 2,
  betaDeviation: 0,
  varianceRatio: 0.4,
  spreadDeviation: 10,
  roundTripCost: 1,
};

describe('qualityScore', () => {
  it('of a pair without a fault is 100, of a useless one 0', () => {
    expect(qualityScore(perfect)).toMatchObject({
      score: expect.closeTo(100, 12),
      n: 6,
      dropped: 0,
      flags: [],
    });
    const useless = qualityScore({
      ...perfect,
      cointegrationP: 0.5,
      halfLife: Infinity,
      returnCorrelation: 0.1,
      betaDeviation: 3,
      varianceRatio: 1.2,
      roundTripCost: 40,
    });
    expect(useless.score).toBe(0);
  });

  it('grades each part along its line', () => {
    const part = (changes: Partial<QualityInput>) => qualityScore({ ...perfect, ...changes }).parts;
    expect(part({ cointegrationP: 0.05 }).cointegration).toBeCloseTo(0.5, 14);
    expect(part({ returnCorrelation: 0.6 }).correlation).toBeCloseTo(0.5, 14);
    expect(part({ betaDeviation: 0.25, beta: -2 }).stability).toBeCloseTo(0.5, 14);
    expect(part({ varianceRatio: 0.75 }).reversion).toBeCloseTo(0.5, 14);
    expect(part({ spreadDeviation: 3, roundTripCost: 2 }).cost).toBeCloseTo(0.5, 14);
    expect([5, 120].map((halfLife) => part({ halfLife }).halfLife)).toEqual([1, 1]);
    expect([1, 3, 300, 480, Infinity].map((halfLife) => part({ halfLife }).halfLife)).toEqual([
      0, 0.5, 0.5, 0, 0,
    ]);
    expect(part({ beta: 0, betaDeviation: 0.1 }).stability).toBe(0);
  });

  it('weighs 30, 20, 15, 15, 10, 10', () => {
    expect(Object.values(qualityWeights).reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 15);
    expect(qualityScore({ ...perfect, cointegrationP: 1 }).score).toBeCloseTo(70, 12);
    expect(qualityScore({ ...perfect, halfLife: 1, varianceRatio: 2 }).score).toBeCloseTo(70, 12);
  });

  it('gives the weight of an unknown part to the others, and says so', () => {
    const found = qualityScore({ ...perfect, cointegrationP: null, halfLife: 1 });
    expect(found.score).toBeCloseTo((100 * 0.5) / 0.7, 12);
    expect([found.parts.cointegration, found.n, found.dropped, found.flags]).toEqual([
      null,
      5,
      1,
      ['MissingPart'],
    ]);
    const nothing = qualityScore({
      cointegrationP: null,
      halfLife: null,
      window: 240,
      returnCorrelation: null,
      beta: null,
      betaDeviation: 1,
      varianceRatio: null,
      spreadDeviation: 1,
      roundTripCost: null,
    });
    expect([nothing.score, nothing.dropped]).toEqual([null, 6]);
  });

  it('never leaves 0 to 100', () => {
    const any = fc.option(fc.double());
    fc.assert(
      fc.property(any, any, any, any, any, any, any, any, (p, h, r, b, d, v, s, c) => {
        const { score, parts } = qualityScore({
          cointegrationP: p,
          halfLife: h,
          window: 60,
          returnCorrelation: r,
          beta: b,
          betaDeviation: d,
          varianceRatio: v,
          spreadDeviation: s,
          roundTripCost: c,
        });
        for (const value of [score === null ? 0 : score / 100, ...Object.values(parts)]) {
          if (value === null) continue;
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });
});

describe('edgeBps', () => {
  const short: EdgeInput = {
    z: 2.5,
    spreadDeviation: 100,
    exit: 0,
    beta: 20,
    scale: 'price',
    y: 60_000,
    x: 3_000,
    fillCostBps: 6,
  };

  it('is the way to the mean over both legs, less 12 basis points of four fills at 6', () => {
    expect(edgeBps(short)).toBeCloseTo((250 / 120_000) * 1e4 - 12, 12);
    expect(edgeBps({ ...short, z: -2.5 })).toBeCloseTo((250 / 120_000) * 1e4 - 12, 12);
    expect(edgeBps({ ...short, exit: 0.5 })).toBeCloseTo((200 / 120_000) * 1e4 - 12, 12);
    expect(edgeBps({ ...short, exit: -0.5 })).toBeCloseTo((300 / 120_000) * 1e4 - 12, 12);
    // A spread of 0.2 % of the legs' notional does not pay at one deviation.
    expect(edgeBps({ ...short, z: 1 })).toBeLessThan(0);
  });

  it('on the log scale counts per unit of notional of y', () => {
    const log: EdgeInput = { ...short, scale: 'log', spreadDeviation: 0.002, beta: 0.8 };
    expect(edgeBps(log)).toBeCloseTo((0.005 / 1.8) * 1e4 - 12, 12);
  });

  it('is not known without prices or a deviation', () => {
    expect(edgeBps({ ...short, y: 0 })).toBeNull();
    expect(edgeBps({ ...short, spreadDeviation: Number.NaN })).toBeNull();
    expect(edgeBps({ ...short, spreadDeviation: Infinity })).toBeNull();
  });
});
