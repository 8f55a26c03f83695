import { SymbolName } from '@tandem/common';

/** A venue's name of an instrument in the alphabet of symbols: `xbt/usd` is `XBT-USD`; undefined if it cannot be one. */
export function recordedSymbol(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 40) return undefined;
  const symbol = text.toUpperCase().replace(/[/:]/g, '-');
  return SymbolName.safeParse(symbol).success ? symbol : undefined;
}
