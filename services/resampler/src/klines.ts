import { Bar, type Interval } from '@tandem/common';
import type { Identity } from './core/base-bar.ts';

/**
 * The venue's own bars in a reply of `rpc.ingestor.klines`: those that were asked for, whole, in order of time.
 * Throws at anything that is no such bar: history that is wrong is worse than none.
 */
export function readKlines(
  reply: unknown,
  identity: Identity,
  interval: Interval,
  from: number,
  to: number,
): Bar[] {
  const rows = (reply as { bars?: unknown } | null)?.bars;
  if (!Array.isArray(rows)) throw new Error('the reply to rpc.ingestor.klines has no list "bars"');
  return rows
    .map((row: unknown) =>
      Bar.parse({ ...(row as object), ...identity, interval, source: 'klines', complete: true, gap: false }),
    )
    .filter((bar) => bar.time >= from && bar.time < to)
    .sort((left, right) => left.time - right.time);
}
