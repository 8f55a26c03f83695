import { textOf, unitsOf } from './decimal.ts';
import type { Aggregate, Instrument, Trade } from './history.ts';
import { pushTime } from './push-time.ts';

/** Merges consecutive fills of one price and side within one window of the exchange's clock. */
export function aggregate(
  trades: Iterable<Trade>,
  instrument: Pick<Instrument, 'quantityDecimals'>,
  window: number,
  firstId: number,
): Aggregate[] {
  const merged: Aggregate[] = [];
  const decimals = instrument.quantityDecimals;
  let group: Trade[] = [];
  const close = (): void => {
    const first = group[0];
    const last = group.at(-1);
    if (!first || !last) return;
    const sum = group.reduce((total, trade) => total + unitsOf(trade.quantity, decimals), 0n);
    merged.push({
      id: firstId + merged.length,
      time: first.time,
      // Never before its last fill, whose frame may have been late itself.
      event: Math.max(last.event, pushTime(last.time, window)),
      price: first.price,
      quantity: group.length === 1 ? first.quantity : textOf(sum, decimals),
      firstTrade: first.id,
      lastTrade: last.id,
      buyerIsMaker: first.buyerIsMaker,
    });
    group = [];
  };
  for (const trade of trades) {
    if (trade.kind !== 'MARKET') continue;
    const first = group[0];
    if (first && !joins(first, trade, window)) close();
    group.push(trade);
  }
  close();
  return merged;
}

function joins(first: Trade, next: Trade, window: number): boolean {
  return (
    next.price === first.price &&
    next.buyerIsMaker === first.buyerIsMaker &&
    Math.floor(next.time / window) === Math.floor(first.time / window)
  );
}
