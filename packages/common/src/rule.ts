import { z } from 'zod';
import { Condition, comparisonsIn, conditionText, conditionTooBig } from './condition.ts';
import { EndpointId } from './endpoint.ts';
import { type Fault, faultsOf } from './fault.ts';
import { Instrument } from './instrument.ts';
import { Interval } from './interval.ts';
import { describeField, type RuleKind } from './rule-field.ts';
import { Severity } from './severity.ts';
import { type Study, StudyId, Tag } from './study.ts';
import { Time } from './tick.ts';

export const RuleId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a rule id is a slug, for example divergence');

/** Documents of rules, by id. */
export const rulesBucket = 'rules';

const names = <Name extends z.ZodType>(name: Name) => z.array(name).min(1, 'name at least one').max(1_000);

const Scope = z
  .union(
    [
      z.literal('all'),
      z
        .strictObject({
          studies: names(StudyId).optional(),
          intervals: names(Interval).optional(),
          tags: names(Tag).optional(),
          instruments: names(Instrument).optional(),
        })
        .refine((scope) => Object.keys(scope).length === 1, {
          error: 'name exactly one of "studies", "intervals", "tags" and "instruments"',
        }),
    ],
    { error: 'write "all", or {"studies": […]}, {"intervals": […]}, {"tags": […]} or {"instruments": […]}' },
  )
  .meta({
    description:
      'What is watched: every study; studies by id, interval or tag; for a rule on feeds also instruments by name. A rule on feeds watches the legs of its studies.',
  });
export type Scope = z.infer<typeof Scope>;

const day = 24 * 60 * 60_000;

/** A rule as it is written down: what to look for, where, and whom to tell. */
export const Rule = z
  .strictObject({
    id: RuleId,
    name: z.string().min(1).max(100).optional().describe('For people'),
    /** What the rule looks for. */
    when: Condition,
    rearm: Condition.optional().describe(
      'What ends a firing and arms the rule again. Without it: |z| <= 0.5 if `when` looks at z, else that `when` is no longer met. A firing on z also ends when z has crossed 0',
    ),
    bars: z
      .int()
      .min(1)
      .max(1_000)
      .default(2)
      .describe('Bars in a row that must meet `when`; for feeds and the age of data checks, one a second'),
    cooldown: z
      .int()
      .min(0)
      .max(30 * day)
      .default(15 * 60_000)
      .describe('Least time between two firings of one study, ms of bar time'),
    severity: Severity.default('warning'),
    scope: Scope,
    mode: z
      .enum(['transition', 'every'])
      .default('transition')
      .describe(
        '`transition`: firing, then resolved. `every`: each bar that meets `when` is an alert; bars, re-arm, cooldown and inhibition only label it',
      ),
    endpoints: z
      .union([z.literal('all'), z.array(EndpointId).max(100)], {
        error: 'write "all" or the ids of endpoints',
      })
      .default('all')
      .describe('Who is told'),
    enabled: z.boolean().default(true),
    effectiveFrom: Time.optional().describe(
      'Open time of a bar: what had closed when it did is history and never fires. Set when the rule is written: the newest bar then known',
    ),
  })
  .superRefine((rule, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, input: rule });
    const kinds = kindsIn(rule.when);
    const kind = kinds[0] ?? 'rows';
    if (kinds.length > 1) {
      refuse(
        'when',
        'looks at feeds or the age of data, which depend on a clock, and at something else: make two rules',
      );
    } else if (rule.rearm !== undefined && kindsIn(rule.rearm).some((other) => other !== kind)) {
      refuse(
        'rearm',
        'looks at something else than `when`: both at rows, both at feeds or both at the age of data',
      );
    }
    if (kind !== 'rows' && rule.mode === 'every')
      refuse(
        'mode',
        'every has no meaning without bars: a rule on feeds or the age of data knows transitions only',
      );
    if (kind !== 'feeds' && typeof rule.scope === 'object' && rule.scope.instruments !== undefined)
      refuse('scope', 'names instruments, which only rules on feeds watch: name studies, intervals or tags');
  })
  .meta({ title: 'Rule' });
