import { z } from 'zod';
import { SymbolName, Venue } from './instrument.ts';

/** Identifies live data, or a replay or upload that never touches live rows. */
export const Dataset = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a dataset id has 1 to 64 of a-z, 0-9 and -');
export const liveDataset = 'live';

/** Milliseconds since the epoch, UTC. */
export const Time = z.int().min(0).max(8_640_000_000_000_000);

export const Side = z.enum(['buy', 'sell']);
export type Side = z.infer<typeof Side>;

/**
 * One market execution. `side` is the aggressor's, null where the source does not tell it (never guessed);
 * `count` is the number of fills (1 if not aggregated).
 */
export const Tick = z.strictObject({
  /** The venue's trade id: with the instrument, the tick's identity. */
  id: z.string().min(1).max(64),
  /** Exchange trade time. */
  time: Time,
  price: z.number().positive(),
  /** In units of the base asset. */
  quantity: z.number().positive(),
  side: Side.nullable(),
  count: z.int().min(1),
  /** The ingestor's wall clock, for latency only: nothing is decided by it. */
  received: Time,
});
export type Tick = z.infer<typeof Tick>;

/** Ids that are missing between two ids that were seen. */
export const GapNotice = z.strictObject({
  fromId: z.string(),
  toId: z.string(),
  /** Time of the last trade before, and of the first after, the missing ones. */
  fromTime: Time,
  toTime: Time,
  reason: z.string(),
  /** False when the venue has said that it no longer holds these ids. */
  repairable: z.boolean(),
});
export type GapNotice = z.infer<typeof GapNotice>;

/**
 * What a feed says of one instrument, in order.
 *
 * `fromId`..`toId` is the id range that the message accounts for, filtered prints included; both null in a
 * heartbeat, and for venues whose ids have no order. `gap` declares ids missing *before* `fromId`.
 * A message whose range lies at or below ids already accounted for is a repair of an open gap.
 */
export const TickMessage = z.strictObject({
  venue: Venue,
  symbol: SymbolName,
  fromId: z.string().nullable(),
  toId: z.string().nullable(),
  /** Every trade of this instrument with an earlier exchange time has been published. */
  watermark: Time,
  ticks: z.array(Tick),
  /** Prints in the id range that are no market executions (price 0, insurance fund, ADL, refused). */
  filtered: z.int().min(0),
  gap: GapNotice.optional(),
});
export type TickMessage = z.infer<typeof TickMessage>;
