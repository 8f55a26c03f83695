import { type Acknowledgement, type Alert, intervalMs, type Study } from '@tandem/common';
import { decidedAt, endOf, inputRows, marksOf, subjectOf } from '../words/alert.ts';
import { clock, duration, fixed, moment } from '../words/format.ts';
import { byId, element, setText } from './element.ts';
import { button } from './field.ts';
import { personField } from './person.ts';

export interface AlertCardActions {
  close(): void;
  /** Rejects with the server's sentence. */
  acknowledge(alert: Alert, by: string): Promise<void>;
  silence(alert: Alert): void;
  editRule(rule: string): void;
}

export interface AlertCardInput {
  /** What was chosen; undefined: nothing. */
  readonly id: string | undefined;
  /** Undefined while it is not known. */
  readonly alert: Alert | undefined;
  /** Why it is not known. */
  readonly fault: string | undefined;
  readonly study: Study | undefined;
  readonly alerts: readonly Alert[];
  readonly acknowledged: Acknowledgement | undefined;
  /** Open time of the first bar that the charts hold; undefined while they hold none. */
  readonly chartsFrom: number | undefined;
}

/** One alert as it was decided: the rule with its numbers, and every input at that instant. */
export function alertCard(actions: AlertCardActions): (input: AlertCardInput) => void {
  const title = element('h3', { id: 'alert-card-title' });
  const close = button('Close', actions.close);
  const text = element('p', { class: 'rule-text' });
  const facts = element('p', { class: 'facts' });
  const inputs = element('dl', { class: 'inputs' });
  const said = element('p', { class: 'said', role: 'status' });
  const person = personField();
  let shown: Alert | undefined;
  const acknowledge = button('Acknowledge', () => {
    const by = person.name();
    if (shown === undefined) return;
    if (by === undefined) return setText(said, 'Say who you are: others will see who takes care.');
    actions.acknowledge(shown, by).then(
      () => setText(said, 'Noted.'),
      (fault: unknown) => setText(said, fault instanceof Error ? fault.message : 'unknown fault'),
    );
  });
  const acts = element(
    'div',
    { class: 'row actions' },
    person.node,
    acknowledge,
    button('Silence …', () => shown !== undefined && actions.silence(shown)),
    button('Edit the rule', () => shown !== undefined && actions.editRule(shown.rule)),
  );
  const card = byId('alert-card');
  card.append(element('div', { class: 'card-head' }, title, close), text, facts, inputs, acts, said);

  return ({ id, alert, fault, study, alerts, acknowledged, chartsFrom }) => {
    card.hidden = id === undefined;
    if (id === undefined) return;
    if (alert?.id !== shown?.id) setText(said, '');
    shown = alert;
    for (const part of [text, facts, inputs, acts]) part.hidden = alert === undefined;
    if (alert === undefined) {
      setText(title, fault === undefined ? 'Reading the alert …' : `The alert cannot be shown: ${fault}`);
      return;
    }
    const decided = decidedAt(alert, study);
    setText(title, `${subjectOf(alert, study)}: ${alert.rule} ${alert.transition}, ${moment(decided)} UTC`);
    setText(text, alert.text);
    setText(facts, factsOf(alert, study, alerts, acknowledged, chartsFrom));
    const rows = inputRows(alert);
    const all: [string, string][] = [...rows, ...usual(alert, new Set(rows.map(([name]) => name)))];
    inputs.replaceChildren(
      ...all.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    );
    // Nobody need take care of what is over or has never been.
    const done = acknowledged !== undefined || alert.transition !== 'firing';
    acknowledge.hidden = done;
    person.node.hidden = done;
  };
}

/** What every alert says besides the inputs of its rule. */
function usual(alert: Alert, there: ReadonlySet<string>): [string, string][] {
  const all: [string, number | null][] = [
    ['z', alert.z],
    ['returnCorrelation', alert.returnCorrelation],
    ['priceCorrelation', alert.priceCorrelation],
    ['beta', alert.beta],
  ];
  return all.filter(([name]) => !there.has(name)).map(([name, value]) => [name, fixed(value, 4)]);
}

function factsOf(
  alert: Alert,
  study: Study | undefined,
  alerts: readonly Alert[],
  acknowledged: Acknowledgement | undefined,
  chartsFrom: number | undefined,
): string {
  const end = endOf(alert, alerts);
  const lasted =
    end === undefined || end.transition !== 'resolved'
      ? ''
      : `resolved after ${duration(end.time - alert.time)}, at ${clock(end.time + (study === undefined ? 0 : intervalMs[study.interval]))} UTC`;
  const old =
    study !== undefined && chartsFrom !== undefined && alert.time < chartsFrom
      ? 'its bar is older than what the charts below hold'
      : '';
  return [alert.legs ?? '', ...marksOf(alert, acknowledged), lasted, old].filter(Boolean).join(' · ');
}
