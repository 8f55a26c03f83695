import type { FeedStatus, Study } from '@tandem/common';
import { assetName } from '../words/legs.ts';

/** A feed says something at least each second; beyond this its statement is old, ms. */
export const feedSilence = 10_000;

/** A reconnect or a repair within this time of the last trade is no trouble yet, ms. */
const grace = 10_000;

/** Why a study cannot get its next bar, by the feeds of its legs: "BTC feed down"; undefined while both flow. */
export function troubleOf(
  study: Pick<Study, 'y' | 'x'>,
  feeds: ReadonlyMap<string, FeedStatus>,
  now: number,
): string | undefined {
  for (const instrument of [study.y, study.x]) {
    const word = wordOf(feeds.get(instrument), now);
    if (word !== undefined) return `${assetName(instrument)} feed ${word}`;
  }
  return undefined;
}

/** A feed of which nothing was heard yet is no trouble: its bars speak for it. */
function wordOf(feed: FeedStatus | undefined, now: number): string | undefined {
  if (feed === undefined) return undefined;
  if (now - feed.at > feedSilence) return 'silent';
  if (feed.state === 'down') return 'down';
  if (feed.state === 'live' || feed.state === 'quiet') return undefined;
  return feed.lastTime !== null && now - feed.lastTime > grace ? feed.state : undefined;
}
