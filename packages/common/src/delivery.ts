import { z } from 'zod';
import { Dataset, Time } from './tick.ts';

/**
 * `pending`: an attempt is due or under way. `delivered`: the receiver took it. `failed`: given up, a dead letter.
 * `expired`: an entry that would have come too late to be acted on. `withheld`: alerts on such data may not leave.
 */
export const DeliveryState = z.enum(['pending', 'delivered', 'failed', 'withheld', 'expired']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** One attempt to deliver, and what came of it. */
export const Attempt = z.strictObject({
  /** When it began, by our clock. */
  at: Time,
  /** Until its end, ms. */
  took: z.number().min(0),
  /** The receiver's HTTP status; null if there was no answer. */
  status: z.int().nullable(),
  /** The status in words, or why there is none. */
  answer: z.string(),
  /** Until when the receiver asked to be left alone, by everything that is sent there. */
  pausedUntil: Time.optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** The newest attempts of a delivery that are kept with it. */
export const attemptsKept = 20;

/** One alert to one endpoint. What rows of earlier versions do not say is null. */
export const Delivery = z.strictObject({
  dataset: Dataset,
  /** Identity: the alert's id and the endpoint's. */
  alert: z.string(),
  endpoint: z.string(),
  /** Bar time of the alert. */
  time: Time,
  state: DeliveryState,
  /** Attempts since it was queued. */
  attempts: z.int().min(0),
  /** When the next attempt is due; null when there is none. */
  next: Time.nullable(),
  /** What the receiver said last: a status, or why there is none. */
  answer: z.string(),
  /** When it was queued, by our clock: when the alert was raised, or when it was last replayed. */
  queued: Time.nullable(),
  /** After this moment an entry is not sent any more; null: it does not expire. */
  expires: Time.nullable(),
  /** The status of the last answer; null if there was none. */
  status: z.int().nullable(),
  /** The newest attempts, oldest first, those before a replay too. */
  history: z.array(Attempt).nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

/** `rpc.alerter.test-endpoint`: sends a marked alert that is stored nowhere. */
export const TestEndpointRequest = z.strictObject({ endpoint: z.string().max(100) });
export type TestEndpointRequest = z.infer<typeof TestEndpointRequest>;
/** What came of a test. */
export const TestEndpointAnswer = Attempt.extend({
  /** Whether the receiver took it. */
  delivered: z.boolean(),
  /** The `webhook-id` that it was sent under. */
  id: z.string(),
});
export type TestEndpointAnswer = z.infer<typeof TestEndpointAnswer>;

const replayable = z.array(DeliveryState.exclude(['pending'])).min(1);

/**
 * `rpc.alerter.replay`: queues deliveries again, under the same `webhook-id`: one, by its alert and endpoint and
 * whatever became of it, or those of a range of bar times.
 */
export const ReplayRequest = z.union(
  [
    z.strictObject({ alert: z.string().min(1).max(300), endpoint: z.string().min(1).max(100) }),
    z
      .strictObject({
        /** Inclusive. */
        from: Time,
        /** Exclusive. */
        to: Time,
        /** All endpoints without it. */
        endpoint: z.string().min(1).max(100).optional(),
        /** Which of them: dead letters and expired entries unless said otherwise. */
        states: replayable.default(['failed', 'expired']),
      })
      .refine(({ from, to }) => from < to, { path: ['to'], error: 'must lie behind from' }),
  ],
  { error: 'name an alert and an endpoint, or a range of bar times by from and to' },
);
export type ReplayRequest = z.input<typeof ReplayRequest>;
/** What a replay queued, and what it had to leave and why. */
export const ReplayAnswer = z.strictObject({
  queued: z.int().min(0),
  left: z.array(z.strictObject({ count: z.int().min(1), reason: z.string() })),
  /** Whether the range holds more than one replay takes: ask again from `next`. */
  next: Time.nullable(),
});
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;