export type Rule = z.infer<typeof Rule>;

/** What may be left out of a rule that is written down. */
export type RuleDraft = z.input<typeof Rule>;

/** Reads a rule as somebody wrote it: whole, with what was left out filled in, or every fault of it. */
export function parseRule(value: unknown): { rule: Rule } | { faults: readonly Fault[] } {
  const { when, rearm } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const big = Object.entries({ when, rearm }).flatMap(([path, condition]) => {
    const reason = conditionTooBig(condition);
    return reason === undefined ? [] : [{ path, reason }];
  });
  if (big.length > 0) return { faults: big };
  const parsed = Rule.safeParse(value);
  return parsed.success ? { rule: parsed.data } : { faults: faultsOf(parsed.error) };
}

/** The JSON Schema of a rule as it may be written down. */
export function ruleJsonSchema(): object {
  return z.toJSONSchema(Rule, { io: 'input' });
}

/** What a rule is decided by. */
export function kindOf(rule: Pick<Rule, 'when'>): RuleKind {
  return kindsIn(rule.when)[0] ?? 'rows';
}

/**
 * Whether a rule speaks of entering: it looks at z, so that its alerts have a side, end when z has crossed 0, and are
 * inhibited by whatever forbids an entry.
 */
export function isEntryRule(rule: Pick<Rule, 'when'>): boolean {
  return namesIn(rule.when).has('z');
}

/** What ends a firing where the rule does not say it; undefined: that `when` is no longer met. */
export function rearmOf(rule: Pick<Rule, 'when' | 'rearm'>): Condition | undefined {
  if (rule.rearm !== undefined) return rule.rearm;
  return isEntryRule(rule) ? { field: '|z|', is: '<=', value: 0.5 } : undefined;
}

/** Every number and word that a rule looks at, by its name in the row. */
export function inputsOf(rule: Pick<Rule, 'when' | 'rearm'>): readonly string[] {
  const rearm = rearmOf(rule);
  return [...new Set([...namesIn(rule.when), ...(rearm === undefined ? [] : namesIn(rearm))])];
}

/** A rule in words: "|z| >= 2 and returnCorrelation >= 0.5 for 2 bars; ends at |z| <= 0.5". */
export function ruleText(rule: Pick<Rule, 'when' | 'rearm' | 'bars'>): string {
  const rearm = rearmOf(rule);
  const ends = rearm === undefined ? 'no longer being so' : conditionText(rearm);
  return `${conditionText(rule.when)}${lasting(rule)}; ends at ${ends}`;
}

/** " for 2 bars"; nothing for one. */
export function lasting(rule: Pick<Rule, 'when' | 'bars'>): string {
  if (rule.bars === 1) return '';
  return kindOf(rule) === 'rows' ? ` for ${rule.bars} bars` : ` for ${rule.bars} s`;
}

/** Whether a rule on rows or on the age of data watches a study, and one on feeds its legs. */
export function isInScope(
  { scope }: Pick<Rule, 'scope'>,
  study: Pick<Study, 'id' | 'interval' | 'tags'>,
): boolean {
  if (scope === 'all') return true;
  const { studies, intervals, tags } = scope;
  if (studies !== undefined) return studies.includes(study.id);
  if (intervals !== undefined) return intervals.includes(study.interval);
  return tags?.some((tag) => study.tags?.includes(tag)) ?? false;
}

function namesIn(condition: Condition): Set<string> {
  return new Set(comparisonsIn(condition).map(({ field }) => describeField(field).name));
}

function kindsIn(condition: Condition): RuleKind[] {
  return [...new Set(comparisonsIn(condition).map(({ field }) => describeField(field).kind))];
}
