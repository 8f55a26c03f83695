import { z } from 'zod';
import { StudyId } from './study.ts';
import { Time } from './tick.ts';

/** A study at the last prices (`live.<study>`): the last confirmed fit, not yet confirmed by a closed bar. */
export const LiveStudy = z.strictObject({
  study: StudyId,
  /** Open time of the forming bar. */
  time: Time,
  /** Null until the study has a confirmed fit. */
  z: z.number().nullable(),
  spread: z.number().nullable(),
  yClose: z.number().nullable(),
  xClose: z.number().nullable(),
  provisional: z.literal(true),
});
export type LiveStudy = z.infer<typeof LiveStudy>;
