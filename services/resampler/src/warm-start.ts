import { setTimeout as wait } from 'node:timers/promises';
import { type Bar, barTime, baseInterval, type Interval, intervalMs, subjects } from '@tandem/common';
import { type Bus, backoff, type Log } from '@tandem/runtime';
import type { Identity } from './core/base-bar.ts';
import type { InstrumentState } from './core/instrument.ts';
import { readKlines } from './klines.ts';
import type { StoredInstrument } from './stored-rows.ts';

const mostBars = 500;
const longestWait = 30_000;

export interface WarmStart {
  /** Called when an instrument has been taken in: asks once for what the store has not. */
  consider(state: InstrumentState, stored: StoredInstrument): void;
  stop(): Promise<void>;
}

/** Takes the venue's own bars in: writes and publishes them while no batch is in hand. */
export type TakeKlines = (bars: readonly Bar[]) => Promise<void>;

interface Progress {
  closedUntil: number;
  /** Told when more bars have closed. */
  readonly waiting: Set<() => void>;
}

/**
 * Fills the time before the first complete own bar with the venue's own bars, so that estimators are warm at
 * once. It asks when the feed begins, and again when the bar in which it began has passed: that one was seen
 * only in part. It never holds up trades, and never touches a bar that was folded whole from them.
 */
export function warmStart(
  { bus, log }: { bus: Bus; log: Log },
  intervals: readonly Interval[],
  take: TakeKlines,
): WarmStart {
  const stopping = new AbortController();
  const { signal } = stopping;
  const known = new Map<string, Progress>();
  const running: Promise<void>[] = [];

  /** The second in which the feed began; undefined if the first own bar is whole, so nothing is to be asked. */
  const beginning = async (start: number, stored: StoredInstrument, interval: Interval) => {
    const first = await stored.firstBar(interval);
    if (first === undefined) return start;
    return first.complete ? undefined : first.time;
  };

  const fill = async (identity: Identity, interval: Interval, start: number, progress: Progress) => {
    const partial = barTime(start, interval);
    const end = partial + intervalMs[interval];
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const to = progress.closedUntil >= end ? end : partial;
      const from = Math.max(0, to - mostBars * intervalMs[interval]);
      const request = { venue: identity.venue, symbol: identity.symbol, interval, from, to };
      try {
        const reply = await bus.request(subjects.rpc('ingestor', 'klines'), request, longestWait);
        const bars = readKlines(reply, identity, interval, from, to);
        if (bars.length > 0) await take(bars);
        if (to === end && (bars.length === 0 || bars.at(-1)?.time === partial)) return;
        if (to === end) throw new Error('the bar in which the feed began is not there yet');
        await passed(progress, end);
        attempt = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (attempt === 1 || attempt % 20 === 0)
          log.warn({ err: error, attempt, ...request }, 'no warm start yet:');
        const pause = 1_000 + backoff(attempt, Math.random(), { first: 1_000, most: 300_000 });
        await wait(pause, undefined, { signal }).catch(() => {});
      }
    }
  };

  const passed = (progress: Progress, end: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (progress.closedUntil < end && !signal.aborted) return;
        progress.waiting.delete(look);
        resolve();
      };
      progress.waiting.add(look);
      look();
    });

  const begin = async (
    state: InstrumentState,
    start: number,
    stored: StoredInstrument,
    progress: Progress,
  ) => {
    for (const interval of intervals.filter((each) => each !== baseInterval)) {
      const began = await beginning(start, stored, interval);
      if (began !== undefined) running.push(fill(state.identity, interval, began, progress));
    }
  };

  return {
    consider(state, stored) {
      if (state.start === null || signal.aborted) return;
      const name = `${state.identity.venue}:${state.identity.symbol}`;
      const progress = known.get(name) ?? { closedUntil: 0, waiting: new Set() };
      progress.closedUntil = state.closedUntil ?? 0;
      for (const look of [...progress.waiting]) look();
      if (known.has(name)) return;
      known.set(name, progress);
      running.push(
        begin(state, state.start, stored, progress).catch((error: unknown) => {
          known.delete(name);
          log.warn({ err: error }, 'what a warm start needs could not be read, trying again:');
        }),
      );
    },
    async stop() {
      stopping.abort();
      for (const progress of known.values()) for (const look of [...progress.waiting]) look();
      await Promise.allSettled(running);
    },
  };
}
