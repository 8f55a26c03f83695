import { subjects } from '@tandem/common';
import type { Service, ServiceContext } from '@tandem/runtime';
import { answerKlines, KlinesRequest } from './klines.ts';
import { startVenueFeed, type VenueOptions } from './venue-feed.ts';

export interface IngestorOptions {
  readonly venues: readonly VenueOptions[];
}

/** Reads the trades of every venue asked for, and answers for their history. */
export async function startIngestor(context: ServiceContext, { venues }: IngestorOptions): Promise<Service> {
  const feeds = new Map(
    await Promise.all(
      venues.map(async (venue) => {
        const feed = await startVenueFeed(context, venue);
        return [venue.dialect.venue, { feed, dialect: venue.dialect }] as const;
      }),
    ),
  );
  const klines = context.bus.serve(subjects.rpc('ingestor', 'klines'), async (data) => {
    const request = KlinesRequest.parse(data);
    const found = feeds.get(request.venue);
    if (found === undefined) throw new Error(`no feed of ${request.venue} runs here`);
    return answerKlines(request, found.dialect, found.feed.rest);
  });
  return {
    name: 'ingestor',
    async stop() {
      klines.stop();
      await Promise.all([...feeds.values()].map(({ feed }) => feed.stop()));
    },
  };
}
