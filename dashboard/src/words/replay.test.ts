import { describe, expect, it } from 'vitest';
import { origin } from '../rows.fixture.ts';
import { replayedOne, replayedRange } from './replay.ts';

const total = {
  range: { from: origin, to: origin + 3_600_000, states: ['failed' as const] },
  queued: 3,
  left: [],
  next: null,
};

describe('words about a replay', () => {
  it('of one say whether it was queued, and if not, why', () => {
    expect(replayedOne({ queued: 1, left: [], next: null })).toBe('queued again');
    const left = [{ count: 1, reason: 'it is under way already' }];
    expect(replayedOne({ queued: 0, left, next: null })).toBe('not queued: it is under way already');
  });

  it('of a range say what was queued, what was left and why, and where the rest begins', () => {
    expect(replayedRange(total)).toBe('3 deliveries queued again.');
    const left = [{ count: 2, reason: 'its alert is not kept any more' }];
    expect(replayedRange({ ...total, queued: 1, left, next: origin + 60_000 })).toBe(
      '1 delivery queued again. 2 left: its alert is not kept any more. The range holds more: the rest begins at 2024-08-08 13:01:00 UTC and ends at 2024-08-08 14:00:00 UTC.',
    );
    expect(replayedRange({ ...total, queued: 0 })).toContain('Nothing to replay');
  });
});
