import { z } from 'zod';
import { SymbolName, Venue } from './instrument.ts';
import { Time } from './tick.ts';

/** `connecting` -> `proving` (connected, not yet proven alive) -> `live`; `quiet` = alive, no trades; `down`. */
export const FeedState = z.enum(['connecting', 'proving', 'live', 'quiet', 'repairing', 'down']);
export type FeedState = z.infer<typeof FeedState>;

/** What is known of one instrument's feed. Counts are since the process started. */
export const FeedStatus = z.strictObject({
  venue: Venue,
  symbol: SymbolName,
  state: FeedState,
  /** Wall clock of this statement. */
  at: Time,
  /** Why it is not live, in words; empty when it is. */
  detail: z.string(),
  /** When the next connection attempt is due; null when connected. */
  retryAt: Time.nullable(),
  lastId: z.string().nullable(),
  /** Exchange time of the last trade. */
  lastTime: Time.nullable(),
  watermark: Time.nullable(),
  /** Received minus exchange event time of the last frame, ms. */
  lag: z.number().nullable(),
  counts: z.strictObject({
    frames: z.int(),
    ticks: z.int(),
    filtered: z.int(),
    duplicates: z.int(),
    malformed: z.int(),
    refused: z.int(),
    gaps: z.int(),
    repaired: z.int(),
    reconnects: z.int(),
  }),
});
export type FeedStatus = z.infer<typeof FeedStatus>;
