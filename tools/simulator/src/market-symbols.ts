import type { Instrument } from './history.ts';
import type { VenueName } from './venue.ts';

/** An instrument of the synthetic market. */
export interface MarketSymbol {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** The level that the price wanders around. */
  readonly price: number;
  readonly priceDecimals: number;
  /** The tick in units of the last price decimal. */
  readonly tick: number;
  readonly quantityDecimals: number;
  /** The size of a usual fill, in units of the last quantity decimal. */
  readonly lots: number;
  /** Prints a second, on average. */
  readonly rate: number;
  /** The standard deviation of its own log returns per square root of a second; unused if it follows another. */
  readonly volatility: number;
  /** The instrument that it is tied to: log price = alpha + beta · log price of that one + a mean-reverting spread. */
  readonly follows?: {
    readonly symbol: string;
    readonly beta: number;
    readonly halfLifeSeconds: number;
    /** The standard deviation of the spread, in log price. */
    readonly deviation: number;
  };
}

/** What is known about a pair by construction; an estimator should find it again. */
export interface KnownPair {
  readonly y: string;
  readonly x: string;
  /** On log prices: log y = alpha + beta · log x + spread. */
  readonly alpha: number;
  readonly beta: number;
  readonly halfLifeSeconds: number;
  readonly deviation: number;
}

const usdt = { quote: 'USDT' } as const;

/** The default instruments: BTC and SOL are tied to ETH, BNB to BTC; XRP goes its own way. */
export const marketSymbols: readonly MarketSymbol[] = [
  {
    ...usdt,
    symbol: 'BTCUSDT',
    base: 'BTC',
    price: 64_000,
    priceDecimals: 2,
    tick: 10,
    quantityDecimals: 3,
    lots: 8,
    rate: 8,
    volatility: 0,
    follows: { symbol: 'ETHUSDT', beta: 0.8, halfLifeSeconds: 300, deviation: 0.001 },
  },
  {
    ...usdt,
    symbol: 'ETHUSDT',
    base: 'ETH',
    price: 3_200,
    priceDecimals: 2,
    tick: 1,
    quantityDecimals: 3,
    lots: 90,
    rate: 6,
    volatility: 0.00011,
  },
  {
    ...usdt,
    symbol: 'SOLUSDT',
    base: 'SOL',
    price: 150,
    priceDecimals: 2,
    tick: 1,
    quantityDecimals: 2,
    lots: 300,
    rate: 4,
    volatility: 0,
    follows: { symbol: 'ETHUSDT', beta: 1.3, halfLifeSeconds: 600, deviation: 0.002 },
  },
  {
    ...usdt,
    symbol: 'BNBUSDT',
    base: 'BNB',
    price: 600,
    priceDecimals: 2,
    tick: 1,
    quantityDecimals: 2,
    lots: 40,
    rate: 2,
    volatility: 0,
    follows: { symbol: 'BTCUSDT', beta: 0.9, halfLifeSeconds: 180, deviation: 0.0012 },
  },
  {
    ...usdt,
    symbol: 'XRPUSDT',
    base: 'XRP',
    price: 0.6,
    priceDecimals: 4,
    tick: 1,
    quantityDecimals: 1,
    lots: 2_000,
    rate: 2,
    volatility: 0.00012,
  },
];

/** The pairs that these instruments are tied into, with the truth about them. */
export function knownPairs(symbols: readonly MarketSymbol[] = marketSymbols): KnownPair[] {
  return symbols.flatMap((y) => {
    const x = symbols.find(({ symbol }) => symbol === y.follows?.symbol);
    if (!x || !y.follows) return [];
    const { beta, halfLifeSeconds, deviation } = y.follows;
    const alpha = Math.log(y.price) - beta * Math.log(x.price);
    return [{ y: y.symbol, x: x.symbol, alpha, beta, halfLifeSeconds, deviation }];
  });
}

/** How a venue writes an instrument: spot with eight decimals throughout. */
export function instrumentOf(symbol: MarketSymbol, venue: VenueName): Instrument {
  const spot = venue === 'binance-spot';
  const priceDecimals = spot ? 8 : symbol.priceDecimals;
  const quantityDecimals = spot ? 8 : symbol.quantityDecimals;
  return {
    symbol: symbol.symbol,
    base: symbol.base,
    quote: symbol.quote,
    priceDecimals,
    quantityDecimals,
    tickSize: (symbol.tick / 10 ** symbol.priceDecimals).toFixed(priceDecimals),
    stepSize: (10 ** -symbol.quantityDecimals).toFixed(quantityDecimals),
  };
}
