import { parseInstrument } from '@tandem/common';
import { memorySettings, type TandemConfiguration } from '@tandem/runtime';
import { chooseFeed, FeedChoice } from '../feed-choice.ts';
import { instrumentsOf, venueOptions } from '../venues.ts';
import { type Finding, ok, problem, warning } from './finding.ts';
import type { Running } from './running.ts';
import { checkVenue } from './venue.ts';

/** Where trades come from, and whether each venue of the watched instruments gives them. `kept` is an earlier start's choice. */
export async function checkFeed(
  configuration: TandemConfiguration,
  running: Running | undefined,
  kept: FeedChoice | undefined,
): Promise<Finding[]> {
  const choice = await choiceOf(configuration, running, kept);
  const first =
    choice.fixed || choice.venue !== 'sim'
      ? ok('feed', `${choice.venue}: ${choice.reason}`)
      : simulated(choice);
  const live = instrumentsOf(configuration, choice.venue).filter(
    (instrument) => !instrument.startsWith('sim:'),
  );
  try {
    const checked = await Promise.all(
      venueOptions(configuration, live, undefined).map((options) => checkVenue(configuration, options)),
    );
    return [first, ...checked.flat()];
  } catch (error) {
    return [
      first,
      problem('instruments', (error as Error).message, 'mend TANDEM_INSTRUMENTS and TANDEM_PAIRS'),
    ];
  }
}

async function choiceOf(
  configuration: TandemConfiguration,
  running: Running | undefined,
  kept: FeedChoice | undefined,
): Promise<FeedChoice & { fixed: boolean }> {
  const fixed = configuration.feed !== 'auto';
  const watched = parseInstrument(running?.status.instruments[0] ?? '')?.venue;
  const now = FeedChoice.safeParse({ venue: watched, reason: running?.status.badge.reason });
  if (!fixed && now.success) return { ...now.data, fixed };
  if (!fixed && kept !== undefined) return { ...kept, fixed };
  // What would be chosen is only looked at: the choice belongs to the first start.
  return { ...(await chooseFeed(memorySettings(), configuration)), fixed };
}

function simulated({ reason }: FeedChoice): Finding {
  return warning(
    'feed',
    `trades are SIMULATED: ${reason}`,
    'check the network; once an exchange can be reached, choose it with TANDEM_FEED=binance-usdm',
  );
}
