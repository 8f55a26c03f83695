import type { Venue } from '@tandem/common';
import type { Print, Reading } from '../venues/venue.ts';

/** A print as recorded: `id` is null where the source has no ids that grow by one; `name` is then its own id, if it has one. */
export type RecordedPrint = Omit<Print, 'id'> & { id: number | null; name: string | null };

/** What one recorded frame says: as live, but old frames may carry several prints. */
export type RecordedReading =
  | { kind: 'prints'; prints: RecordedPrint[]; clock: number }
  | Exclude<Reading, { kind: 'print' }>;

/** One line of a recording that tells the exchange's time, and perhaps prints. */
export interface RecordedEvent {
  /** When it was received, ms; where that is not recorded, when the exchange sent it. Never less than the event before. */
  at: number;
  /** Exchange clock, ms. */
  clock: number;
  venue: Venue;
  /** Which of a venue's trade streams the prints are of; null where there is but one. */
  stream: string | null;
  prints: readonly RecordedPrint[];
  line: number;
}
