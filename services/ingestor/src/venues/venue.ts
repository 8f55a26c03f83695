import type { Bar, Interval, Side, Venue as VenueName } from '@tandem/common';

/** One print of a venue's trade stream, market execution or not. Ids are whole numbers that grow by one. */
export interface Print {
  symbol: string;
  id: number;
  /** Exchange trade time, ms. */
  time: number;
  price: number;
  quantity: number;
  side: Side | null;
  count: number;
  /** False for prints that are no market execution (price 0, insurance fund, auto-deleveraging): only the id counts. */
  market: boolean;
}

/** What one frame says. */
export type Reading =
  | { kind: 'print'; print: Print /** Exchange clock when the frame was sent, ms. */; clock: number }
  /** Any other healthy frame that tells the exchange's time. */
  | { kind: 'clock'; clock: number }
  /** An answer to a control message, or a frame of a kind that is known and of no concern. */
  | { kind: 'control' }
  /** The exchange will close this connection soon: open the next one first. */
  | { kind: 'closing' }
  /** The exchange refused what we sent. */
  | { kind: 'refusal'; message: string }
  /** Well-formed, but of a kind that this dialect does not know. */
  | { kind: 'unknown'; what: string }
  | { kind: 'malformed'; what: string };

/** A REST question: path with query, its weight in the venue's budget, and how to read the answer. */
export interface Question<Answer> {
  path: string;
  weight: number;
  /** Throws `MalformedAnswer` with one sentence when the answer is not what the venue documents. */
  read(body: unknown): Answer;
}

export class MalformedAnswer extends Error {
  override name = 'MalformedAnswer';
}

export interface Instrument {
  symbol: string;
  trading: boolean;
}

/** The meaning of a venue's messages, as plain functions: no socket, no clock. */
export interface Dialect {
  venue: VenueName;
  /** The URL of a connection that carries the trade streams of these symbols. */
  streamUrl(base: string, symbols: readonly string[]): string;
  read(frame: Buffer): Reading;
  /** REST weight that may be spent in a minute, of the venue's own limit. */
  weightPerMinute: number;
  weightHeader: string;
  headers: Readonly<Record<string, string>>;
  /** Prints with ids from `fromId` on, ascending; the newest ones where the venue serves ids only to holders of an API key. */
  page(symbol: string, fromId: number): Question<Print[]>;
  /** Whether a page lists every id, so that a hole in it is a loss; else prints that are no executions leave holes. */
  dense: boolean;
  /** Whether a page begins at the id asked for; else it holds the newest prints, which may begin after it. */
  pagesFromId: boolean;
  /** The newest print of a symbol. */
  head(symbol: string): Question<Print | undefined>;
  /** The first print at or after a time, for a warm start; undefined when the venue cannot tell. */
  since?(symbol: string, time: number): Question<Print | undefined>;
  /** The exchange's clock, ms. */
  time(): Question<number>;
  klines?(symbol: string, interval: Interval, from: number, to: number): Question<Kline[]> | undefined;
  instruments(): Question<Instrument[]>;
}

/** A bar of the venue's own history; the caller adds dataset and venue. */
export type Kline = Omit<Bar, 'dataset' | 'venue'>;
