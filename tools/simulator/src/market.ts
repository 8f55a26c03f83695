import type { History } from './history.ts';
import { MarketPaths } from './market-path.ts';
import type { KnownPair, MarketSymbol } from './market-symbols.ts';
import { knownPairs, marketSymbols } from './market-symbols.ts';
import { MarketTape } from './market-tape.ts';
import type { VenueName } from './venue.ts';

/** What can be chosen about a synthetic market. */
export interface MarketOptions {
  /** The dialect decides the decimals, the aggregation and whether there are prints that are no fills. */
  readonly venue?: VenueName;
  readonly symbols?: readonly MarketSymbol[];
  /** All symbols together print this many times a second, in their usual proportions. */
  readonly rate?: number;
  /** Prints a second of single symbols; 0.05 is a quiet one. */
  readonly rates?: Readonly<Record<string, number>>;
  /** The rate is held evenly, without bursts and calm: for measurements. */
  readonly steady?: boolean;
  /** How far back klines reach (ms); trades reach back without end. */
  readonly klineDepth?: number;
}

/** A synthetic market knows the truth about its pairs. */
export interface Market extends History {
  readonly pairs: readonly KnownPair[];
  readonly span: null;
}

/** A seeded market: every trade is a function of seed, symbol and time, whenever it is asked for. */
export function market(seed: number, options: MarketOptions = {}): Market {
  const venue = options.venue ?? 'binance-usdm';
  const symbols = withRates(options);
  const paths = new MarketPaths(seed, symbols);
  const { steady = false, klineDepth = 3 * 86_400_000 } = options;
  const manner = { steady, klineDepth };
  const tapes = new Map(
    symbols.map((symbol, lane) => [symbol.symbol, new MarketTape(seed, lane, symbol, paths, venue, manner)]),
  );
  const tape = (symbol: string): MarketTape => {
    const found = tapes.get(symbol);
    if (!found) throw new Error(`the market has no symbol ${symbol}`);
    return found;
  };
  return {
    span: null,
    pairs: knownPairs(symbols),
    instruments: [...tapes.values()].map(({ instrument }) => instrument),
    frames: (after, until, wanted) =>
      [...tapes.values()]
        .flatMap((one) => one.frames(after, until, wanted))
        .sort((one, other) => one.event - other.event),
    trades: (symbol) => tape(symbol).trades,
    aggregates: (symbol) => tape(symbol).aggregates,
    bars: (symbol, interval, from, to, now) => tape(symbol).bars.between(interval, from, to, now),
  };
}

function withRates({ symbols = marketSymbols, rate, rates = {} }: MarketOptions): MarketSymbol[] {
  const total = symbols.reduce((sum, symbol) => sum + symbol.rate, 0);
  return symbols.map((symbol) => {
    const chosen = rates[symbol.symbol] ?? (rate === undefined ? symbol.rate : (symbol.rate * rate) / total);
    if (!(chosen > 0 && chosen <= 100_000))
      throw new Error(
        `the rate of ${symbol.symbol} must lie above 0 and up to 100000 a second, not ${chosen}`,
      );
    return { ...symbol, rate: chosen };
  });
}
