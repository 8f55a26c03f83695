import type { DeliveryState, ReplayAnswer } from '@tandem/common';

export type ReplayableState = Exclude<DeliveryState, 'pending'>;

/** What the form of a replay holds, as it is typed. */
export interface ReplayForm {
  /** Days and times, UTC, as the page writes them: `2024-08-08 13:00:00`. */
  readonly from: string;
  readonly to: string;
  /** Empty: all. */
  readonly endpoint: string;
  readonly states: readonly ReplayableState[];
}

export interface ReplayRange {
  readonly from: number;
  readonly to: number;
  readonly endpoint?: string;
  readonly states: ReplayableState[];
}

/** Replays of one range, taken together. */
export interface ReplayTotal {
  readonly range: ReplayRange;
  readonly queued: number;
  readonly left: ReplayAnswer['left'];
  /** Bar time where the rest of the range begins; null if nothing is left to do. */
  readonly next: number | null;
}

/** The range that a form means, or what is wrong with it. */
export function replayRange(form: ReplayForm): ReplayRange | { readonly fault: string } {
  const [from, to] = [utcTime(form.from), utcTime(form.to)];
  if (from === undefined || to === undefined)
    return { fault: 'Write both ends of the range as day and time, UTC: 2024-08-08 13:00:00.' };
  if (from >= to) return { fault: 'The range is empty: its end has to be later than its begin.' };
  if (form.states.length === 0) return { fault: 'Choose at least one state.' };
  return {
    from,
    to,
    ...(form.endpoint === '' ? {} : { endpoint: form.endpoint }),
    states: [...form.states],
  };
}

/** The total after one more answer. A range that holds more than one replay takes is gone through bit by bit. */
export function replayAfter(
  before: ReplayTotal | undefined,
  range: ReplayRange,
  answer: ReplayAnswer,
): ReplayTotal {
  const counts = new Map((before?.left ?? []).map(({ reason, count }) => [reason, count]));
  for (const { reason, count } of answer.left) counts.set(reason, (counts.get(reason) ?? 0) + count);
  // A rest that would begin where the range ends is none.
  const next = answer.next !== null && answer.next < range.to ? answer.next : null;
  return {
    range,
    queued: (before?.queued ?? 0) + answer.queued,
    left: [...counts].map(([reason, count]) => ({ reason, count })),
    next,
  };
}

/**
 * A time as it is typed, UTC: `2024-08-08 13:00`, with or without seconds and a final Z. Undefined for anything else: a
 * time in the order of some country, or of no calendar, is not guessed at.
 */
export function utcTime(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?Z?$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, day, minute, second = ':00'] = parts;
  const time = Date.parse(`${day}T${minute}${second}Z`);
  // Date.parse takes the 31st of February for a day of March.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(day!) ? undefined : time;
}
