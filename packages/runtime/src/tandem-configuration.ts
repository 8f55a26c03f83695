import { type Reading, readConfiguration } from './configuration.ts';
import type { ConfigurationOf, Description } from './setting.ts';
import { nameOf } from './tandem-names.ts';
import { alertSettings } from './tandem-settings-alert.ts';
import { marketSettings } from './tandem-settings-market.ts';
import { processSettings } from './tandem-settings-process.ts';

/** Every setting of Tandem. */
export const tandemSettings = {
  ...marketSettings,
  ...processSettings,
  ...alertSettings,
} satisfies Description;

/** What Tandem is told at its start. */
export type TandemConfiguration = ConfigurationOf<typeof tandemSettings>;

/** Reads all of it; `env` and `argv` are `process.env` and what follows the command. */
export function readTandemConfiguration(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): Reading<TandemConfiguration> {
  return readConfiguration(tandemSettings, env, argv, faultsBetween);
}

/** A pair of an instrument that nobody watches, or a rule on bars that nobody makes, would be silent for ever. */
function faultsBetween(configuration: TandemConfiguration): string[] {
  const watched = new Set(configuration.instruments.map(nameOf));
  const legs = configuration.pairs.flatMap(({ y, x }) => [nameOf(y), nameOf(x)]);
  const missing = [...new Set(legs)].filter((leg) => !watched.has(leg));
  const idle = configuration.ruleIntervals.filter((interval) => !configuration.intervals.includes(interval));
  const windowless = configuration.intervals.filter(
    (interval) => configuration.windows[interval] === undefined,
  );
  return [
    ...windowless.map(
      (interval) =>
        `--intervals names ${interval}, for which there is no window: add ${interval}=BARS to --windows`,
    ),
    ...missing.map(
      (leg) => `--pairs names ${leg}, which is not watched: add it to --instruments or leave the pair out`,
    ),
    ...idle.map(
      (interval) =>
        `--rule-intervals names ${interval}, of which no bars are made: add it to --intervals or leave it out`,
    ),
  ];
}
