import {
  DeliveryState,
  EndpointId,
  Instrument,
  Interval,
  RuleId,
  Severity,
  StudyId,
  Time,
  Transition,
} from '@tandem/common';
import { z } from 'zod';

/** The most rows that one answer holds. */
export const rowLimit = 2_000;

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, `a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.int().min(least).max(most));

/** Milliseconds since the epoch, or an ISO 8601 time with its zone. */
const time = z
  .union(
    [
      z
        .string()
        .regex(/^\d{1,16}$/)
        .transform(Number),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ],
    { error: 'a time is ms since the epoch or ISO 8601 with its zone, for example 2024-08-08T13:00:00Z' },
  )
  .pipe(Time)
  .describe('ms since the epoch (UTC), or ISO 8601 with its zone');

const range = {
  from: time.optional().describe('Inclusive. Absent: the newest rows.'),
  to: time.optional().describe('Exclusive.'),
};
const limit = whole(1, rowLimit)
  .default(500)
  .describe(`At most ${rowLimit}; more rows only where they are all of one time`);
const format = z.enum(['csv', 'ndjson', 'parquet']).default('csv');

export const NoParameters = z.strictObject({});
export const BarsParameters = z.strictObject({
  instrument: Instrument,
  interval: Interval.default('1m'),
  ...range,
  limit,
});
export const TicksParameters = z.strictObject({ instrument: Instrument, ...range, limit });
export const GapsParameters = z.strictObject({ instrument: Instrument.optional(), ...range, limit });
export const AnalyticsParameters = z.strictObject({ study: StudyId, ...range, limit });
export const AlertsParameters = z.strictObject({
  id: z.string().min(1).max(300).optional(),
  study: StudyId.optional(),
  rule: RuleId.optional(),
  transition: Transition.optional(),
  severity: Severity.optional(),
  ...range,
  limit,
});
export const DeliveriesParameters = z.strictObject({
  alert: z.string().min(1).max(300).optional(),
  endpoint: EndpointId.optional(),
  state: DeliveryState.optional(),
  ...range,
  limit,
});

export const BarsExport = BarsParameters.omit({ limit: true }).extend({ format });
export const AnalyticsExport = AnalyticsParameters.omit({ limit: true }).extend({ format });
export const TicksExport = TicksParameters.omit({ limit: true }).extend({ format });
export const AlertsExport = AlertsParameters.omit({ id: true, limit: true }).extend({ format });

/** What is wrong with parameters, in one sentence that names each. */
export function parameterFault(error: z.ZodError): string {
  const parts = error.issues.slice(0, 5).map((issue) => {
    if (issue.code === 'unrecognized_keys') return `there is no parameter ${issue.keys.map(name).join(', ')}`;
    const where = issue.path.map(String).join('.');
    return where === '' ? issue.message : `${where}: ${issue.message}`;
  });
  return `The request's parameters are not right: ${parts.join('; ')}.`;
}

function name(key: string): string {
  return JSON.stringify(key.slice(0, 60));
}
