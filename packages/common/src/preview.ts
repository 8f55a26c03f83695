import { z } from 'zod';
import { Direction } from './alert.ts';
import { Inhibition } from './analytics.ts';
import { StudyId } from './study.ts';
import { Time } from './tick.ts';

/** `rpc.alerter.preview`: what a rule would have done on stored rows. */
export const PreviewRequest = z.strictObject({
  /** As it would be saved; its id may be left out. */
  rule: z.looseObject({}),
  /** Bar times; the newest days unless said otherwise. */
  from: Time.optional(),
  to: Time.optional(),
});
export type PreviewRequest = z.input<typeof PreviewRequest>;

/**
 * How a firing ended. `resolved`: at the re-arm level, or beyond the mean. `stopped`: z went beyond the study's stop first.
 * `firing`: it had not ended by the last row. `inhibited`: it was none, because an entry was forbidden. `bar`: of mode
 * `every`, which knows no end.
 */
export const PreviewEnd = z.enum(['resolved', 'stopped', 'firing', 'inhibited', 'bar']);
export type PreviewEnd = z.infer<typeof PreviewEnd>;

export const PreviewFiring = z.strictObject({
  study: StudyId,
  /** Open time of the bar that fired. */
  time: Time,
  direction: Direction.nullable(),
  z: z.number().nullable(),
  end: PreviewEnd,
  /** Open time of the bar that ended it; null if none did. */
  endTime: Time.nullable(),
  inhibited: z.array(Inhibition),
});
export type PreviewFiring = z.infer<typeof PreviewFiring>;

const counts = z.record(PreviewEnd, z.int().min(0));

export const PreviewStudy = z.strictObject({
  study: StudyId,
  rows: z.int().min(0),
  /** Rows on which every number that decides was known: what rates are rates of. */
  judged: z.int().min(0),
  /** First and last bar looked at; null if there is no row. */
  from: Time.nullable(),
  to: Time.nullable(),
  /** Bars that met `when`. */
  met: z.int().min(0),
  ends: counts,
  /** Firings a day of judged rows; null where there is less than an hour of them. */
  perDay: z.number().nullable(),
  /** Median time from firing to resolution, ms; null if none resolved. */
  timeToRevert: z.number().nullable(),
});
export type PreviewStudy = z.infer<typeof PreviewStudy>;

export const PreviewAnswer = z.strictObject({
  /** The rule in words. */
  text: z.string(),
  studies: z.array(PreviewStudy),
  ends: counts,
  /** Firings a day, of all studies together. */
  perDay: z.number().nullable(),
  timeToRevert: z.number().nullable(),
  /** By time, ascending; the newest where there are too many. */
  firings: z.array(PreviewFiring),
  /** Firings that are counted and not listed. */
  left: z.int().min(0),
  /** Whether the rule would be a nuisance, and why. */
  noisy: z.boolean(),
  warnings: z.array(z.string()),
});
export type PreviewAnswer = z.infer<typeof PreviewAnswer>;
