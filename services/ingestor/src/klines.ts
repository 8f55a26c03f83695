import { Bar, Interval, intervalMs, SymbolName, Time, Venue } from '@tandem/common';
import { z } from 'zod';
import type { Rest } from './rest.ts';
import type { Dialect, Kline } from './venues/venue.ts';

/** What the resampler asks for: a venue's own bars that open at or after `from` and close at or before `to`. */
export const KlinesRequest = z.strictObject({
  venue: Venue,
  symbol: SymbolName,
  interval: Interval,
  from: Time,
  to: Time,
});
export type KlinesRequest = z.infer<typeof KlinesRequest>;
const Klines = z.array(Bar.omit({ dataset: true, venue: true }));

/** Answers `rpc.ingestor.klines`; an empty list where the venue has no such bars. */
export async function answerKlines(
  { symbol, interval, from, to }: KlinesRequest,
  dialect: Dialect,
  rest: Rest,
): Promise<{ bars: Kline[] }> {
  // A venue answers with at most 1,000 bars.
  const first = Math.max(from, to - 1_000 * intervalMs[interval]);
  const question = dialect.klines?.(symbol, interval, first, to);
  return { bars: question === undefined ? [] : Klines.parse(await rest.ask(question)) };
}
