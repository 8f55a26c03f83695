const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Wait before each attempt, ms: 0, 2, 10, 30 s, 2, 5, 15 min, then hourly up to 6 h. */
export const waits: readonly number[] = [
  0,
  2 * second,
  10 * second,
  30 * second,
  2 * minute,
  5 * minute,
  15 * minute,
  ...Array.from({ length: 6 }, () => hour),
];

/** How much a wait is lengthened at most, so that receivers that fell together are not asked together. */
const spread = 0.2;
/** However long a receiver wants to be left alone, it is asked again after this, ms. */
export const longestPause = hour;
/** An entry that is not delivered so long after it was raised is not sent any more, ms. */
export const entryLife = 5 * minute;

/** What decides about the next attempt. */
export interface Failure {
  /** Attempts made since it was queued, this one among them. */
  readonly attempts: number;
  readonly queued: number;
  readonly now: number;
  /** In [0, 1). */
  readonly jitter: number;
  /** How long the receiver asks to be left alone, ms; null if it does not say. */
  readonly pause: number | null;
}

/**
 * When the next attempt is due after one that failed, or null when there is none: the schedule is over, or the
 * delivery had to wait for its turn for longer than the whole of it. Never sooner than the receiver wants.
 */
export function nextAttempt(failure: Failure, schedule: readonly number[] = waits): number | null {
  const { attempts, queued, now, jitter, pause } = failure;
  const wait = schedule[attempts];
  if (wait === undefined || now - queued > longestLife(schedule)) return null;
  return now + Math.round(Math.max(wait, pause ?? 0) * (1 + spread * jitter));
}

/** The schedule at its longest, with a minute for each attempt, ms. */
function longestLife(schedule: readonly number[]): number {
  return schedule.reduce((sum, wait) => sum + wait * (1 + spread) + minute, 0);
}

/** How long a `Retry-After` of seconds or of a date asks to wait, ms, within bounds; null if it says nothing of use. */
export function pauseOf(retryAfter: string | undefined, now: number): number | null {
  const text = retryAfter?.trim() ?? '';
  // RFC 9110: a date is in GMT and says so.
  const wait = /^\d{1,15}$/.test(text)
    ? Number(text) * second
    : /^[A-Z][a-z]{2,8}, .* GMT$/.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), longestPause) : null;
}
