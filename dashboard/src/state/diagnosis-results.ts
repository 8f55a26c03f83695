import { HedgeMethod } from '@tandem/common';
import { z } from 'zod';

const number = z.number().nullable();
const critical = z.object({ '5%': z.number() });
/** Open times of the first and the last bar that a computation stands on. */
const span = { from: z.number(), to: z.number() };

const engleGranger = z.object({
  n: z.number(),
  stat: number,
  pValue: number,
  critical: critical.nullable(),
  lags: z.number(),
});

const hedge = z.union([
  z.object({ fault: z.string() }),
  z.object({ fault: z.null(), beta: number, betaError: number, z: number }),
]);
export type HedgeResult = z.output<typeof hedge>;

/** The tests of a study, by the method of the api that computes them, with the part of each answer that is shown. */
export const diagnosisResults = {
  'hedge-ratios': z.object({ ...span, n: z.number(), methods: z.record(HedgeMethod, hedge) }),
  cointegration: z.object({
    ...span,
    yOnX: engleGranger,
    xOnY: engleGranger,
    cointegrated: z.object({ yOnX: z.boolean().nullable(), xOnY: z.boolean().nullable() }),
  }),
  adf: z.object({
    ...span,
    estimatedSpread: z.boolean(),
    n: z.number(),
    stat: number,
    pValue: number,
    critical,
    lags: z.number(),
  }),
  kpss: z.object({
    ...span,
    n: z.number(),
    stat: number,
    pValue: number,
    critical,
    lags: z.number(),
    flags: z.array(z.string()),
  }),
  'variance-ratio': z.object({
    ...span,
    n: z.number(),
    ratio: number,
    stat: number,
    pValue: number,
    q: z.number(),
  }),
  reversion: z.object({
    ...span,
    /** Length of a bar, ms. */
    bar: z.number(),
    halfLife: z.object({
      halfLife: number,
      interval: z.tuple([z.number(), z.number()]).nullable(),
      flags: z.array(z.string()),
    }),
    ornsteinUhlenbeck: z.object({ theta: number, stationaryDeviation: number }),
    /** In units of the spread. */
    roundTripCost: z.number(),
    thresholds: z
      .object({
        distance: z.number(),
        z: z.number(),
        enter: z.number(),
        exit: z.number(),
        expectedCycle: z.number(),
      })
      .nullable(),
  }),
} as const;

export type DiagnosisMethod = keyof typeof diagnosisResults;
export const diagnosisMethods = Object.keys(diagnosisResults) as DiagnosisMethod[];
export type DiagnosisResult<Method extends DiagnosisMethod> = z.output<(typeof diagnosisResults)[Method]>;
