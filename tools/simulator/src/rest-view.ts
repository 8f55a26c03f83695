import type { History, Instrument } from './history.ts';
import { RestError } from './rest-error.ts';
import type { Venue } from './venue.ts';

/** What an endpoint may look at to answer. */
export interface RestView {
  readonly venue: Venue;
  readonly history: History;
  readonly query: URLSearchParams;
  /** The exchange's clock. */
  readonly now: number;
  /** The moment up to which trades are visible: the clock less the visibility lag. */
  readonly visible: number;
  /** How many of the newest ids REST denies having, per symbol. */
  readonly behind: (symbol: string) => number;
  /** Futures refuse aggregates that are older than this. */
  readonly aggTradesWindow: number;
}

/** The instrument that a request names. */
export function instrumentOf({ query, history }: RestView): Instrument {
  const symbol = query.get('symbol');
  if (!symbol)
    throw new RestError(
      400,
      -1102,
      "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    );
  const instrument = history.instruments.find((one) => one.symbol === symbol);
  if (!instrument) throw new RestError(400, -1121, 'Invalid symbol.');
  return instrument;
}

/** A whole number among the parameters; null if it is absent. */
export function integer(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{1,16}$/.test(text))
    throw new RestError(
      400,
      -1100,
      `Illegal characters found in parameter '${name}'; legal range is '^[0-9]{1,20}$'.`,
    );
  return Number(text);
}

/** How many rows are asked for, at most as many as the venue gives. */
export function limitOf({ query, venue }: RestView, endpoint: string): number {
  const { standard, most } = venue.limits[endpoint]!;
  const limit = integer(query, 'limit') ?? standard;
  if (limit < 1) throw new RestError(400, -1130, "Data sent for parameter 'limit' is not valid.");
  return Math.min(limit, most);
}
