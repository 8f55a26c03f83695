import { type Alert, type PresetName, presets, Rule, type Study } from '@tandem/common';
import type { StoredRule } from '../state/alerting.ts';
import type { Choice } from '../state/choice.ts';
import type { Model } from '../state/model.ts';
import type { AlertingFeed } from '../wire/alerting.ts';
import { alertHistory } from '../wire/history.ts';
import { faultSentence } from '../wire/rest.ts';
import { historyPanel } from './alert-history.ts';
import { byId, element, setText } from './element.ts';
import type { Page } from './page.ts';
import { personField } from './person.ts';
import { ruleEditor } from './rule-editor.ts';
import { showRules } from './rule-list.ts';
import { silencesPanel } from './silences.ts';

export interface AlertsPageActions {
  /** Shows an alert on the charts of its study. */
  open(alert: Alert): void;
  /** The rule that is edited has changed. */
  edited(rule: string | undefined): void;
}

export interface AlertsPage extends Page {
  /** Begins a rule for one study. */
  ruleFor(study: Study): void;
  silence(alert: Alert): void;
}

/** Rules with their editor and preview, silences, and the history of alerts. */
export function alertsPage(feed: AlertingFeed, changed: () => void, actions: AlertsPageActions): AlertsPage {
  let model: Model | undefined;
  let read = false;
  let said: string | undefined;
  const serverNow = () => Date.now() + (model?.offset ?? 0);
  const editor = ruleEditor(
    feed,
    () => ({
      studies: model?.status?.studies ?? [],
      instruments: model?.status?.instruments ?? [],
      endpoints: feed.state.endpoints,
    }),
    actions.edited,
  );
  const silences = silencesPanel(feed, serverNow);
  const person = personField();
  const history = alertHistory(changed);
  const panel = historyPanel(history, {
    open: actions.open,
    acknowledge(alert) {
      const by = person.name();
      void attempt(
        by === undefined
          ? Promise.reject(new Error('Say who you are: others will see who takes care.'))
          : feed.acknowledge(alert.id, by, ''),
      );
    },
    silence: offerSilence,
  });
  byId('history-filters').append(person.node);

  const choice = byId('rule-new') as HTMLSelectElement;
  for (const [name, { title, help }] of Object.entries(presets))
    choice.append(element('option', { value: name, title: help }, `${title}: ${lower(help)}`));
  choice.addEventListener('input', () => {
    if (choice.value !== '') editor.begin(presets[choice.value as PresetName].rule());
    choice.value = '';
  });

  /** Says what went wrong; never rejects. */
  function attempt(act: Promise<unknown>): Promise<void> {
    return act
      .then(
        () => {
          said = undefined;
        },
        (fault: unknown) => {
          said = faultSentence(fault);
        },
      )
      .finally(changed);
  }

  function offerSilence(alert: Alert): void {
    silences.offer(alert.rule, alert.study);
  }

  function enable({ revision, ...rule }: StoredRule, enabled: boolean): Promise<void> {
    return attempt(feed.saveRule({ ...rule, enabled }, revision));
  }

  /** What the address names is opened once it is known; later the editor leads. */
  function follow(address: Choice, rules: readonly StoredRule[]): void {
    if (address.rule !== undefined && address.rule !== editor.chosen) {
      const rule = rules.find(({ id }) => id === address.rule);
      if (rule !== undefined) editor.edit(rule);
    }
    editor.follow(rules);
  }

  return {
    show(newest, address) {
      model = newest;
      // What is known of them is lost where another server has come in the place of the former.
      if (!newest.alertsLoaded) read = false;
      else if (!read) {
        read = true;
        history.filter(history.filters);
      }
      if (read) history.join(newest.alerts);
      const { state } = feed;
      const fault =
        said ?? (feed.fault === undefined ? undefined : `Rules and silences may be old: ${feed.fault}`);
      byId('alerts-fault').hidden = fault === undefined;
      setText(byId('alerts-fault'), fault ?? '');
      const rules = state.rules ?? [];
      if (state.rules !== undefined) follow(address, rules);
      showRules(byId('rule-list'), rules, newest.alerts, editor.chosen, { edit: editor.edit, enable });
      setText(
        byId('rules-note'),
        state.rules === undefined
          ? 'Reading the rules …'
          : rules.length === 0
            ? 'No rule yet: nothing raises an alert. Begin one above.'
            : '',
      );
      silences.show(newest.status?.studies ?? [], serverNow());
      panel.show(newest, state);
    },
    tick() {
      feed.tick();
      history.tick();
    },
    ruleFor(study) {
      const rule = presets.divergence.rule({
        z: study.thresholds.shortEntry,
        correlation: study.correlation,
      });
      editor.begin(
        Rule.parse({
          ...rule,
          id: `${study.id.slice(0, 52)}-divergence`,
          name: undefined,
          scope: { studies: [study.id] },
        }),
      );
    },
    silence: offerSilence,
  };
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
