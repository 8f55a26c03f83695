import { type Fault, parseRule, type Rule } from '@tandem/common';
import type { StoredRule } from './alerting.ts';
import { documentOf, formOf, formOfDocument, type RuleForm, readJson, ruleJson } from './rule-form.ts';

/** A rule that is being edited. Nothing of it is in force until it is saved. */
export interface RuleDraft {
  /** What it was made from; undefined: it is new. */
  stored: StoredRule | undefined;
  /** Undefined where the rule says more than a form can. */
  form: RuleForm | undefined;
  json: string;
  /** Whether the JSON is edited, not the form. */
  asJson: boolean;
  changed: boolean;
}

/** Begins to edit a stored rule, in the form unless it says more than a form can or its JSON is asked for. */
export function draftOf(stored: StoredRule, asJson = false): RuleDraft {
  const form = formOf(stored);
  return { stored, form, json: ruleJson(stored), asJson: asJson || form === undefined, changed: false };
}

/** Begins a new rule from one that is not stored. */
export function newDraft(rule: Rule): RuleDraft {
  const form = formOf(rule);
  return { stored: undefined, form, json: ruleJson(rule), asJson: form === undefined, changed: true };
}

/** The rule that a draft says, or everything that is wrong with it. */
export function readDraft({ asJson, form, json }: RuleDraft): { rule: Rule } | { faults: readonly Fault[] } {
  if (!asJson && form !== undefined) return parseRule(documentOf(form));
  const read = readJson(json);
  return 'fault' in read ? { faults: [{ path: '', reason: read.fault }] } : parseRule(read.document);
}

/** Goes over to the JSON or back to the form; back only if the form can say all of it. */
export function switchDraft(draft: RuleDraft, asJson: boolean): boolean {
  if (asJson === draft.asJson) return true;
  if (asJson && draft.form !== undefined) draft.json = ruleJson(documentOf(draft.form));
  if (!asJson) {
    const read = readJson(draft.json);
    const form = 'document' in read ? formOfDocument(read.document) : undefined;
    if (form === undefined) return false;
    draft.form = form;
  }
  draft.asJson = asJson;
  return true;
}

/** An id that is not taken: the rule's own, or with a number behind it. */
export function freeId(id: string, taken: readonly string[]): string {
  if (!taken.includes(id)) return id;
  for (let number = 2; ; number++) {
    const tried = `${id.slice(0, 60)}-${number}`;
    if (!taken.includes(tried)) return tried;
  }
}
