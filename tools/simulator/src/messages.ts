import type { Aggregate, Trade } from './history.ts';
import type { VenueName } from './venue.ts';

/** The data of a `@trade` frame. */
export function tradeMessage(venue: VenueName, symbol: string, trade: Trade): string {
  const { id, time, event, price, quantity, buyerIsMaker, kind } = trade;
  return venue === 'binance-usdm'
    ? `{"e":"trade","E":${event},"T":${time},"s":"${symbol}","t":${id},"p":"${price}","q":"${quantity}","X":"${kind}","m":${buyerIsMaker},"st":1}`
    : `{"e":"trade","E":${event},"s":"${symbol}","t":${id},"p":"${price}","q":"${quantity}","T":${time},"m":${buyerIsMaker},"M":true}`;
}

/** The data of an `@aggTrade` frame. */
export function aggregateMessage(venue: VenueName, symbol: string, aggregate: Aggregate): string {
  const { id, time, event, price, quantity, firstTrade, lastTrade, buyerIsMaker } = aggregate;
  const head = `{"e":"aggTrade","E":${event},"a":${id},"s":"${symbol}","p":"${price}","q":"${quantity}"`;
  const tail = `"f":${firstTrade},"l":${lastTrade},"T":${time},"m":${buyerIsMaker}`;
  return venue === 'binance-usdm'
    ? `${head},"nq":"${quantity}",${tail},"st":1}`
    : `${head},${tail},"M":true}`;
}

/** A row of `/trades` and `/historicalTrades`. */
export function tradeRow(venue: VenueName, trade: Trade, quoteQuantity: string): object {
  return {
    id: trade.id,
    price: trade.price,
    qty: trade.quantity,
    quoteQty: quoteQuantity,
    time: trade.time,
    isBuyerMaker: trade.buyerIsMaker,
    ...(venue === 'binance-usdm' ? { isRPITrade: false } : { isBestMatch: true }),
  };
}

/** A row of `/aggTrades`. */
export function aggregateRow(venue: VenueName, aggregate: Aggregate): object {
  return {
    a: aggregate.id,
    p: aggregate.price,
    q: aggregate.quantity,
    ...(venue === 'binance-usdm' ? { nq: aggregate.quantity } : {}),
    f: aggregate.firstTrade,
    l: aggregate.lastTrade,
    T: aggregate.time,
    m: aggregate.buyerIsMaker,
    ...(venue === 'binance-spot' ? { M: true } : {}),
  };
}
