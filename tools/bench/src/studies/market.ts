import type { Bar, Instrument } from '@tandem/common';
import { noise } from '../noise.ts';

const venue = 'sim';
/** An hour at which every interval begins. */
const begin = Date.UTC(2026, 0, 1, 12);

/** Instruments that move together, each about a common path: every two of them make a pair that reverts. */
export interface Together {
  readonly instruments: readonly Instrument[];
  /** The finished 1s bars of all instruments, one second later each time. */
  next(): Bar[];
}

/** So many instruments, seeded. */
export function together(seed: number, count: number): Together {
  const normal = noise(seed);
  const symbols = Array.from({ length: count }, (_, index) => `C${String(index).padStart(3, '0')}USDT`);
  const apart = symbols.map(() => 0);
  let common = 0;
  let second = 0;
  return {
    instruments: symbols.map((symbol) => `${venue}:${symbol}`),
    next() {
      const time = begin + 1_000 * second++;
      common += 3e-4 * normal();
      return symbols.map((symbol, index) => {
        apart[index] = 0.97 * apart[index]! + 1.5e-4 * normal();
        const price = (100 + 30 * index) * Math.exp(common + apart[index]!);
        return barOf(symbol, time, Math.round(price * 100) / 100);
      });
    },
  };
}

function barOf(symbol: string, time: number, close: number): Bar {
  return {
    dataset: 'live',
    venue,
    symbol,
    interval: '1s',
    time,
    open: close,
    high: close,
    low: close,
    close,
    volume: 3,
    quoteVolume: 3 * close,
    vwap: close,
    trades: 3,
    buyVolume: 1,
    buyQuoteVolume: close,
    complete: true,
    gap: false,
    revision: 3,
    source: 'trades',
  };
}
