import type { Alert, Study } from '@tandem/common';
import { briefMarksOf, decidedAt, subjectOf, whenOf } from '../words/alert.ts';
import { clock, moment } from '../words/format.ts';
import { hedgeUnits, legsOf } from '../words/signal.ts';
import { element, keyed, setAttribute, setText } from './element.ts';

/** Draws the newest alerts, each with its legs and the rule's numbers. */
export function showAlerts(
  list: HTMLElement,
  alerts: readonly Alert[],
  studies: readonly Study[],
  now: number,
  chosen: string | undefined,
  open: (alert: Alert) => void,
): void {
  const byId = new Map(studies.map((study) => [study.id, study]));
  keyed(
    list,
    alerts.slice(0, 30),
    (alert) => alert.id,
    (alert) => make(alert, open),
    (node, alert) => {
      const study = byId.get(alert.study);
      setAttribute(node, 'data-transition', alert.transition);
      setAttribute(node, 'data-direction', alert.direction ?? 'none');
      setAttribute(node, 'aria-current', String(alert.id === chosen));
      const [head, text] = node.querySelectorAll('.head, .text');
      const [time, name, marks] = head!.children;
      const decided = decidedAt(alert, study);
      setText(time!, whenOf(decided, now));
      setAttribute(time!, 'title', `Bar of ${moment(alert.time)} UTC, closed at ${clock(decided)}`);
      setText(name!, `${subjectOf(alert, study)} ${alert.transition}`);
      setText(marks!, briefMarksOf(alert).join(' · '));
      setText(text!, `${wordsOf(alert, study)}${alert.text}`);
    },
  );
}

function wordsOf(alert: Alert, study: Study | undefined): string {
  if (study === undefined || alert.direction === null || alert.transition === 'resolved') return '';
  if (alert.legs !== null) return `${alert.legs}. `;
  // An alert of an earlier version: without the prices of its bar no amount is known on the log scale.
  const units =
    study.scale === 'price' ? hedgeUnits(study, { beta: alert.beta, yClose: null, xClose: null }) : null;
  return `${legsOf(alert.direction, study, units)}. `;
}

function make(alert: Alert, open: (alert: Alert) => void): HTMLElement {
  const head = element(
    'span',
    { class: 'head' },
    element('time'),
    element('b'),
    element('span', { class: 'marks' }),
  );
  const button = element('button', { type: 'button' }, head, element('span', { class: 'text' }));
  button.addEventListener('click', () => open(alert));
  return element('li', {}, button);
}
