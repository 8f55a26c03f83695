import { z } from 'zod';
import { Time } from './tick.ts';

/** What one process says of its parts, every two seconds on `health.<service>`. Passing: who hears nothing for 10 s knows enough. */
export const ServiceHealth = z.strictObject({
  /** The service that the process runs. */
  service: z.string().regex(/^[a-z]{1,40}$/),
  /** Wall clock of this statement. */
  at: Time,
  parts: z.array(
    z.strictObject({
      part: z.string(),
      condition: z.enum(['ok', 'degraded', 'down']),
      /** Why it is not ok; empty when it is. */
      reason: z.string(),
      required: z.boolean(),
      /** How long it has been so, ms. */
      age: z.number().min(0),
    }),
  ),
});
export type ServiceHealth = z.infer<typeof ServiceHealth>;
