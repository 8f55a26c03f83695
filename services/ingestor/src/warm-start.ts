import type { InstrumentFeed } from './instrument-feed.ts';
import type { Rest } from './rest.ts';
import type { Dialect } from './venues/venue.ts';

/** On a first start so much of the past is fetched as trades, so that one-second analytics are soon warm, ms. */
const past = 11 * 60_000;
/** A market so busy that its past would take longer than this to fetch begins later, in prints. */
const mostPrints = 20_000;

/** Sets where instruments begin that nothing is known of: some minutes ago, so that the venue's history fills them. */
export async function beginInThePast(
  feeds: readonly InstrumentFeed[],
  dialect: Dialect,
  rest: Rest,
): Promise<void> {
  const { since } = dialect;
  if (since === undefined) return;
  await Promise.all(
    feeds
      .filter((feed) => feed.next === null)
      .map(async (feed) => {
        const now = await rest.ask(dialect.time());
        const head = await rest.ask(dialect.head(feed.symbol));
        const first = await rest.ask(since(feed.symbol, now - past));
        if (head !== undefined && first !== undefined) feed.begin(Math.max(first.id, head.id - mostPrints));
      }),
  );
}
