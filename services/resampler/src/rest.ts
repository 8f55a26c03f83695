import type { TickMessage } from '@tandem/common';
import type { Bus } from '@tandem/runtime';

/** Longest rest between two writes that no bar waits for, ms. */
const longest = 50;

/** A rest between batches, so that the next one is worth its write. */
export interface Rest {
  /** Called as a batch begins: only what comes after it counts. */
  begin(): void;
  /** Resolves after the rest, or as soon as an urgent message has come. */
  take(): Promise<void>;
  stop(): void;
}

/**
 * A write costs some milliseconds however small it is. In one process, where that is felt by everybody, the
 * resampler rests after a batch that closed no bar - but not while a message waits that is `urgent`.
 * A bus that outlives the process gathers messages by itself: there it never rests.
 */
export function restBetween(bus: Bus, urgent: (message: TickMessage) => boolean): Rest {
  if (bus.durable) return { begin: () => {}, take: async () => {}, stop: () => {} };
  let hurry = false;
  let wake = () => {};
  const listening = bus.subscribe('ticks.>', (_, data) => {
    // Not yet checked: it is only asked whether there is a hurry.
    if (hurry || typeof data !== 'object' || data === null || !urgent(data as TickMessage)) return;
    hurry = true;
    wake();
  });
  return {
    begin() {
      hurry = false;
    },
    take() {
      if (hurry) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, longest);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    stop() {
      hurry = true;
      wake();
      listening.stop();
    },
  };
}
