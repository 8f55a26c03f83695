/** What an instrument is called and in which steps it trades. */
export interface Instrument {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Decimals that prices are written with; the tick may be coarser. */
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly tickSize: string;
  readonly stepSize: string;
}

/** MARKET is a fill; the others consume an id on `@trade` but are absent from REST and from aggregates. */
export type PrintKind = 'MARKET' | 'NA' | 'INSURANCE_FUND' | 'ADL';

/** One print of the fill sequence `t`. */
export interface Trade {
  readonly id: number;
  readonly time: number;
  /** When the exchange pushes it: the `E` of its frame. */
  readonly event: number;
  readonly price: string;
  readonly quantity: string;
  readonly buyerIsMaker: boolean;
  readonly kind: PrintKind;
}

/** Consecutive fills of one price and side, as `@aggTrade` and `/aggTrades` show them. */
export interface Aggregate {
  readonly id: number;
  readonly time: number;
  readonly event: number;
  readonly price: string;
  readonly quantity: string;
  readonly firstTrade: number;
  readonly lastTrade: number;
  readonly buyerIsMaker: boolean;
}

/** A message of one stream: `data` is the JSON text that goes out, unwrapped. */
export interface Frame {
  readonly stream: string;
  readonly event: number;
  readonly data: string;
}

/** Items with contiguous ids in the order of their ids; times and push times never fall. */
export interface Sequence<Item> {
  /** The newest id that was pushed at or before `now`; null if there is none yet. */
  head(now: number): number | null;
  /** Items from this id upwards, inclusive; from the first one if that is later. Endless in a market. */
  from(id: number): Iterable<Item>;
  /** The id of the first item whose time is at or after `time`; null if there is none. */
  idAt(time: number): number | null;
}

/** A bar in whole units: prices in 10^-priceDecimals, volumes in 10^-quantityDecimals, quote in both. */
export interface Bar {
  readonly time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: bigint;
  quote: bigint;
  buyVolume: bigint;
  buyQuote: bigint;
  trades: number;
}

/** The past and the future of an exchange; the simulator shows of it what lies before the exchange's now. */
export interface History {
  readonly instruments: readonly Instrument[];
  /** The first and last push of a recording; null for a market without end. */
  readonly span: { readonly first: number; readonly last: number } | null;
  /** Frames pushed after `after` and up to `until`, in order, of the streams that `wanted` names. */
  frames(after: number, until: number, wanted: (stream: string) => boolean): Frame[];
  trades(symbol: string): Sequence<Trade>;
  aggregates(symbol: string): Sequence<Aggregate>;
  /** Bars whose open time lies in [from, to], folded from the fills pushed up to `now`. */
  bars(symbol: string, interval: number, from: number, to: number, now: number): Promise<Bar[]>;
}
