import type { ReplayAnswer } from '@tandem/common';
import type { ReplayTotal } from '../state/replay-range.ts';
import { many } from './delivery.ts';
import { moment } from './format.ts';

/** What came of the replay of one delivery. */
export function replayedOne({ queued, left }: ReplayAnswer): string {
  if (queued > 0) return 'queued again';
  return `not queued: ${left[0]?.reason ?? 'nothing was found'}`;
}

/** What came of the replay of a range: what was queued, what was left and why, and where its rest begins. */
export function replayedRange({ queued, left, next, range }: ReplayTotal): string {
  const found = queued + left.reduce((sum, { count }) => sum + count, 0);
  if (found === 0 && next === null) return 'Nothing to replay: the range holds no delivery in these states.';
  const reasons = left.map(({ count, reason }) => `${count.toLocaleString('en-US')} left: ${reason}.`);
  const rest =
    next === null
      ? []
      : [`The range holds more: the rest begins at ${moment(next)} UTC and ends at ${moment(range.to)} UTC.`];
  return [`${many(queued, 'delivery')} queued again.`, ...reasons, ...rest].join(' ');
}
