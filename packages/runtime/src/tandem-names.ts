import {
  type Instrument,
  instrumentOf,
  intervals,
  parseInstrument,
  SymbolName,
  Tag,
  type Venue,
  venues,
} from '@tandem/common';
import { z } from 'zod';

/** An instrument as the user names it; without a venue it is one of the feed that is chosen at start. */
export interface NamedInstrument {
  readonly venue: Venue | undefined;
  readonly symbol: SymbolName;
}

/** The instrument that a name means when `venue` is the feed. */
export function instrumentNamed(name: NamedInstrument, venue: Venue): Instrument {
  return instrumentOf(name.venue ?? venue, name.symbol);
}

/** What is allowed where instruments are named. */
export const instrumentError = `write symbols of the feed or venue:SYMBOL with commas between them, for example BTCUSDT,binance-spot:ETHUSDT; venues: ${venues.join(', ')}`;
/** The text of one instrument. */
export const Named = z.string().transform((text, context): NamedInstrument => {
  const whole = parseInstrument(text);
  if (whole !== undefined) return whole;
  const symbol = SymbolName.safeParse(text);
  if (symbol.success) return { venue: undefined, symbol: symbol.data };
  context.addIssue({ code: 'custom', message: instrumentError });
  return z.NEVER;
});

/** A pair as the user names it, with the words by which rules pick its studies. */
export interface NamedPair {
  readonly y: NamedInstrument;
  readonly x: NamedInstrument;
  readonly tags: readonly string[];
}

const pairError =
  'write Y/X with commas between them, each with #tag behind it where rules pick it by tags, for example BTCUSDT/ETHUSDT#majors,SOLUSDT/ETHUSDT';
/** The text of one pair. */
export const Pair = z.string().transform((text, context): NamedPair => {
  const [legs = '', ...words] = text.split('#');
  const [y, x, more] = legs.split('/').map((leg) => Named.safeParse(leg));
  const tags = Tags.safeParse(words);
  if (y?.success && x?.success && more === undefined && tags.success && nameOf(y.data) !== nameOf(x.data)) {
    return { y: y.data, x: x.data, tags: tags.data };
  }
  context.addIssue({ code: 'custom', message: pairError });
  return z.NEVER;
});
const Tags = z.array(Tag).max(20);

/** The text of one length of bars. */
export const IntervalText = z
  .string()
  .pipe(z.enum(intervals, { error: `choose from ${intervals.join(', ')}` }));

/** A named instrument as the user writes it. */
export function nameOf({ venue, symbol }: NamedInstrument): string {
  return venue === undefined ? symbol : instrumentOf(venue, symbol);
}
