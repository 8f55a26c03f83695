import { type Alert, Severity, type Study, Transition } from '@tandem/common';
import { type HistoryFilters, historyQuery, meets, mergeHistory } from '../state/alert-history.ts';
import type { Alerting } from '../state/alerting.ts';
import type { Model } from '../state/model.ts';
import type { History } from '../wire/history.ts';
import { decidedAt, marksOf, subjectOf } from '../words/alert.ts';
import { fixed, moment } from '../words/format.ts';
import { showChoices } from './choices.ts';
import { byId, element, keyed, setAttribute, setText } from './element.ts';
import { button, field, select } from './field.ts';

export interface HistoryActions {
  open(alert: Alert): void;
  acknowledge(alert: Alert): void;
  silence(alert: Alert): void;
}

/** The stored alerts with their filters; new ones come in at the top by themselves. */
export function historyPanel(history: History, actions: HistoryActions) {
  const filters = {
    rule: select('rule', '', [['', 'every rule']]),
    study: select('study', '', [['', 'every study']]),
    transition: select('transition', '', [['', 'all'], ...Transition.options]),
    severity: select('severity', '', [['', 'all'], ...Severity.options]),
  };
  const form = byId('history-filters');
  const chosen = (): HistoryFilters =>
    Object.fromEntries(
      Object.entries(filters).map(([name, { value }]) => [name, value]),
    ) as unknown as HistoryFilters;
  for (const [name, control] of Object.entries(filters)) {
    form.append(field(name, control));
    control.addEventListener('input', () => history.filter(chosen()));
  }
  form.addEventListener('submit', (event) => event.preventDefault());
  byId('history-older').addEventListener('click', () => history.older());

  return {
    show(model: Model, alerting: Alerting): void {
      const studies = new Map((model.status?.studies ?? []).map((study) => [study.id, study]));
      const rules = alerting.rules ?? [];
      showChoices(
        filters.rule,
        'every rule',
        rules.map(({ id }) => id),
      );
      showChoices(filters.study, 'every study', [...studies.keys()]);
      // The stream's are newer than what was asked for, and may be amended since.
      const streamed = model.alerts.filter((alert) => meets(alert, history.filters));
      const reach = history.rows.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
      const rows = mergeHistory(
        history.rows,
        streamed.filter(({ time }) => !history.more || time >= reach),
      );
      keyed(
        byId('history-rows'),
        rows,
        ({ id }) => id,
        (alert) => make(alert, actions),
        (node, alert) => change(node, alert, studies.get(alert.study), alerting),
      );
      byId('history-older').hidden = !history.more;
      (byId('history-older') as HTMLButtonElement).disabled = history.asking;
      setText(byId('history-note'), note(history, rows.length));
      setAttribute(
        byId('history-export'),
        'href',
        `/api/v1/export/alerts?${historyQuery(history.filters, undefined)}`,
      );
    },
  };
}

function note(history: History, count: number): string {
  if (history.fault !== undefined) return `The history cannot be read: ${history.fault}`;
  if (count > 0) return '';
  if (history.asking || !history.loaded) return 'Reading the history …';
  const all = Object.values(history.filters).every((value) => value === '');
  return all ? 'No alert yet.' : 'No stored alert is like this: choose other filters.';
}

function make(alert: Alert, actions: HistoryActions): HTMLElement {
  const row = element('tr');
  const open = button('', () => actions.open(alert), { class: 'button link' });
  const cells = ['when', 'about', 'what', 'rule', 'why', 'remarks', 'care'].map((name) =>
    element('td', { class: name }),
  );
  cells[1]!.append(open);
  cells[6]!.append(
    element('span'),
    button('Acknowledge', () => actions.acknowledge(alert)),
    button('Silence …', () => actions.silence(alert)),
  );
  row.append(...cells);
  return row;
}

function change(node: HTMLElement, alert: Alert, study: Study | undefined, alerting: Alerting): void {
  setAttribute(node, 'data-transition', alert.transition);
  setAttribute(node, 'data-direction', alert.direction ?? 'none');
  const [when, about, what, rule, why, remarks, care] = node.children;
  setText(when!, moment(decidedAt(alert, study)));
  setText(about!.firstElementChild!, subjectOf(alert, study));
  const side =
    alert.direction === null ? '' : alert.direction === 'SHORT_SPREAD' ? ', sell spread' : ', buy spread';
  setText(what!, `${alert.transition}${side}${alert.z === null ? '' : ` at z ${fixed(alert.z, 2)}`}`);
  setText(rule!, alert.rule);
  setText(why!, alert.text);
  setText(remarks!, marksOf(alert).join(' · '));
  const acknowledged = alerting.acknowledgements.get(alert.id);
  const [words, acknowledge] = care!.children;
  setText(
    words!,
    acknowledged === undefined
      ? ''
      : `${acknowledged.by}, ${moment(acknowledged.at)}${acknowledged.comment === '' ? '' : `: ${acknowledged.comment}`}`,
  );
  (acknowledge as HTMLElement).hidden = acknowledged !== undefined || alert.transition !== 'firing';
}
