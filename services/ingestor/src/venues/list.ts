import type { Venue as VenueName } from '@tandem/common';
import { binanceSpot } from './binance-spot.ts';
import { type BinanceOptions, binanceUsdm } from './binance-usdm.ts';
import type { Dialect } from './venue.ts';

/** Every venue that Tandem speaks to: a new one is a file, its frames, and a line here. */
export const dialects: Partial<Record<VenueName, (options: BinanceOptions) => Dialect>> = {
  'binance-usdm': binanceUsdm,
  'binance-spot': binanceSpot,
  sim: (options) => binanceUsdm({ ...options, venue: 'sim' }),
};
