import type { Bar, Study } from '@tandem/common';

/** A study of a short window, for tests. */
export const study: Study = {
  id: 'btc-eth-1m',
  y: 'sim:BTCUSDT',
  x: 'sim:ETHUSDT',
  interval: '1m',
  window: 20,
  method: 'ols',
  scale: 'price',
  thresholds: { shortEntry: 2, longEntry: -2, exit: 0, stop: 4 },
  costs: { feeBps: 5, slippageBps: 1 },
  correlation: 0.5,
};

/** 2024-08-08 00:00 UTC: an open time of every interval. */
export const start = 1_723_075_200_000;
export const minute = 60_000;

/** A complete bar of leg `symbol` in minute `index`. */
export function bar(symbol: string, index: number, close: number | null, changes: Partial<Bar> = {}): Bar {
  return {
    dataset: 'live',
    venue: 'sim',
    symbol,
    interval: '1m',
    time: start + index * minute,
    open: close,
    high: close,
    low: close,
    close,
    volume: 1,
    quoteVolume: close ?? 0,
    vwap: close,
    trades: 1,
    buyVolume: 1,
    buyQuoteVolume: close ?? 0,
    complete: true,
    gap: false,
    revision: 10,
    source: 'trades',
    ...changes,
  };
}

/** A pair that moves in tandem: both legs of each minute. Seeded: a function of its arguments. */
export function tandem(minutes: number, seed = 1): { y: Bar; x: Bar }[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  let x = 3_000;
  let spread = 0;
  return Array.from({ length: minutes }, (_, index) => {
    x += 4 * random();
    spread = 0.9 * spread + 20 * random();
    return { y: bar('BTCUSDT', index, 5_000 + 18 * x + spread), x: bar('ETHUSDT', index, x) };
  });
}
