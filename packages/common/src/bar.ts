import { z } from 'zod';
import { SymbolName, Venue } from './instrument.ts';
import { Interval } from './interval.ts';
import { Dataset, Time } from './tick.ts';

export const BarSource = z.enum(['trades', 'klines']);

const price = z.number().positive().nullable();
const amount = z.number().min(0);

/**
 * Open, high, low, close and volumes of one interval.
 *
 * A quiet interval is flat at the previous close with `trades: 0`; prices are null only where nothing is
 * known of them (inside a gap). `vwap` is null without trades.
 */
export const Bar = z.strictObject({
  dataset: Dataset,
  venue: Venue,
  symbol: SymbolName,
  interval: Interval,
  /** Open time. */
  time: Time,
  open: price,
  high: price,
  low: price,
  close: price,
  /** In units of the base asset. */
  volume: amount,
  /** Sum of price x quantity. */
  quoteVolume: amount,
  /** quoteVolume / volume. */
  vwap: price,
  /** Number of fills. */
  trades: z.int().min(0),
  /** Volume whose aggressor bought; null if the side of any trade in the bar is unknown. */
  buyVolume: amount.nullable(),
  buyQuoteVolume: amount.nullable(),
  /** False: the bar was seen only in part (the feed began or the recording ended inside it). */
  complete: z.boolean(),
  /** True: an open gap touches the bar. Such a bar is kept out of every estimator. */
  gap: z.boolean(),
  /** How many trade ids the bar accounts for. Of two versions the one with more wins. */
  revision: z.int().min(0),
  source: BarSource,
});
export type Bar = z.infer<typeof Bar>;

/** Whether `next` may replace `previous`, two versions of the same bar read in this order. */
export function supersedes(next: Pick<Bar, 'revision'>, previous: Pick<Bar, 'revision'>): boolean {
  return next.revision >= previous.revision;
}

/** A bar that estimators may use: seen whole, touched by no gap, with a price. */
export function isUsable(bar: Pick<Bar, 'complete' | 'gap' | 'close'>): boolean {
  return bar.complete && !bar.gap && bar.close !== null;
}
