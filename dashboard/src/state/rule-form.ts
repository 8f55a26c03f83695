import { type Comparing, type Condition, parseRule, type Rule } from '@tandem/common';

/** One comparison as it is typed; all empty: none. */
export interface ComparingForm {
  field: string;
  is: string;
  value: string;
}

export const scopeKinds = ['all', 'studies', 'intervals', 'tags', 'instruments'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** A rule as the fields of a form have it: text, for what is typed need not be right yet. */
export interface RuleForm {
  id: string;
  name: string;
  join: 'all' | 'any';
  when: ComparingForm[];
  rearm: ComparingForm;
  bars: string;
  /** A number with its unit, minutes without one: "15 min". */
  cooldown: string;
  severity: string;
  mode: string;
  scope: ScopeKind;
  names: string[];
  everybody: boolean;
  endpoints: string[];
  enabled: boolean;
}

export const noComparing: ComparingForm = { field: '', is: '>=', value: '' };

/** The form of a rule; undefined where it says more than a form can: then its JSON is edited. */
export function formOf(rule: Rule): RuleForm | undefined {
  const join = 'any' in rule.when ? 'any' : 'all';
  const parts = partsOf(rule.when);
  const rearm = rule.rearm === undefined ? [] : partsOf(rule.rearm);
  if (parts === undefined || rearm === undefined || rearm.length > 1) return undefined;
  const [kind, names] =
    rule.scope === 'all'
      ? (['all', []] as const)
      : (Object.entries(rule.scope)[0] as [ScopeKind, readonly string[]]);
  return {
    id: rule.id,
    name: rule.name ?? '',
    join,
    when: parts.map(typed),
    rearm: rearm[0] === undefined ? { ...noComparing, is: '<=' } : typed(rearm[0]),
    bars: String(rule.bars),
    cooldown: spanText(rule.cooldown),
    severity: rule.severity,
    mode: rule.mode,
    scope: kind,
    names: [...names],
    everybody: rule.endpoints === 'all',
    endpoints: rule.endpoints === 'all' ? [] : [...rule.endpoints],
    enabled: rule.enabled,
  };
}

/** What a form says, as a document that may still be wrong. What is left empty is left out. */
export function documentOf(form: RuleForm): Record<string, unknown> {
  const when = form.when.map(comparing);
  const rearm = isBlank(form.rearm) ? undefined : comparing(form.rearm);
  return withoutAbsent({
    id: form.id.trim(),
    name: form.name.trim() || undefined,
    when: when.length === 1 ? when[0] : { [form.join]: when },
    rearm,
    bars: numberOf(form.bars),
    cooldown: spanOf(form.cooldown),
    severity: form.severity,
    scope: form.scope === 'all' ? 'all' : { [form.scope]: form.names },
    mode: form.mode,
    endpoints: form.everybody ? 'all' : form.endpoints,
    enabled: form.enabled,
  });
}

/** A rule as it is written down, to be read and edited by people: without what the server sets by itself. */
export function ruleJson(rule: Record<string, unknown> | Rule): string {
  const { effectiveFrom: _, revision: __, ...written } = rule as Record<string, unknown>;
  return JSON.stringify(written, null, 2);
}

/** The document that a text holds, or why it holds none. */
export function readJson(text: string): { document: unknown } | { fault: string } {
  try {
    return { document: JSON.parse(text) };
  } catch (fault) {
    return { fault: `This is not JSON: ${fault instanceof Error ? fault.message : 'it cannot be read'}` };
  }
}

/** The form of a document; undefined where it is no rule or says more than a form can. */
export function formOfDocument(document: unknown): RuleForm | undefined {
  const parsed = parseRule(document);
  return 'rule' in parsed ? formOf(parsed.rule) : undefined;
}

function partsOf(condition: Condition): Comparing[] | undefined {
  if (!('all' in condition) && !('any' in condition)) return [condition];
  const parts = 'all' in condition ? condition.all : condition.any;
  const flat = parts.filter((part): part is Comparing => !('all' in part) && !('any' in part));
  return flat.length === parts.length ? flat : undefined;
}

function typed({ field, is, value }: Comparing): ComparingForm {
  return { field, is, value: String(value) };
}

function comparing({ field, is, value }: ComparingForm): Record<string, unknown> {
  return withoutAbsent({ field: field.trim(), is, value: numberOf(value) });
}

function isBlank({ field, value }: ComparingForm): boolean {
  return field.trim() === '' && value.trim() === '';
}

/** The number that a text says, else the text; undefined for none. */
function numberOf(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed.replace('−', '-'));
  return Number.isFinite(value) ? value : trimmed;
}

const units = { d: 24 * 60 * 60_000, h: 60 * 60_000, min: 60_000, s: 1_000, ms: 1 } as const;

/** A length of time in the largest unit that says it whole: "15 min". */
function spanText(ms: number): string {
  const [name, size] = Object.entries(units).find(([, size]) => ms % size === 0 && ms >= size) ?? [
    'min',
    60_000,
  ];
  return `${ms / size} ${name}`;
}

/** The ms of "15 min"; without a unit minutes are meant. What is no length of time is given back, to be refused. */
function spanOf(text: string): number | string | undefined {
  const [, amount, unit] = /^\s*([\d.]+)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const size = units[(unit || 'min') as keyof typeof units];
  if (amount === undefined || size === undefined) return numberOf(text);
  return Math.round(Number(amount) * size);
}

function withoutAbsent(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
