import type { TickMessage } from '@tandem/common';
import type { Log } from '@tandem/runtime';
import type { ExchangeClock } from './exchange-clock.ts';
import type { Rest } from './rest.ts';
import type { Dialect } from './venues/venue.ts';

/** What an instrument's feed is given. */
export interface InstrumentFeedOptions {
  dialect: Dialect;
  symbol: string;
  rest: Rest | undefined;
  clock: ExchangeClock;
  /** The id due next and the time of the newest tick, as known from before; null on the first start. */
  resume: { next: number; time: number } | null;
  publish: (message: TickMessage) => Promise<void>;
  /** The stream of this instrument is silent although the venue trades. */
  onDead: (detail: string) => void;
  log: Log;
  signal: AbortSignal;
}
