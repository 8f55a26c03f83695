import { z } from 'zod';
import { Inhibition } from './analytics.ts';
import { Instrument } from './instrument.ts';
import { RuleId } from './rule.ts';
import { Severity } from './severity.ts';
import { StudyId } from './study.ts';
import { Dataset, Time } from './tick.ts';

/**
 * `firing`: the rule has found what it looks for. `resolved`: it is over. `inhibited`: it would have fired, and something
 * forbade to enter; told once per run of bars, never delivered.
 */
export const Transition = z.enum(['firing', 'resolved', 'inhibited']);
export type Transition = z.infer<typeof Transition>;

/** SHORT_SPREAD sells y and buys beta x; LONG_SPREAD the reverse. */
export const Direction = z.enum(['SHORT_SPREAD', 'LONG_SPREAD']);
export type Direction = z.infer<typeof Direction>;

/**
 * Why a rule of mode `transition` would have kept silent at a bar of which mode `every` tells: `few-bars`: not yet as
 * many in a row as the rule asks for; `not-rearmed`: it fires already; `cooldown`: it fired too recently; `inhibited`: an
 * entry is forbidden.
 */
export const AlertLabel = z.enum(['few-bars', 'not-rearmed', 'cooldown', 'inhibited']);
export type AlertLabel = z.infer<typeof AlertLabel>;

/** What a rule looked at, by the names of the row; null where it was absent. */
export const AlertInputs = z.record(z.string(), z.union([z.number(), z.string(), z.null()]));
export type AlertInputs = z.infer<typeof AlertInputs>;

/** One transition of one rule on one study, or on the feed of one instrument. What rows of earlier versions lack is null. */
export const Alert = z.strictObject({
  dataset: Dataset,
  /** Stable: a function of rule, study, bar time and transition. */
  id: z.string(),
  rule: RuleId,
  /** The study; of an alert about a feed the slug of its instrument. */
  study: StudyId,
  /**
   * Open time of the bar that decided; of an alert about a feed or the age of data the time of the check. A firing that ends
   * at its own bar, because its rule watches no more, ends 1 ms later.
   */
  time: Time,
  transition: Transition,
  severity: Severity,
  /** Null where the rule does not look at z. */
  direction: Direction.nullable(),
  z: z.number().nullable(),
  returnCorrelation: z.number().nullable(),
  beta: z.number().nullable(),
  /** The rule with its numbers filled in: "|z| 2.31 >= 2 and returnCorrelation 0.84 >= 0.5 for 2 bars". */
  text: z.string(),
  /** True if the alert could only be raised after its time (recovery). */
  late: z.boolean(),
  /** True on simulated, replayed or uploaded data. */
  simulated: z.boolean(),
  /** The instrument of an alert about a feed; else null. */
  instrument: Instrument.nullable(),
  priceCorrelation: z.number().nullable(),
  /** What to trade, leg by leg: "SELL spread: sell BTC, buy 28.6 ETH per BTC"; null without a direction. */
  legs: z.string().nullable(),
  inputs: AlertInputs.nullable(),
  /** What forbids an entry at this bar. */
  inhibited: z.array(Inhibition).nullable(),
  /** Of mode `every`. */
  labels: z.array(AlertLabel).nullable(),
  /**
   * What the bar says since it was amended, where that is something else; null as long as it is not. An amendment neither
   * fires nor retracts.
   */
  amended: z.strictObject({ z: z.number().nullable(), inputs: AlertInputs }).nullable(),
  /** Path of the page that shows it on the chart. */
  link: z.string().nullable(),
});
export type Alert = z.infer<typeof Alert>;

/** An instrument as the last token of `alerts.<rule>.<slug>`. */
export function instrumentSlug(instrument: Instrument): string {
  return instrument
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 64);
}
