import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Failure, longestPause, nextAttempt, pauseOf, waits } from './retry.ts';

const now = Date.UTC(2024, 7, 8, 13);
const failure = (given: Partial<Failure>): Failure => ({
  attempts: 1,
  queued: now,
  now,
  jitter: 0,
  pause: null,
  ...given,
});

describe('the schedule of retries', () => {
  it('is tried at once, then after 2, 10, 30 s, 2, 5, 15 min, then hourly up to 6 h', () => {
    expect(waits.slice(0, 8)).toEqual([0, 2e3, 10e3, 30e3, 120e3, 300e3, 900e3, 3600e3]);
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3600e3;
    expect(hours).toBeGreaterThan(6);
    expect(hours).toBeLessThan(6.5);
    expect(nextAttempt(failure({ attempts: waits.length }))).toBeNull();
  });

  it('is spread by up to a fifth, never shortened', () => {
    expect(nextAttempt(failure({}))).toBe(now + 2_000);
    expect(nextAttempt(failure({ jitter: 0.999 }))).toBe(now + 2_400);
  });

  it('gives up after one attempt what had to wait for its turn for longer than the whole schedule', () => {
    expect(nextAttempt(failure({ queued: now - 6 * 3600e3 }))).toBe(now + 2_000);
    expect(nextAttempt(failure({ queued: now - 9 * 3600e3 }))).toBeNull();
  });

  it('whatever the receiver asks for, a delivery alone is tried as often as the schedule has it, and ends', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 59_000 })),
          {
            minLength: waits.length,
            maxLength: waits.length,
          },
        ),
        (attempts) => {
          let at = now;
          for (const [index, [jitter, took]] of attempts.entries()) {
            const due = nextAttempt(failure({ attempts: index + 1, now: at + took, jitter }));
            if (index + 1 === waits.length) expect(due).toBeNull();
            else expect(due).toBeGreaterThanOrEqual(at + took + (waits[index + 1] as number));
            at = due ?? at;
          }
        },
      ),
    );
  });
});

describe('a receiver that asks to be left alone', () => {
  it('says for how long by seconds or by a date', () => {
    expect(pauseOf('120', now)).toBe(120_000);
    expect(pauseOf(' 0 ', now)).toBe(0);
    expect(pauseOf('Thu, 08 Aug 2024 13:00:30 GMT', now)).toBe(30_000);
    expect(pauseOf('Thu, 08 Aug 2024 12:00:00 GMT', now)).toBe(0);
  });

  it('is not left alone for more than an hour', () => {
    expect(pauseOf('86400', now)).toBe(longestPause);
    expect(pauseOf('Fri, 01 Jan 2100 00:00:00 GMT', now)).toBe(longestPause);
  });

  it.each([undefined, '', 'soon', '-5', '1.5', '1e3', '9'.repeat(30), 'Thu, 99 Foo 2024 GMT', '2025-01-01'])(
    'that says %j has said nothing',
    (text) => {
      expect(pauseOf(text, now)).toBeNull();
    },
  );

  it('is not asked before, nor sooner than the schedule has it', () => {
    expect(nextAttempt(failure({ pause: 60_000 }))).toBe(now + 60_000);
    expect(nextAttempt(failure({ pause: 1_000, attempts: 3 }))).toBe(now + 30_000);
  });
});
