import { parseInstrument, type Venue } from '@tandem/common';
import { dialects, type VenueOptions } from '@tandem/ingestor';
import { instrumentNamed, type TandemConfiguration } from '@tandem/runtime';

/** The base URLs of the simulated exchange, if it runs. */
export interface Bases {
  readonly stream: string;
  readonly rest: string;
}

/** The instruments watched, each once, as `venue:SYMBOL`. */
export function instrumentsOf(configuration: TandemConfiguration, feed: Venue): string[] {
  const legs = configuration.pairs.flatMap(({ y, x }) => [y, x]);
  const names = [...configuration.instruments, ...legs].map((name) => instrumentNamed(name, feed));
  return [...new Set(names)];
}

/** The pairs watched. */
export function pairsOf(configuration: TandemConfiguration, feed: Venue) {
  return configuration.pairs.map(({ y, x, tags }) => ({
    y: instrumentNamed(y, feed),
    x: instrumentNamed(x, feed),
    tags,
  }));
}

/** What the ingestor is told of each venue that an instrument is of. */
export function venueOptions(
  configuration: TandemConfiguration,
  instruments: readonly string[],
  simulator: Bases | undefined,
): VenueOptions[] {
  const symbols = new Map<Venue, string[]>();
  for (const instrument of instruments) {
    const parts = parseInstrument(instrument);
    if (parts !== undefined) symbols.set(parts.venue, [...(symbols.get(parts.venue) ?? []), parts.symbol]);
  }
  return [...symbols].map(([venue, ofVenue]) => {
    const dialect = dialects[venue];
    const bases = basesOf(venue, configuration, simulator);
    if (dialect === undefined || bases === undefined) {
      throw new Error(
        `${venue} cannot be watched live: use instruments of ${Object.keys(dialects).join(', ')}.`,
      );
    }
    return {
      dialect: dialect({
        stream: configuration.stream as 'aggTrade' | 'trade',
        apiKey: configuration.binanceApiKey,
      }),
      streamBase: bases.stream,
      restBase: bases.rest,
      symbols: ofVenue,
      warmStart: configuration.warmStart,
    };
  });
}

function basesOf(
  venue: Venue,
  configuration: TandemConfiguration,
  simulator: Bases | undefined,
): Bases | undefined {
  if (venue === 'sim') return simulator;
  if (venue === 'binance-usdm')
    return { stream: configuration.binanceUsdmWs, rest: configuration.binanceUsdmRest };
  if (venue === 'binance-spot')
    return { stream: configuration.binanceSpotWs, rest: configuration.binanceSpotRest };
  return undefined;
}
