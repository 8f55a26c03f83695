import { defaultStudies } from '@tandem/analytics';
import { defaultRules, presets, type Rule, type Study } from '@tandem/common';
import type { TandemConfiguration } from '@tandem/runtime';
import type { FeedChoice } from './feed-choice.ts';
import { instrumentsOf, pairsOf } from './venues.ts';

/** What is watched, studied and alerted on: the same in every process, because it follows from the settings and the feed alone. */
export interface Plan {
  readonly feed: FeedChoice;
  readonly instruments: readonly string[];
  readonly studies: readonly Study[];
  readonly rules: readonly Rule[];
  /** Whether any of the trades are of the simulated exchange. */
  readonly simulated: boolean;
}

export function planOf(configuration: TandemConfiguration, feed: FeedChoice): Plan {
  const instruments = instrumentsOf(configuration, feed.venue);
  return {
    feed,
    instruments,
    studies: defaultStudies(
      pairsOf(configuration, feed.venue),
      configuration.intervals,
      configuration.windows,
      { method: configuration.method, scale: configuration.scale },
    ),
    // No bars, no rule on them.
    rules: [
      ...(configuration.ruleIntervals.length > 0 ? [ruleOf(configuration)] : []),
      ...defaultRules.slice(1),
    ],
    simulated: instruments.some((instrument) => instrument.startsWith('sim:')),
  };
}

/** The first of the default rules, with the numbers of the settings. */
function ruleOf(configuration: TandemConfiguration): Rule {
  const { ruleZ, ruleCorrelation, ruleRearm } = configuration;
  return {
    ...presets.divergence.rule({ z: ruleZ, correlation: ruleCorrelation, rearm: ruleRearm }),
    bars: configuration.ruleBars,
    cooldown: configuration.ruleCooldown,
    severity: configuration.ruleSeverity,
    scope: { intervals: [...configuration.ruleIntervals] },
  };
}
