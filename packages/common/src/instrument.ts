import { z } from 'zod';

/** Where trades come from. `sim` is the built-in simulated exchange, `custom` a feed of the user's own. */
export const venues = [
  'binance-usdm',
  'binance-spot',
  'bybit-linear',
  'okx-swap',
  'coinbase',
  'kraken',
  'sim',
  'custom',
] as const;

export const Venue = z.enum(venues);
export type Venue = z.infer<typeof Venue>;

/** The alphabet of symbols keeps them harmless in subjects, URLs, files and SQL. */
export const symbolPattern = /^[A-Z0-9_-]{1,40}$/;

/** A venue's own name of what it trades. */
export const SymbolName = z
  .string()
  .regex(symbolPattern, 'a symbol has 1 to 40 of A-Z, 0-9, _ and -, for example BTCUSDT');
export type SymbolName = z.infer<typeof SymbolName>;

/** `venue:symbol`, for example `binance-usdm:BTCUSDT`. */
export const Instrument = z.string().refine((text) => parseInstrument(text) !== undefined, {
  message: `an instrument is venue:SYMBOL, for example binance-usdm:BTCUSDT; venues: ${venues.join(', ')}`,
});
export type Instrument = string;

export function instrumentOf(venue: Venue, symbol: SymbolName): Instrument {
  return `${venue}:${symbol}`;
}

/** The two halves of an instrument's name, or undefined if it is not one. */
export function parseInstrument(text: string): { venue: Venue; symbol: SymbolName } | undefined {
  const colon = text.indexOf(':');
  const venue = Venue.safeParse(text.slice(0, Math.max(colon, 0)));
  const symbol = SymbolName.safeParse(text.slice(colon + 1));
  return venue.success && symbol.success ? { venue: venue.data, symbol: symbol.data } : undefined;
}
