/** The weights of the parts of a score; they add up to 1. */
export const qualityWeights = {
  cointegration: 0.3,
  halfLife: 0.2,
  correlation: 0.15,
  stability: 0.15,
  reversion: 0.1,
  cost: 0.1,
} as const;

/** A part of a score. */
export type QualityPart = keyof typeof qualityWeights;

/** What a score is made from; null where a number is not known. */
export interface QualityInput {
  /** p of the Engle-Granger test. */
  cointegrationP: number | null;
  /** In bars; Infinity for a spread that does not come back. */
  halfLife: number | null;
  /** Bars of the study's window. */
  window: number;
  /** Correlation of the legs' returns. */
  returnCorrelation: number | null;
  beta: number | null;
  /** Standard deviation of the rolling beta. */
  betaDeviation: number | null;
  /** VR(8) of the spread. */
  varianceRatio: number | null;
  spreadDeviation: number | null;
  /** Cost of a round trip in units of the spread. */
  roundTripCost: number | null;
}

/** Remarks on a score. */
export type QualityFlag =
  /** A part is unknown; its weight went to the others. */
  'MissingPart';

/** How well a pair lends itself to trading the reversion of its spread. No probability. */
export interface Quality {
  /** Parts that are known. */
  n: number;
  dropped: number;
  flags: QualityFlag[];
  /** 0 to 100; null if no part is known. */
  score: number | null;
  /** Each from 0 to 1; null where unknown. */
  parts: Record<QualityPart, number | null>;
}

/**
 * Tandem's own score of a pair: 100 times the weighted mean of six parts, each from 0 (poor) to 1.
 *
 * cointegration (0.10 - p) / 0.10; half-life 1 from 5 bars to half the window, falling in straight lines to 0 at 1 bar
 * and at two windows; correlation (r - 0.3) / 0.6; stability 1 - (deviation of beta / |beta|) / 0.25; reversion
 * (1 - VR(8)) / 0.5; cost (2 deviations / round trip - 1) / 4. Weights 30, 20, 15, 15, 10, 10; the weight of an unknown
 * part goes to the others in proportion.
 */
export function qualityScore(input: QualityInput): Quality {
  const parts = partsOf(input);
  let score = 0;
  let weight = 0;
  let known = 0;
  for (const name of Object.keys(qualityWeights) as QualityPart[]) {
    const part = parts[name];
    if (part === null) continue;
    score += qualityWeights[name] * part;
    weight += qualityWeights[name];
    known++;
  }
  const missing = Object.keys(qualityWeights).length - known;
  return {
    n: known,
    dropped: missing,
    flags: missing > 0 ? ['MissingPart'] : [],
    score: known === 0 ? null : (100 * score) / weight,
    parts,
  };
}

function partsOf(input: QualityInput): Record<QualityPart, number | null> {
  const { cointegrationP, halfLife, window, returnCorrelation, beta, betaDeviation } = input;
  const { varianceRatio, spreadDeviation, roundTripCost } = input;
  return {
    cointegration: part(cointegrationP, (p) => (0.1 - p) / 0.1),
    halfLife: part(halfLife, (bars) => Math.min((bars - 1) / 4, (2 * window - bars) / (1.5 * window))),
    correlation: part(returnCorrelation, (r) => (r - 0.3) / 0.6),
    stability: part(betaDeviation, (deviation) =>
      beta === null ? Number.NaN : 1 - deviation / Math.abs(beta) / 0.25,
    ),
    reversion: part(varianceRatio, (ratio) => (1 - ratio) / 0.5),
    cost: part(spreadDeviation, (deviation) =>
      roundTripCost === null ? Number.NaN : ((2 * deviation) / roundTripCost - 1) / 4,
    ),
  };
}

/** A part cut off at 0 and 1; null where what it is made from is not known. */
function part(value: number | null, grade: (value: number) => number): number | null {
  if (value === null) return null;
  const graded = grade(value);
  return Number.isNaN(graded) ? null : Math.max(0, Math.min(1, graded));
}
