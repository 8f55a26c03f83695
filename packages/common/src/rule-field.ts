import { z } from 'zod';
import { AnalyticsState, metrics, Regime, Signal, VolatilityRegime } from './analytics.ts';
import { FeedState } from './feed.ts';

/** Numbers of an analytics row. */
const rowNumbers = [...metrics, 'n', 'dropped', 'yClose', 'xClose'] as const;
/**
 * `feed.lag`: received less exchange time of the last frame, ms. `feed.quietFor`: since the last trade, ms. `data.age`:
 * since the newest row of a study, or the bar that it is of, ended, ms; it grows to the length of a bar before the next
 * can be there. `data.overdue`: since the next one should have closed, ms; 0 before.
 */
const clockNumbers = ['feed.lag', 'feed.quietFor', 'data.age', 'data.overdue'] as const;

/** Words of an analytics row and of a feed, with all that they can be. `silent`: the feed has said nothing for 10 s. */
const words = {
  regime: Regime.options,
  volatilityRegime: VolatilityRegime.options,
  signal: Signal.options,
  state: AnalyticsState.options,
  'feed.state': [...FeedState.options, 'silent'],
} as const;

const sizes = rowNumbers.map((name) => `|${name}|` as const);

/** What a condition of a rule can look at; `|z|` is the size of z. */
export const ruleFields = [
  ...rowNumbers,
  ...sizes,
  ...clockNumbers,
  ...(Object.keys(words) as (keyof typeof words)[]),
] as const;
export type RuleField = (typeof ruleFields)[number];

export const RuleField = z.enum(ruleFields as readonly [RuleField, ...RuleField[]], {
  error: ({ input }) => `there is no field ${JSON.stringify(input)}; ${suggestion(String(input))}`,
});

/** What a rule is decided by: rows of a study, what a feed says of an instrument, or how old a study's newest row is. */
export type RuleKind = 'rows' | 'feeds' | 'data';

export interface FieldDescription {
  /** As a row or a feed calls it: `z` of `|z|`. */
  readonly name: string;
  /** Whether its size is meant. */
  readonly size: boolean;
  readonly kind: RuleKind;
  /** What it can be; undefined for a number. */
  readonly words: readonly string[] | undefined;
}

/** What a field is. */
export function describeField(field: RuleField): FieldDescription {
  const size = field.startsWith('|');
  const name = size ? field.slice(1, -1) : field;
  const kind = name.startsWith('feed.') ? 'feeds' : name.startsWith('data.') ? 'data' : 'rows';
  const known = (words as Readonly<Record<string, readonly string[]>>)[name];
  return { name, size, kind, words: known };
}

function suggestion(given: string): string {
  const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  const near = ruleFields.filter((field) => {
    const [one, other] = [bare(field), bare(given)];
    return other.length > 0 && (one.includes(other) || (one.length > 1 && other.includes(one)));
  });
  return near.length > 0
    ? `did you mean ${near.slice(0, 4).join(', ')}?`
    : 'a field is a number or word of an analytics row, for example |z| or regime, or feed.state, feed.lag, feed.quietFor, data.age, data.overdue';
}
