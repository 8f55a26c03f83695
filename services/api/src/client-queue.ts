import { matches } from '@tandem/common';
import { type Published, standsFor } from './newest.ts';

/** What one client is still to be sent: bounded by the number of subjects, however slow the client is. */
export interface ClientQueue {
  /** Returns a sentence if the client asks for more than it may. */
  subscribe(patterns: readonly string[]): string | undefined;
  unsubscribe(patterns: readonly string[]): void;
  /** A snapshot of everything subscribed is due again. */
  renew(): void;
  /** Takes a message if the client wants it; says whether it did. */
  offer(message: Published): boolean;
  /** The frames that are due now, as JSON text; the queue is empty afterwards. */
  take(newest: Iterable<Published>): string[];
  /** The client cannot take frames now: keep only the newest message per subject from here on. */
  hold(): void;
  readonly waiting: boolean;
  patterns(): readonly string[];
}

/** The most subjects one client may name. */
export const patternLimit = 200;
/** Messages kept in full before only the newest per subject are. */
const burstLimit = 5_000;

export function clientQueue(): ClientQueue {
  const wanted = new Set<string>();
  const verdicts = new Map<string, boolean>();
  let snapshots = new Set<string>();
  let burst: Published[] = [];
  let conflated: Map<string, Published> | undefined;
  let skipped = 0;

  function wants(subject: string): boolean {
    let verdict = verdicts.get(subject);
    if (verdict === undefined) {
      verdict = [...wanted].some((pattern) => matches(pattern, subject));
      if (verdicts.size > 50_000) verdicts.clear();
      verdicts.set(subject, verdict);
    }
    return verdict;
  }

  function hold(): void {
    if (conflated !== undefined) return;
    conflated = new Map();
    for (const message of burst) keepNewest(message);
    burst = [];
  }

  function keepNewest(message: Published): void {
    const held = conflated!.get(message.subject);
    if (held !== undefined) skipped += 1;
    conflated!.delete(message.subject);
    conflated!.set(message.subject, held === undefined || standsFor(message, held) ? message : held);
  }

  function snapshot(newest: Iterable<Published>): string {
    const patterns = [...snapshots];
    const messages = [...newest].filter((one) => patterns.some((pattern) => matches(pattern, one.subject)));
    const shown = new Map(messages.map((message) => [message.subject, message.sequence]));
    snapshots = new Set();
    // What waits and is already in the snapshot must not follow it: the client would step back in time.
    const waiting = conflated === undefined ? burst : [...conflated.values()];
    const later = waiting.filter((one) => one.sequence > (shown.get(one.subject) ?? -1));
    const older = waiting.filter((one) => one.sequence < (shown.get(one.subject) ?? -1));
    skipped += older.length;
    burst = later;
    conflated = undefined;
    const texts = messages.map((message) => message.text()).join(',');
    return `{"type":"snapshot","subjects":${JSON.stringify(patterns)},"messages":[${texts}]}`;
  }

  return {
    subscribe(patterns) {
      const all = new Set([...wanted, ...patterns]);
      if (all.size > patternLimit) return `a client may name at most ${patternLimit} subjects`;
      for (const pattern of patterns) {
        wanted.add(pattern);
        snapshots.add(pattern);
      }
      verdicts.clear();
      return undefined;
    },
    unsubscribe(patterns) {
      for (const pattern of patterns) {
        wanted.delete(pattern);
        snapshots.delete(pattern);
      }
      verdicts.clear();
    },
    renew() {
      snapshots = new Set(wanted);
    },
    offer(message) {
      if (!wants(message.subject)) return false;
      if (conflated !== undefined) keepNewest(message);
      else if (burst.push(message) > burstLimit) hold();
      return true;
    },
    take(newest) {
      const frames = snapshots.size > 0 ? [snapshot(newest)] : [];
      const messages = conflated === undefined ? burst : [...conflated.values()];
      if (messages.length > 0 || skipped > 0) {
        const texts = messages.map((message) => message.text()).join(',');
        frames.push(`{"type":"update","messages":[${texts}],"skipped":${skipped}}`);
      }
      burst = [];
      conflated = undefined;
      skipped = 0;
      return frames;
    },
    hold,
    get waiting() {
      return snapshots.size > 0 || burst.length > 0 || skipped > 0 || (conflated?.size ?? 0) > 0;
    },
    patterns: () => [...wanted],
  };
}
