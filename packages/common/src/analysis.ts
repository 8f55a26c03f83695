import { z } from 'zod';
import { Instrument } from './instrument.ts';
import { Interval } from './interval.ts';
import { HedgeMethod, PriceScale, StudyId } from './study.ts';
import { Time } from './tick.ts';

// Parameters of what is computed on demand. They come as JSON over `rpc.analytics.*` or as text in a URL.

const whole = (least: number, most: number) =>
  z
    .union(
      [
        z.int(),
        z
          .string()
          .regex(/^\d{1,16}$/)
          .transform(Number),
      ],
      {
        error: `a whole number from ${least} to ${most}`,
      },
    )
    .pipe(z.int().min(least).max(most));

const number = (least: number, most: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^-?\d{1,12}(\.\d{1,12})?$/)
          .transform(Number),
      ],
      {
        error: `a number from ${least} to ${most}`,
      },
    )
    .pipe(z.number().min(least).max(most));

const truth = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const time = z
  .union(
    [
      z.int(),
      z
        .string()
        .regex(/^\d{1,16}$/)
        .transform(Number),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ],
    { error: 'a time is ms since the epoch or ISO 8601 with its zone, for example 2024-08-08T13:00:00Z' },
  )
  .pipe(Time);

const instruments = (least: number, most: number) =>
  z
    .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
    .pipe(z.array(Instrument).min(least).max(most));

/** The most bars of one leg that one computation looks at. */
export const mostBars = 20_000;

const ofStudy = {
  study: StudyId,
  bars: whole(30, mostBars).optional().describe("Newest bars; the study's window unless said otherwise"),
  to: time.optional().describe('Only bars that open before this time'),
};

/** The series that a test is run on: a study's spread or one of its legs, or an instrument's closes. */
const ofSeries = {
  study: StudyId.optional().describe('Either this or `instrument`'),
  series: z.enum(['spread', 'y', 'x']).default('spread').describe("Of the study, on the study's scale"),
  instrument: Instrument.optional(),
  interval: Interval.default('1m').describe('Of the instrument'),
  scale: PriceScale.default('price').describe('Of the instrument'),
  bars: whole(30, mostBars)
    .optional()
    .describe("Newest bars; the study's window, for an instrument 240, unless said otherwise"),
  to: time.optional().describe('Only bars that open before this time'),
};

const ofInstruments = (least: number, most: number) => ({
  instruments: instruments(least, most).optional().describe('All that are watched unless said otherwise'),
  interval: Interval.default('1m'),
  bars: whole(30, mostBars).default(240),
  to: time.optional().describe('Only bars that open before this time'),
});

const lags = {
  lagSelection: z.enum(['aic', 'bic', 't-stat', 'fixed']).default('aic'),
  maxLag: whole(0, 200).optional(),
};

/** What can be computed on demand, with its parameters. */
export const analysisParameters = {
  adf: z.strictObject({ ...ofSeries, trend: z.enum(['n', 'c', 'ct', 'ctt']).default('c'), ...lags }),
  kpss: z.strictObject({ ...ofSeries, trend: z.enum(['c', 'ct']).default('c') }),
  'phillips-perron': z.strictObject({
    ...ofSeries,
    trend: z.enum(['n', 'c', 'ct']).default('c'),
    statistic: z.enum(['tau', 'rho']).default('tau'),
  }),
  'variance-ratio': z.strictObject({
    ...ofSeries,
    q: whole(2, 1_000).default(8),
    robust: truth.default(true),
  }),
  hurst: z.strictObject(ofSeries),
  reversion: z.strictObject(ofStudy),
  cointegration: z.strictObject({ ...ofStudy, trend: z.enum(['n', 'c', 'ct', 'ctt']).default('c'), ...lags }),
  'hedge-ratios': z.strictObject(ofStudy),
  'lead-lag': z.strictObject({
    ...ofStudy,
    maxLag: whole(1, 200).default(20).describe('Bars'),
    minutes: whole(1, 60).default(10).describe('Of trades, for the estimator without bars'),
  }),
  johansen: z.strictObject({ ...ofInstruments(2, 12), lags: whole(0, 20).default(1) }),
  'correlation-matrix': z.strictObject({
    ...ofInstruments(2, 100),
    shrinkage: z.enum(['none', 'ledoit-wolf']).default('none'),
  }),
  statistics: z.strictObject(ofInstruments(1, 100)),
  liquidity: z.strictObject({
    instruments: instruments(1, 100).optional().describe('All that are watched unless said otherwise'),
    minutes: whole(30, 10_080).default(240),
    to: time.optional().describe('Only bars that open before this time'),
    leastTrades: number(0, 1e9).default(10).describe('Median trades a minute that a liquid market has'),
    leastVolume: number(0, 1e12).default(10_000).describe('Median quote volume a minute'),
    mostEmpty: number(0, 1).default(0.2).describe('Share of minutes without a trade'),
  }),
  'what-if': z.strictObject({
    study: StudyId,
    bars: whole(1, 2_000).default(240).describe('Rows to compute'),
    to: time.optional().describe('Only bars that open before this time'),
    window: whole(20, mostBars).optional(),
    method: HedgeMethod.optional(),
    scale: PriceScale.optional(),
    beta: number(-1e9, 1e9).optional().describe('Of the method `fixed`'),
    shortEntry: number(-100, 100).optional(),
    longEntry: number(-100, 100).optional(),
    exit: number(0, 100).optional(),
    stop: number(0, 1_000).optional(),
  }),
} as const;

export const analysisMethods = Object.keys(analysisParameters) as [AnalysisMethod, ...AnalysisMethod[]];
export type AnalysisMethod = keyof typeof analysisParameters;
export type AnalysisParameters<Method extends AnalysisMethod> = z.output<(typeof analysisParameters)[Method]>;

/** How a computation is: its result once it is done, its reason once it has failed. */
export const JobStatus = z.discriminatedUnion('state', [
  z.strictObject({
    job: z.string(),
    method: z.string(),
    state: z.literal('running'),
    /** Share that is done, 0 to 1. */
    progress: z.number().min(0).max(1),
  }),
  z.strictObject({ job: z.string(), method: z.string(), state: z.literal('done'), result: z.unknown() }),
  z.strictObject({
    job: z.string(),
    method: z.string(),
    state: z.literal('failed'),
    /** Why, in one sentence. */
    error: z.string(),
    /** What of the input contract it breaks; null if the fault is ours. */
    code: z.string().nullable(),
  }),
  z.strictObject({ job: z.string(), method: z.string(), state: z.literal('cancelled') }),
]);
export type JobStatus = z.infer<typeof JobStatus>;
