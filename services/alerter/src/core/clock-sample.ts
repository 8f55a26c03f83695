import type { FeedStatus } from '@tandem/common';
import type { Bar } from './rule-machine.ts';

/** A feed that has said nothing for so long is silent, ms. */
const silentAfter = 10_000;
/** How long after the start the age of data is not judged: those who make it may be starting too, ms. */
const grace = 120_000;

/** What was heard of one feed. */
export interface HeardFeed {
  readonly status: FeedStatus;
  /** When, by our clock. */
  readonly at: number;
}

/** What a rule on feeds looks at, as of `now`. `since` is when we began to listen. */
export function feedSample(heard: HeardFeed | undefined, since: number, now: number): Bar {
  const silent = now - (heard?.at ?? since) >= silentAfter;
  const { status } = heard ?? {};
  return {
    time: now,
    'feed.state': silent ? 'silent' : (status?.state ?? null),
    'feed.lag': silent ? null : (status?.lag ?? null),
    'feed.quietFor': status?.lastTime == null ? null : Math.max(0, now - status.lastTime),
  };
}

/** The newest row of one study. */
export interface HeardRow {
  /** When its bar ended, by the exchange's clock. */
  readonly ended: number;
  /** Whether it came since we began to listen. */
  readonly live: boolean;
}

/**
 * What a rule on the age of data looks at, as of `now`; nothing is known of a study that never had a row. `step` is the
 * length of its bars, ms.
 */
export function dataSample(newest: HeardRow | undefined, step: number, since: number, now: number): Bar {
  const judged = newest !== undefined && (newest.live || now - since >= grace);
  const age = judged ? Math.max(0, now - newest.ended) : null;
  return { time: now, 'data.age': age, 'data.overdue': age === null ? null : Math.max(0, age - step) };
}
