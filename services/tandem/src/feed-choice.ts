import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, Settings, TandemConfiguration } from '@tandem/runtime';
import { z } from 'zod';

/** Where trades come from, and why. */
export const FeedChoice = z.strictObject({
  venue: z.enum(['binance-usdm', 'binance-spot', 'sim']),
  reason: z.string(),
});
export type FeedChoice = z.infer<typeof FeedChoice>;

/** Where the choice is kept. */
export const feedChoiceKey = { bucket: 'choices', key: 'feed' } as const;

const patience = 4_000;
const choicePause = 500;

/**
 * The feed that the settings name; for `auto` the first venue that answers, chosen once at the first start and
 * kept, because a venue that fails later is shown as down and never silently replaced.
 */
export async function chooseFeed(
  settings: Settings,
  configuration: TandemConfiguration,
): Promise<FeedChoice> {
  const { feed } = configuration;
  if (feed !== 'auto') return { venue: feed as FeedChoice['venue'], reason: 'the setting "feed" says so' };
  const { bucket, key } = feedChoiceKey;
  const kept = await settings.get(bucket, key);
  if (kept !== undefined) return keptChoice(kept.value);
  const choice = await firstReachable(configuration);
  await settings.put(bucket, key, choice);
  return choice;
}

/** The feed as the process with the ingestor has chosen it: waits for it, if need be. */
export async function chosenFeed(
  settings: Settings,
  configuration: TandemConfiguration,
  log: Log,
): Promise<FeedChoice> {
  if (configuration.feed !== 'auto') return chooseFeed(settings, configuration);
  const { bucket, key } = feedChoiceKey;
  for (let asked = 0; ; asked++) {
    const kept = await settings.get(bucket, key);
    if (kept !== undefined) return keptChoice(kept.value);
    if (asked % 20 === 0) log.info('waiting for the ingestor to choose a feed');
    await sleep(choicePause);
  }
}

/** A choice that cannot be read is not made anew: the data are of the venue that it named. */
export function keptChoice(value: unknown): FeedChoice {
  const choice = FeedChoice.safeParse(value);
  if (choice.success) return choice.data;
  const { bucket, key } = feedChoiceKey;
  throw new Error(
    `the settings' document ${bucket}/${key} names no feed: set TANDEM_FEED, or remove the document to choose anew`,
  );
}

async function firstReachable(configuration: TandemConfiguration): Promise<FeedChoice> {
  const candidates = [
    { venue: 'binance-usdm' as const, url: `${configuration.binanceUsdmRest}/fapi/v1/time` },
    { venue: 'binance-spot' as const, url: `${configuration.binanceSpotRest}/api/v3/time` },
  ];
  // All are asked at once: a first start should not wait for one time-out after the other.
  const answers = await Promise.all(candidates.map(({ url }) => reach(url)));
  const found = answers.indexOf(undefined);
  const candidate = candidates[found];
  if (candidate !== undefined)
    return { venue: candidate.venue, reason: 'the first venue that answered at the first start' };
  const reasons = candidates.map(({ venue }, index) => `${venue}: ${answers[index]}`).join('; ');
  return { venue: 'sim', reason: `no exchange could be reached at the first start (${reasons})` };
}

/** Undefined when the venue answers, else why it does not. */
export async function reach(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patience), redirect: 'error' });
    await response.body?.cancel();
    return response.ok ? undefined : `answered ${response.status}`;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    const cause = error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
    return cause;
  }
}
