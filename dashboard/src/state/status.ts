import { FeedStatus, Rule, Study } from '@tandem/common';
import { z } from 'zod';

const PartHealth = z.object({
  state: z.enum(['ok', 'degraded', 'down', 'off']),
  detail: z.string(),
  at: z.number(),
  since: z.number(),
});
export type PartHealth = z.infer<typeof PartHealth>;

/** The answer of `/api/v1/status`. */
export const Status = z.object({
  badge: z.object({ kind: z.enum(['LIVE', 'REPLAY', 'SIMULATED']), reason: z.string() }),
  dataset: z.string(),
  version: z.string(),
  at: z.number(),
  services: z.record(z.string(), PartHealth),
  feeds: z.array(FeedStatus),
  instruments: z.array(z.string()),
  studies: z.array(Study),
  rules: z.array(Rule),
});
export type Status = z.infer<typeof Status>;

/**
 * Whether a later answer is of another server than the one before: of other data, or of a study that has the same name
 * and is another. Its numbers and those that are known must not stand side by side.
 */
export function isOfAnother(before: Status, after: Status): boolean {
  const one = (status: Status, id: string) => status.studies.find((study) => study.id === id);
  return (
    before.dataset !== after.dataset ||
    before.badge.kind !== after.badge.kind ||
    before.studies.some(({ id }) => {
      const now = one(after, id);
      return now !== undefined && JSON.stringify(now) !== JSON.stringify(one(before, id));
    })
  );
}
