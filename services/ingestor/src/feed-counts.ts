import type { FeedStatus } from '@tandem/common';

/** What a feed has counted before its first frame. */
export function noCounts(): FeedStatus['counts'] {
  return {
    frames: 0,
    ticks: 0,
    filtered: 0,
    duplicates: 0,
    malformed: 0,
    refused: 0,
    gaps: 0,
    repaired: 0,
    reconnects: 0,
  };
}
