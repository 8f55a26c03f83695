import { z } from 'zod';
import { SymbolName, Venue } from './instrument.ts';
import { Dataset, Time } from './tick.ts';

/** `open`: being repaired; `repaired`: its trades arrived; `lost`: the venue no longer has them. */
export const GapState = z.enum(['open', 'repaired', 'lost']);

/** A range of missing trade ids. Partial repair splits it, so that the rows always tile what was missing. */
export const Gap = z.strictObject({
  dataset: Dataset,
  venue: Venue,
  symbol: SymbolName,
  /** Identity, with the instrument. */
  fromId: z.string(),
  toId: z.string(),
  /** Time of the last trade before the gap: the key of its partition, and the first bar touched. */
  time: Time,
  /** Time of the first trade after it: the last bar touched. */
  toTime: Time,
  missing: z.int().min(1),
  reason: z.string(),
  state: GapState,
});
export type Gap = z.infer<typeof Gap>;
