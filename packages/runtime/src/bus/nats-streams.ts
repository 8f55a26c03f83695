import { type Stream, streams } from '@tandem/common';
import type { StreamConfiguration } from '../nats-ensure.ts';

/** How much a stream keeps, and for how long: what comes first ends. */
export interface Keeping {
  readonly maxBytes: number;
  /** ms; 0 is for ever. */
  readonly maxAge: number;
  /** Only the newest message of each subject. */
  readonly newestOnly?: boolean;
}

const mebibyte = 2 ** 20;
const hour = 3_600_000;

/** What each stream keeps unless said otherwise: 4.3 GiB together, which the server must be allowed to use. */
export const defaultKeeping: Readonly<Record<Stream, Keeping>> = {
  TICKS: { maxBytes: 2_048 * mebibyte, maxAge: 24 * hour },
  BARS: { maxBytes: 1_024 * mebibyte, maxAge: 7 * 24 * hour },
  ANALYTICS: { maxBytes: 1_024 * mebibyte, maxAge: 7 * 24 * hour },
  ALERTS: { maxBytes: 256 * mebibyte, maxAge: 30 * 24 * hour },
  FEEDS: { maxBytes: 64 * mebibyte, maxAge: 24 * hour, newestOnly: true },
};

/** How long JetStream remembers the id of a message, ms. The publisher looks for itself before it trusts in more. */
export const duplicateWindow = 30_000;

const perMillisecond = 1_000_000;

/** The configuration that a stream is made with. */
export function streamConfiguration(name: Stream, keeping: Keeping): StreamConfiguration {
  return {
    name,
    description: `Tandem: ${name.toLowerCase()}`,
    subjects: [streams[name]],
    storage: 'file',
    retention: 'limits',
    discard: 'old',
    num_replicas: 1,
    max_bytes: keeping.maxBytes,
    max_age: keeping.maxAge * perMillisecond,
    max_msgs_per_subject: keeping.newestOnly === true ? 1 : -1,
    duplicate_window: duplicateWindow * perMillisecond,
  };
}
