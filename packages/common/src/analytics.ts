import { z } from 'zod';
import { StudyId } from './study.ts';
import { Dataset, Time } from './tick.ts';

/** Why a number is absent, and how far it is from being known. */
export const Absence = z.strictObject({
  /**
   * `warming`: not enough bars yet; the others will not mend by waiting for the window to fill. `gap`: too many bars
   * are missing. `constant`: a series does not vary. `no-reversion`: the spread does not come back. `within-bar`: half of
   * a deviation is gone within one bar. `not-offered`: the hedge method, the interval or a window below 30 bars has no
   * such number. `undefined`: the arithmetic has no answer.
   */
  reason: z.enum(['warming', 'gap', 'constant', 'no-reversion', 'within-bar', 'not-offered', 'undefined']),
  have: z.int().min(0),
  need: z.int().min(0),
});
export type Absence = z.infer<typeof Absence>;

const metric = z.number().nullable();

/** The numbers of a row, each null where `absent` says why. Their order is that of the columns. */
export const metrics = [
  'alpha',
  'beta',
  'alphaError',
  'betaError',
  'rSquared',
  'spread',
  'spreadDeviation',
  'z',
  'returnCorrelation',
  'priceCorrelation',
  'spreadMean',
  'yReturn',
  'xReturn',
  'yZ',
  'xZ',
  'spreadVolatility',
  'spreadVolatilityHour',
  'spreadVolatilityEwma',
  'cointegrationT',
  'cointegrationP',
  'cointegrationReverseP',
  'adfP',
  'halfLife',
  'halfLifeLow',
  'halfLifeHigh',
  'varianceRatio',
  'quality',
  'edgeBps',
  'emptyShare',
] as const;
export const Metric = z.enum(metrics);
export type Metric = z.infer<typeof Metric>;

/** `warming`: z is not yet known; `live`: it is; `gap`: this bar or too many before it are missing; `invalid`: no entry. */
export const AnalyticsState = z.enum(['warming', 'live', 'gap', 'invalid']);

/** How the spread moves now, against its own past: terciles of earlier values. */
export const VolatilityRegime = z.enum(['low', 'mid', 'high']);
export type VolatilityRegime = z.infer<typeof VolatilityRegime>;

/** What mean reversion looks like at present; it changes only after two confirmations in a row. */
export const Regime = z.enum(['mean-reverting', 'trending', 'broken', 'uncertain']);
export type Regime = z.infer<typeof Regime>;

/** What the thresholds say. SHORT_SPREAD sells y and buys beta x; HOLD keeps the position that an entry opened. */
export const Signal = z.enum(['LONG_SPREAD', 'SHORT_SPREAD', 'HOLD', 'EXIT', 'STOP', 'NEUTRAL']);
export type Signal = z.infer<typeof Signal>;

/** What keeps a study from entering, though its z may call for it. */
export const Inhibition = z.enum(['gap', 'invalid', 'break', 'thin-market']);
export type Inhibition = z.infer<typeof Inhibition>;

/** The parts of `quality`, each from 0 to 1, null where unknown. */
export const QualityParts = z.strictObject({
  cointegration: metric,
  halfLife: metric,
  correlation: metric,
  stability: metric,
  reversion: metric,
  cost: metric,
});
export type QualityParts = z.infer<typeof QualityParts>;

/** One row per study and bar, confirmed at the bar's close. */
export const Analytics = z.strictObject({
  dataset: Dataset,
  study: StudyId,
  /** Open time of the bar. */
  time: Time,
  state: AnalyticsState,
  /** Bars of the window that the estimators stand on. */
  n: z.int().min(0),
  /** Bars of the window that were left out (gap, partial or missing on a leg). */
  dropped: z.int().min(0),
  yClose: metric,
  xClose: metric,
  /** Intercept, in price units of y (log units on the log scale). */
  alpha: metric,
  /** Hedge ratio: units of y per unit of x; on the log scale an elasticity. */
  beta: metric,
  alphaError: metric,
  betaError: metric,
  rSquared: metric,
  /** y - alpha - beta x of this bar, in price units of y (log units on the log scale). */
  spread: metric,
  /** Standard deviation (ddof 1) of the spread over the window; of the one-step forecast for method `kalman`. */
  spreadDeviation: metric,
  /** (spread - spreadMean) / spreadDeviation. Above 0: y is rich. */
  z: metric,
  returnCorrelation: metric,
  priceCorrelation: metric,
  absent: z.partialRecord(Metric, Absence),
  /** Mean of the spread over the window: 0 by construction for `ols` and `tls`. */
  spreadMean: metric,
  /** Log return of each leg's close over the bar before. */
  yReturn: metric,
  xReturn: metric,
  /** Each leg's own z: (close - mean) / deviation of its closes in the window. */
  yZ: metric,
  xZ: metric,
  /** Standard deviation of the spread's change per bar, at this bar's hedge ratio: over the window, over the last hour, and exponentially weighted (lambda 0.94). */
  spreadVolatility: metric,
  spreadVolatilityHour: metric,
  spreadVolatilityEwma: metric,
  volatilityRegime: VolatilityRegime.nullable(),
  /** Engle-Granger: t and p of y on x, p of x on y; lag by AIC, the surfaces of an estimated spread. */
  cointegrationT: metric,
  cointegrationP: metric,
  cointegrationReverseP: metric,
  /** p of the ADF test as if the spread had not been estimated: uncorrected, and so too small. */
  adfP: metric,
  /** Bars in which half of a deviation is undone, with its 95 % interval. */
  halfLife: metric,
  halfLifeLow: metric,
  halfLifeHigh: metric,
  /** Lo-MacKinlay VR(8) of the spread: below 1 it reverts. */
  varianceRatio: metric,
  /** Open time of the bar whose window the tests (from `cointegrationT` to `varianceRatio`) stand on. */
  testedAt: Time.nullable(),
  regime: Regime.nullable(),
  signal: Signal.nullable(),
  /** Null: not known (yet). */
  inhibitions: z.array(Inhibition).nullable(),
  /** 0 to 100, of `qualityParts`. No probability. */
  quality: metric,
  qualityParts: QualityParts.nullable(),
  /** Expected move to the exit less the cost of all four fills, in basis points of the position's gross notional. */
  edgeBps: metric,
  /** Share of the window's bars in which at least one leg did not trade. */
  emptyShare: metric,
  /** State that is no function of the window: a restart goes on from here with the same numbers. */
  carry: z.record(z.string(), z.unknown()).nullable(),
});
export type Analytics = z.infer<typeof Analytics>;

/** A row of which nothing is known yet. */
export function blankAnalytics(dataset: string, study: string, time: number): Analytics {
  const nothing = Object.fromEntries(metrics.map((name) => [name, null])) as Record<Metric, null>;
  return {
    dataset,
    study,
    time,
    state: 'warming',
    n: 0,
    dropped: 0,
    yClose: null,
    xClose: null,
    ...nothing,
    absent: {},
    volatilityRegime: null,
    testedAt: null,
    regime: null,
    signal: null,
    inhibitions: null,
    qualityParts: null,
    carry: null,
  };
}
