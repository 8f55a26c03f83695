import { isDeepStrictEqual } from 'node:util';
import { faultText, liveDataset, parseRule, type Rule, type RuleDraft, rulesBucket } from '@tandem/common';
import { type ServiceContext, StaleWrite } from '@tandem/runtime';
import { type CompiledRule, compileRule } from './core/compile-rule.ts';
import { stateBucket } from './state-document.ts';

/** The document that says which rules of the configuration have been made into documents. */
const seedsKey = 'configured-rules';

/** A rule that is evaluated, on bars later than `effectiveFrom` only. */
export interface ActiveRule {
  /** The same as long as nothing about the rule has changed. */
  readonly compiled: CompiledRule;
  readonly effectiveFrom: number;
}

export interface RuleBookOptions {
  readonly dataset: string;
  /** The rules of the configuration. */
  readonly rules: readonly RuleDraft[];
  /** Datasets that are not live: bars of this time and before are history. */
  readonly effectiveFrom?: number | undefined;
  /** The newest bar known: from when a rule is in force that does not say it. */
  now(): Promise<number>;
  /** Told of a document that is no rule, in one sentence, once per sentence. */
  refuse(sentence: string): void;
  /** Told, whenever all were read, of the refusals that stand. */
  standing?(refusals: readonly string[]): void;
}

/** The rules in force, and the ids of those that cannot be: what they fire is left alone. */
export interface Rules {
  readonly active: readonly ActiveRule[];
  readonly refused: ReadonlySet<string>;
}

/**
 * The rules in force: the documents of the bucket `rules`. A rule of the configuration becomes a document once, and
 * again when the configuration has changed; in between, who edits or deletes the document is right. Replays and uploads
 * use the rules as configured, and write nothing.
 */
export class RuleBook {
  readonly #context: Pick<ServiceContext, 'settings'>;
  readonly #options: RuleBookOptions;
  #known = new Map<string, { rule: Rule; active: ActiveRule }>();
  #told = new Set<string>();

  constructor(context: Pick<ServiceContext, 'settings'>, options: RuleBookOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Reads all. A document that is no rule (any more) leaves the rule in force as it was, if there was one. */
  async read(): Promise<Rules> {
    const { settings } = this.#context;
    const { dataset, rules, effectiveFrom = -1 } = this.#options;
    const live = dataset === liveDataset;
    if (live) await this.#seed();
    const entries = live
      ? await settings.list(rulesBucket)
      : rules.map((value) => ({ key: value.id, value: { ...value, effectiveFrom }, revision: 0 }));
    const known = new Map<string, { rule: Rule; active: ActiveRule }>();
    const refused = new Set<string>();
    const sentences = new Set<string>();
    for (const { key, value, revision } of entries) {
      const before = this.#known.get(key);
      const rule = ruleIn(value, key, (sentence) => void sentences.add(sentence));
      if (rule === undefined) {
        refused.add(key);
        if (before !== undefined) known.set(key, before);
      } else if (before !== undefined && isDeepStrictEqual(before.rule, rule)) known.set(key, before);
      else {
        const from = rule.effectiveFrom ?? (await this.#note(rule, revision));
        const noted = { ...rule, effectiveFrom: from };
        known.set(key, { rule: noted, active: { compiled: compileRule(noted), effectiveFrom: from } });
      }
    }
    for (const sentence of sentences) if (!this.#told.has(sentence)) this.#options.refuse(sentence);
    this.#told = sentences;
    this.#options.standing?.([...sentences]);
    this.#known = known;
    const active = [...known.values()].filter(({ rule }) => rule.enabled).map((one) => one.active);
    return { active, refused };
  }

  /** Makes the rules of the configuration documents, each once. */
  async #seed(): Promise<void> {
    const { settings } = this.#context;
    const entry = await settings.get(stateBucket, seedsKey);
    const seeded = (entry?.value ?? {}) as Record<string, unknown>;
    const seeds: Record<string, Rule> = {};
    for (const draft of this.#options.rules) {
      const rule = ruleIn(draft, draft.id, this.#options.refuse);
      if (rule !== undefined) seeds[rule.id] = JSON.parse(JSON.stringify(rule));
    }
    if (isDeepStrictEqual(seeds, seeded)) return;
    for (const rule of Object.values(seeds)) {
      if (isDeepStrictEqual(rule, seeded[rule.id])) continue;
      const document = await settings.get(rulesBucket, rule.id);
      const { effectiveFrom: _, ...stored } = (document?.value ?? {}) as Partial<Rule>;
      if (isDeepStrictEqual(stored, rule)) continue;
      const effectiveFrom = rule.effectiveFrom ?? (await this.#options.now());
      await this.#put({ ...rule, effectiveFrom }, document?.revision ?? 0);
    }
    await settings.put(stateBucket, seedsKey, seeds);
  }

  /** Notes in a document from when it is in force. */
  async #note(rule: Rule, revision: number): Promise<number> {
    const effectiveFrom = await this.#options.now();
    await this.#put({ ...rule, effectiveFrom }, revision);
    return effectiveFrom;
  }

  async #put(rule: Rule, revision: number): Promise<void> {
    try {
      await this.#context.settings.put(rulesBucket, rule.id, rule, revision);
    } catch (error) {
      // Somebody has written it meanwhile: theirs stays, and is told anew.
      if (!(error instanceof StaleWrite)) throw error;
    }
  }
}

function ruleIn(value: unknown, key: string, refuse: (sentence: string) => void): Rule | undefined {
  const parsed = parseRule(value);
  if ('rule' in parsed && parsed.rule.id === key) return parsed.rule;
  const why = 'rule' in parsed ? `id: must be ${JSON.stringify(key)}` : faultText(parsed.faults);
  refuse(`rule ${JSON.stringify(key)} is refused and not evaluated: ${why}`);
  return undefined;
}
