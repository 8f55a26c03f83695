import { z } from 'zod';
import { describeField, type RuleField, RuleField as RuleFieldSchema } from './rule-field.ts';

export const comparisons = ['>=', '<=', '>', '<', '=', '!='] as const;
export type Comparison = (typeof comparisons)[number];

/** One comparison of one field. On a field that is absent it is not met. */
export interface Comparing {
  readonly field: RuleField;
  readonly is: Comparison;
  readonly value: number | string;
}

/** What a rule looks for: every one of, at least one of, or one comparison. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | Comparing;

/** The most comparisons of a rule, and the most levels of `all` and `any` within each other. */
export const conditionBounds = { comparisons: 32, depth: 4 } as const;

const some = z
  .array(z.lazy((): z.ZodType<Condition> => Condition))
  .min(1, 'name at least one condition')
  .max(conditionBounds.comparisons, `name at most ${conditionBounds.comparisons} conditions`);

export const Condition: z.ZodType<Condition> = z
  .strictObject(
    {
      all: some.optional(),
      any: some.optional(),
      field: RuleFieldSchema.optional(),
      is: z.enum(comparisons, { error: `write one of ${comparisons.join(' ')}` }).optional(),
      value: z.union([z.number(), z.string()], { error: 'a value is a number or a word' }).optional(),
    },
    {
      error: 'a condition is {"all": […]}, {"any": […]} or {"field": "|z|", "is": ">=", "value": 2}',
    },
  )
  .superRefine((condition, context) => {
    const refuse = (path: string[], message: string) =>
      // What is wrong in itself is not looked at any further.
      context.addIssue({ code: 'custom', path, message, input: condition, continue: false });
    const forms = ['all', 'any', 'field'].filter((form) => form in condition);
    if (forms.length !== 1) {
      refuse([], `a condition has exactly one of "all", "any" and "field", not ${forms.length || 'none'}`);
      return;
    }
    const { field, is, value } = condition;
    if (field === undefined) {
      for (const extra of ['is', 'value'] as const) {
        if (condition[extra] !== undefined) refuse([extra], `belongs to a "field", not to "${forms[0]}"`);
      }
      return;
    }
    if (is === undefined) refuse(['is'], `say how ${field} compares: one of ${comparisons.join(' ')}`);
    if (value === undefined) return refuse(['value'], `say what ${field} is compared with`);
    const { words } = describeField(field);
    if (words === undefined && typeof value !== 'number') {
      refuse(['value'], `${field} is a number: compare it with one, not with ${JSON.stringify(value)}`);
    } else if (words !== undefined && !words.includes(value as string)) {
      refuse(['value'], `${field} is one of ${words.join(', ')}, not ${JSON.stringify(value)}`);
    }
    if (words !== undefined && is !== undefined && is !== '=' && is !== '!=') {
      refuse(['is'], `${field} is a word: compare it by = or !=`);
    }
  })
  .meta({
    id: 'Condition',
    description:
      'Every one of some conditions, at least one of them, or one comparison of a field. On a field that is absent a comparison is not met.',
    oneOf: [{ required: ['all'] }, { required: ['any'] }, { required: ['field', 'is', 'value'] }],
  }) as unknown as z.ZodType<Condition>;

/** Every comparison in a condition, from left to right. */
export function comparisonsIn(condition: Condition): readonly Comparing[] {
  if ('all' in condition) return condition.all.flatMap(comparisonsIn);
  return 'any' in condition ? condition.any.flatMap(comparisonsIn) : [condition];
}

/** Why a condition is too big, or undefined. Walks a value of any shape without recursion: it has not been checked yet. */
export function conditionTooBig(value: unknown): string | undefined {
  const open: { at: unknown; depth: number }[] = [{ at: value, depth: 0 }];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { at, depth } = next;
    if (typeof at !== 'object' || at === null) continue;
    const { all, any } = at as { all?: unknown; any?: unknown };
    const parts = [all, any].filter(Array.isArray).flat();
    if (parts.length === 0 && ++count > conditionBounds.comparisons)
      return `has more than ${conditionBounds.comparisons} comparisons: divide it into several rules`;
    if (parts.length > 0 && depth >= conditionBounds.depth)
      return `has more than ${conditionBounds.depth} levels of "all" and "any" within each other: make it flatter`;
    if (open.length + parts.length > 10_000) return 'is too big: divide it into several rules';
    for (const part of parts) open.push({ at: part, depth: depth + 1 });
  }
  return undefined;
}

/** What a condition is compared with: a row, or what a feed says, by field. */
type Known = Readonly<Record<string, unknown>>;

/** Whether a condition is met. A comparison of what is absent is not. */
export function isMet(condition: Condition, known: Known): boolean {
  if ('all' in condition) return condition.all.every((part) => isMet(part, known));
  if ('any' in condition) return condition.any.some((part) => isMet(part, known));
  const { field, is, value } = condition;
  const { name, size } = describeField(field);
  const raw = known[name];
  const found = size && typeof raw === 'number' ? Math.abs(raw) : raw;
  if (typeof found !== typeof value) return false;
  if (is === '=') return found === value;
  if (is === '!=') return found !== value;
  const [one, other] = [found as number, value as number];
  if (is === '>=') return one >= other;
  if (is === '<=') return one <= other;
  return is === '>' ? one > other : one < other;
}

/**
 * "|z| >= 2 and returnCorrelation >= 0.5"; with `known`, as an alert says it: "|z| 2.31 >= 2 and …". Of alternatives
 * that are met only these are then said.
 */
export function conditionText(condition: Condition, known?: Known): string {
  if ('all' in condition) return joined(condition.all, ' and ', known);
  if ('any' in condition) {
    const met = known === undefined ? [] : condition.any.filter((part) => isMet(part, known));
    return joined(met.length > 0 ? met : condition.any, ' or ', known);
  }
  const { field, is, value } = condition;
  if (known === undefined) return `${field} ${is} ${value}`;
  const found = shown(condition, known);
  return found === value && is === '=' ? `${field} ${found}` : `${field} ${found} ${is} ${value}`;
}

/** What a condition looks at, as it is: "feed.state live". */
export function fieldsText(condition: Condition, known: Known): string {
  const texts = comparisonsIn(condition).map((one) => `${one.field} ${shown(one, known)}`);
  return [...new Set(texts)].join(', ');
}

function joined(parts: readonly Condition[], by: string, known: Known | undefined): string {
  return parts
    .map((part) => {
      const text = conditionText(part, known);
      const group = 'all' in part ? part.all : 'any' in part ? part.any : [];
      return group.length > 1 && parts.length > 1 && /( and | or )/.test(text) ? `(${text})` : text;
    })
    .join(by);
}

function shown({ field, value }: Comparing, known: Known): string {
  const { name, size } = describeField(field);
  const found = known[name];
  if (typeof found !== 'number') return typeof found === 'string' ? found : '(absent)';
  const number = size ? Math.abs(found) : found;
  const least = Math.abs(number);
  const text = Number.isInteger(number)
    ? String(number)
    : least >= 0.1
      ? number.toFixed(2)
      : number.toPrecision(2);
  // Rounded no further than what tells it from the value that it is compared with.
  return Number(text) === value && number !== value ? String(number) : text;
}
