import { describe, expect, it } from 'vitest';
import { type ReplayForm, replayAfter, replayRange, utcTime } from './replay-range.ts';

const form: ReplayForm = {
  from: '2024-08-08 13:00:00',
  to: '2024-08-08 14:00',
  endpoint: '',
  states: ['failed', 'expired'],
};
const from = Date.UTC(2024, 7, 8, 13);
const range = { from, to: from + 3_600_000, states: ['failed' as const] };

describe('a range that is replayed', () => {
  it('is of bar times in UTC, as the page writes them', () => {
    expect(replayRange(form)).toEqual({ from, to: from + 3_600_000, states: ['failed', 'expired'] });
    expect(replayRange({ ...form, endpoint: 'desk' })).toMatchObject({ endpoint: 'desk' });
    expect(utcTime(' 2024-08-08T13:00:00.5Z ')).toBe(from + 500);
  });

  it('is not guessed at', () => {
    const wrong = ['', '08/08/2024 13:00', '2024-08-08', '2024-02-31 00:00', '2024-08-08 25:00', 'now'];
    for (const text of wrong) expect(utcTime(text), text).toBeUndefined();
    expect(replayRange({ ...form, to: '' })).toHaveProperty('fault');
    expect(replayRange({ ...form, to: form.from })).toHaveProperty('fault');
    expect(replayRange({ ...form, states: [] })).toHaveProperty('fault');
  });

  it('is gone through bit by bit, and all of it is counted', () => {
    const first = replayAfter(undefined, range, {
      queued: 4_000,
      left: [{ count: 1_000, reason: 'it is under way already' }],
      next: from + 60_000,
    });
    expect(first).toMatchObject({ queued: 4_000, next: from + 60_000 });
    const left = [
      { count: 1, reason: 'its alert is not kept any more' },
      { count: 5, reason: 'it is under way already' },
    ];
    expect(replayAfter(first, range, { queued: 10, left, next: null })).toEqual({
      range,
      queued: 4_010,
      left: [
        { count: 1_005, reason: 'it is under way already' },
        { count: 1, reason: 'its alert is not kept any more' },
      ],
      next: null,
    });
  });

  it('has no rest that begins at its end', () => {
    expect(replayAfter(undefined, range, { queued: 1, left: [], next: range.to }).next).toBeNull();
  });
});
