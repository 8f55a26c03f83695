import { type Attempt, attemptsKept, type Delivery } from '@tandem/common';
import { nextAttempt, pauseOf } from './retry.ts';

/** How one attempt ended. */
export interface Answered extends Attempt {
  /** The receiver's `Retry-After`. */
  readonly retryAfter?: string | undefined;
}

export interface Outcome {
  readonly delivery: Delivery;
  /** The receiver is gone for good (410): it is not to be asked again. */
  readonly gone: boolean;
  /** Until when the receiver asks to be left alone by every delivery; null if it does not. */
  readonly pausedUntil: number | null;
}

/** Whether a status means that the receiver has taken it. A redirect is an answer like any other. */
export function isTaken(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** A delivery after an attempt that has ended at `now`. */
export function afterAttempt(
  delivery: Delivery,
  { retryAfter, ...attempt }: Answered,
  now: number,
  jitter: number,
  schedule: readonly number[] | undefined,
): Outcome {
  const { status } = attempt;
  const attempts = delivery.attempts + 1;
  const asks = status === 429 || status === 503;
  const pause = asks ? pauseOf(retryAfter, now) : null;
  const pausedUntil = pause === null ? null : now + pause;
  const gone = status === 410;
  const failure = { attempts, queued: delivery.queued ?? now, now, jitter, pause };
  const next = isTaken(status) || gone ? null : nextAttempt(failure, schedule);
  const noted = pausedUntil === null ? attempt : { ...attempt, pausedUntil };
  return {
    delivery: {
      ...delivery,
      state: isTaken(status) ? 'delivered' : next === null ? 'failed' : 'pending',
      attempts,
      next,
      answer: attempt.answer,
      status,
      history: [...(delivery.history ?? []), noted].slice(-attemptsKept),
    },
    gone,
    pausedUntil,
  };
}

/** A delivery that ends without an attempt. */
export function ended(delivery: Delivery, state: 'failed' | 'expired', answer: string): Delivery {
  return { ...delivery, state, next: null, answer };
}
