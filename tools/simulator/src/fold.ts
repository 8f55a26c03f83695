import { unitsOf } from './decimal.ts';
import type { Bar, Instrument, Trade } from './history.ts';

/** An empty bar at a price: what a quiet interval looks like. */
export function flatBar(time: number, price: number): Bar {
  return {
    time,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 0n,
    quote: 0n,
    buyVolume: 0n,
    buyQuote: 0n,
    trades: 0,
  };
}

/** Folds fills into bars; intervals without fills between the first and the last become flat. */
export function fold(trades: Iterable<Trade>, instrument: Instrument, interval: number): Bar[] {
  const bars: Bar[] = [];
  for (const trade of trades) {
    if (trade.kind !== 'MARKET') continue;
    const price = Number(unitsOf(trade.price, instrument.priceDecimals));
    const bar = barAt(bars, Math.floor(trade.time / interval) * interval, price, interval);
    const quantity = unitsOf(trade.quantity, instrument.quantityDecimals);
    const quote = quantity * BigInt(price);
    bar.high = Math.max(bar.high, price);
    bar.low = Math.min(bar.low, price);
    bar.close = price;
    bar.volume += quantity;
    bar.quote += quote;
    bar.trades += 1;
    if (!trade.buyerIsMaker) {
      bar.buyVolume += quantity;
      bar.buyQuote += quote;
    }
  }
  return bars;
}

/** Folds bars into bars of a multiple of their interval. */
export function foldBars(smaller: Iterable<Bar>, interval: number): Bar[] {
  const bars: Bar[] = [];
  for (const part of smaller) {
    const time = Math.floor(part.time / interval) * interval;
    const bar = bars.at(-1);
    if (!bar || bar.time !== time) {
      bars.push({ ...part, time });
      continue;
    }
    // A flat part carries the close before it: it says nothing about the range of its own.
    if (part.trades > 0) {
      if (bar.trades === 0) bar.open = part.open;
      bar.high = bar.trades === 0 ? part.high : Math.max(bar.high, part.high);
      bar.low = bar.trades === 0 ? part.low : Math.min(bar.low, part.low);
      bar.close = part.close;
    }
    bar.volume += part.volume;
    bar.quote += part.quote;
    bar.buyVolume += part.buyVolume;
    bar.buyQuote += part.buyQuote;
    bar.trades += part.trades;
  }
  return bars;
}

function barAt(bars: Bar[], time: number, price: number, interval: number): Bar {
  let last = bars.at(-1);
  while (last && last.time + interval < time) {
    last = flatBar(last.time + interval, last.close);
    bars.push(last);
  }
  if (last && last.time >= time) return last;
  const bar = flatBar(time, price);
  bars.push(bar);
  return bar;
}
