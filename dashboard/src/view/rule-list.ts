import type { Alert } from '@tandem/common';
import type { StoredRule } from '../state/alerting.ts';
import { ruleLines } from '../words/rule.ts';
import { element, keyed, setAttribute, setText } from './element.ts';

export interface RuleListActions {
  edit(rule: StoredRule): void;
  /** Resolves when it is so, or has failed. */
  enable(rule: StoredRule, enabled: boolean): Promise<void>;
}

/** Draws the rules, each with what it looks for and what it fires on now, by the alerts that are known. */
export function showRules(
  list: HTMLElement,
  rules: readonly StoredRule[],
  alerts: readonly Alert[],
  chosen: string | undefined,
  actions: RuleListActions,
): void {
  keyed(
    list,
    rules,
    // A change makes the row anew: its buttons must not write from the revision before.
    ({ id, revision }) => `${id} ${revision}`,
    (rule) => make(rule, actions),
    (node, rule) => {
      setAttribute(node, 'aria-current', String(rule.id === chosen));
      const firing = firingNow(rule, alerts);
      setText(
        node.querySelector('.state-word')!,
        !rule.enabled ? 'off' : firing === 0 ? 'on' : `firing on ${firing}`,
      );
      const box = node.querySelector('input')!;
      if (!box.disabled) box.checked = rule.enabled;
      setAttribute(node, 'data-state', !rule.enabled ? 'off' : firing === 0 ? 'on' : 'firing');
    },
  );
}

function make(rule: StoredRule, actions: RuleListActions): HTMLElement {
  const [looks, told] = ruleLines(rule);
  const open = element(
    'button',
    { type: 'button', class: 'open' },
    element(
      'span',
      { class: 'head' },
      element('b', {}, rule.name ?? rule.id),
      element('span', { class: 'state-word' }),
    ),
    element('span', { class: 'text' }, looks),
    element('span', { class: 'text' }, told),
  );
  open.addEventListener('click', () => actions.edit(rule));
  const enabled = element('input', { type: 'checkbox', checked: rule.enabled });
  enabled.addEventListener('change', () => {
    enabled.disabled = true;
    void actions.enable(rule, enabled.checked).then(() => {
      enabled.disabled = false;
    });
  });
  return element('li', {}, open, element('label', { class: 'inline' }, enabled, 'on'));
}

/** Studies whose newest alert of a rule is a firing. Mode `every` knows no end, and so nothing that lasts. */
function firingNow(rule: StoredRule, alerts: readonly Alert[]): number {
  if (rule.mode === 'every') return 0;
  const newest = new Map<string, Alert>();
  for (const alert of alerts) {
    if (alert.rule !== rule.id || alert.transition === 'inhibited') continue;
    const known = newest.get(alert.study);
    if (known === undefined || alert.time >= known.time) newest.set(alert.study, alert);
  }
  return [...newest.values()].filter(({ transition }) => transition === 'firing').length;
}
