export * from './recording/index.ts';
export { type IngestorOptions, startIngestor } from './service.ts';
export type { VenueOptions } from './venue-feed.ts';
export type { TradeStream } from './venues/binance.ts';
export type { BinanceOptions } from './venues/binance-usdm.ts';
export { dialects } from './venues/list.ts';
export type { Dialect, Print, Reading } from './venues/venue.ts';
