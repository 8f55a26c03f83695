import { z } from 'zod';
import { Instrument } from './instrument.ts';
import { Interval } from './interval.ts';

export const hedgeMethods = ['ols', 'tls', 'huber', 'theil-sen', 'kalman', 'fixed'] as const;
export const HedgeMethod = z.enum(hedgeMethods);
export type HedgeMethod = z.infer<typeof HedgeMethod>;
export const priceScales = ['price', 'log'] as const;
export const PriceScale = z.enum(priceScales);

export const StudyId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a study id is a slug, for example btc-eth-1m');

/** A word by which rules pick studies. */
export const Tag = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a tag is a slug, for example majors');

/** A pair watched at one interval. Spread = y - alpha - beta * x; z > 0 means that y is rich. */
export const Study = z.strictObject({
  id: StudyId,
  y: Instrument,
  x: Instrument,
  interval: Interval,
  /** Number of bars that the estimators look back on. */
  window: z.int().min(20).max(100_000),
  method: HedgeMethod,
  /** The beta of method `fixed`. */
  beta: z.number().optional(),
  scale: PriceScale,
  thresholds: z.strictObject({
    shortEntry: z.number(),
    longEntry: z.number(),
    exit: z.number(),
    stop: z.number(),
  }),
  /** Of one fill of one leg, in basis points of its notional. */
  costs: z.strictObject({ feeBps: z.number().min(0), slippageBps: z.number().min(0) }),
  /** Correlation of returns below which the study is not worth acting on. */
  correlation: z.number().min(-1).max(1),
  /** Words by which rules pick it. */
  tags: z.array(Tag).max(20).optional(),
});
export type Study = z.infer<typeof Study>;

export const defaultThresholds = { shortEntry: 2, longEntry: -2, exit: 0, stop: 4 };

export const defaultCosts = { feeBps: 5, slippageBps: 1 };

/** Windows in bars where nothing else is said: 10 minutes, 4 hours, 1 day. */
export const defaultWindows: Partial<Record<Interval, number>> = { '1s': 600, '1m': 240, '5m': 288 };
