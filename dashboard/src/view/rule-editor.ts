import { type Fault, faultText, type Rule } from '@tandem/common';
import type { StoredRule } from '../state/alerting.ts';
import { draftOf, freeId, newDraft, type RuleDraft, readDraft, switchDraft } from '../state/rule-draft.ts';
import type { AlertingFeed } from '../wire/alerting.ts';
import { faultSentence, RequestFault } from '../wire/rest.ts';
import { byId, element, setText } from './element.ts';
import { markFaults } from './faults.ts';
import { button } from './field.ts';
import { type RuleSurroundings, showRuleForm } from './rule-form.ts';
import { rulePreview } from './rule-preview.ts';

export interface RuleEditor {
  /** Id of the stored rule that is open. */
  readonly chosen: string | undefined;
  edit(rule: StoredRule): void;
  begin(rule: Rule): void;
  /** What has become of the rules on the server; an open one that was not touched follows. */
  follow(rules: readonly StoredRule[]): void;
}

export function ruleEditor(
  feed: AlertingFeed,
  surroundings: () => RuleSurroundings,
  opened: (id: string | undefined) => void,
): RuleEditor {
  /** What was typed and not saved survives a look at another rule. */
  const drafts = new Map<string, RuleDraft>();
  let draft: RuleDraft | undefined;
  /** Id of the open rule once the server has listed it: one that was just saved may not be in the list yet. */
  let listed: string | undefined;
  const form = byId('rule-form') as HTMLFormElement;
  const preview = rulePreview(feed, byId('rule-preview'));
  const body = element('div', { class: 'body' });
  const faults = element('ul', { class: 'faults', role: 'alert' });
  const said = element('p', { class: 'said', role: 'status' });
  const save = element('button', { type: 'submit', class: 'button primary' }, 'Save');
  const discard = button('Discard changes', () => void close());
  const remove = button('Delete', () => void del());
  const copy = button('Duplicate', () => {
    const read = draft === undefined ? undefined : readDraft(draft);
    if (read !== undefined && 'rule' in read) begin(read.rule);
  });
  const theirs = button('Load what is stored now', () => void close());
  form.append(
    body,
    faults,
    element('div', { class: 'row actions' }, save, discard, copy, remove, theirs),
    said,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void store();
  });
  const modes = [false, true].map((asJson) => button(asJson ? 'JSON' : 'Form', () => change(asJson)));
  byId('editor-mode').append(...modes);

  function change(asJson: boolean): void {
    if (draft === undefined) return;
    const able = switchDraft(draft, asJson);
    draw();
    if (!able) setText(said, 'A form cannot say all of this: edit the JSON, or mend it first.');
  }

  function show(next: RuleDraft | undefined): void {
    draft = next;
    listed = undefined;
    setText(said, '');
    opened(next?.stored?.id);
    draw();
  }

  function draw(): void {
    form.hidden = draft === undefined;
    byId('editor-empty').hidden = draft !== undefined;
    byId('editor-mode').hidden = draft === undefined;
    if (draft === undefined) {
      setText(byId('editor-title'), 'Rule');
      preview.of(undefined);
      return;
    }
    for (const [index, one] of modes.entries())
      one.setAttribute('aria-pressed', String((index === 1) === draft.asJson));
    const { stored } = draft;
    setText(byId('editor-title'), stored === undefined ? 'New rule' : `Rule ${stored.id}`);
    remove.hidden = stored === undefined;
    if (draft.asJson || draft.form === undefined) drawJson(draft);
    else showRuleForm(body, draft.form, surroundings(), stored === undefined, typed, draw);
    look();
  }

  function drawJson(of: RuleDraft): void {
    const text = element('textarea', {
      class: 'control',
      rows: '22',
      spellcheck: 'false',
      'data-path': '',
      'aria-label': 'The rule as JSON',
    });
    text.value = of.json;
    text.addEventListener('input', () => {
      of.json = text.value;
      typed();
    });
    body.replaceChildren(text);
  }

  function typed(): void {
    if (draft === undefined) return;
    draft.changed = true;
    if (draft.stored !== undefined) drafts.set(draft.stored.id, draft);
    setText(said, '');
    look();
  }

  /** Says what is wrong with the draft, or what the rule would have done. */
  function look(): void {
    if (draft === undefined) return;
    const read = readDraft(draft);
    const found = 'faults' in read ? read.faults : taken(read.rule.id);
    tell(found);
    save.disabled = found.length > 0;
    discard.hidden = !draft.changed;
    theirs.hidden = true;
    preview.of('rule' in read ? read.rule : undefined);
  }

  /** A new rule must not take another one's place. */
  function taken(id: string): Fault[] {
    const is = draft?.stored === undefined && feed.state.rules?.some((rule) => rule.id === id);
    return is ? [{ path: 'id', reason: 'another rule has this id: choose one of its own' }] : [];
  }

  function tell(found: readonly Fault[]): void {
    markFaults(form, found);
    faults.replaceChildren(...found.map((fault) => element('li', {}, faultText([fault]))));
  }

  async function store(): Promise<void> {
    const saved = draft;
    const read = saved === undefined ? undefined : readDraft(saved);
    if (saved === undefined || read === undefined || 'faults' in read) return;
    save.disabled = true;
    setText(said, 'Saving …');
    try {
      const stored = await feed.saveRule(read.rule, saved.stored?.revision ?? 0);
      drafts.delete(stored.id);
      if (draft === saved) show(draftOf(stored, saved.asJson));
      setText(said, `Saved. It takes effect from the next bar on.`);
    } catch (fault) {
      setText(said, faultSentence(fault));
      theirs.hidden = !(fault instanceof RequestFault && fault.status === 409 && saved.stored !== undefined);
    } finally {
      save.disabled = false;
    }
  }

  async function del(): Promise<void> {
    const stored = draft?.stored;
    if (stored === undefined) return;
    if (!confirm(`Delete the rule ${stored.id}? What it has fired ends now; its history stays.`)) return;
    try {
      await feed.deleteRule(stored.id, stored.revision);
      drafts.delete(stored.id);
      show(undefined);
    } catch (fault) {
      setText(said, faultSentence(fault));
    }
  }

  /** Gives up what was typed. */
  async function close(): Promise<void> {
    const id = draft?.stored?.id;
    if (id !== undefined) drafts.delete(id);
    await feed.refresh();
    const stored = feed.state.rules?.find((rule) => rule.id === id);
    show(stored === undefined ? undefined : draftOf(stored));
  }

  function begin(rule: Rule): void {
    const ids = (feed.state.rules ?? []).map(({ id }) => id);
    const { effectiveFrom: _, ...fresh } = rule;
    show(newDraft({ ...fresh, id: freeId(rule.id, ids) }));
    form.scrollIntoView({ block: 'nearest' });
  }

  draw();
  return {
    get chosen() {
      return draft?.stored?.id;
    },
    edit(rule) {
      show(drafts.get(rule.id) ?? draftOf(rule));
    },
    begin,
    follow(rules) {
      const stored = draft?.stored;
      if (draft === undefined || stored === undefined || form.contains(document.activeElement)) return;
      const now = rules.find(({ id }) => id === stored.id);
      if (now !== undefined) listed = now.id;
      const gone = now === undefined && listed === stored.id;
      if (!gone && (now === undefined || now.revision <= stored.revision)) return;
      if (!draft.changed) return show(now && draftOf(now, draft.asJson));
      const what = gone ? 'deleted' : 'changed';
      setText(said, `Somebody has ${what} this rule since: saving what you wrote will be refused.`);
      theirs.hidden = false;
    },
  };
}
