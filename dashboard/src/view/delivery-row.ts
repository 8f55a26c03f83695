import type { Alert, Delivery, Study } from '@tandem/common';
import { deliveryKey } from '../state/delivery-page.ts';
import {
  alertWords,
  answerWords,
  attemptCells,
  deliveryState,
  expiresWords,
  historyWords,
  nextWords,
  whenWords,
} from '../words/delivery.ts';
import { moment, unknown } from '../words/format.ts';
import { element, keyed, setAttribute, setText } from './element.ts';
import { showStateWord, stateWord } from './state-word.ts';

const columns = [
  'Queued, UTC',
  'Alert',
  'Endpoint',
  'State',
  'Attempts',
  'Last answer',
  'Next attempt',
  'Expires',
  'Actions',
];

export interface DeliveryActions {
  toggle(key: string): void;
  replay(delivery: Pick<Delivery, 'alert' | 'endpoint'>): void;
}

/** What a row is drawn from beside its delivery. */
export interface DeliveryFacts {
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly studies: readonly Study[];
  readonly now: number;
  /** The rows that are open. */
  readonly open: ReadonlySet<string>;
  /** What came of replays, by row. */
  readonly replays: ReadonlyMap<string, string>;
}

/** A row of the table of deliveries, still empty. */
export function makeDeliveryRow(
  { alert, endpoint }: Delivery,
  { toggle, replay }: DeliveryActions,
): HTMLElement {
  const key = deliveryKey({ alert, endpoint });
  const cells = columns.map((column) =>
    element('td', { 'data-label': column, role: 'cell', class: column === 'Actions' ? 'actions' : false }),
  );
  cells[1]!.append(element('b'), element('span'));
  cells[3]!.append(stateWord());
  const opener = element('button', { type: 'button', class: 'opener', 'aria-expanded': 'false' });
  cells[4]!.append(opener);
  const again = element('button', { type: 'button' }, 'Replay');
  again.addEventListener('click', () => replay({ alert, endpoint }));
  cells[8]!.append(again, element('span', { class: 'replayed' }));
  const row = element('tr', { role: 'row', class: 'delivery' }, ...cells);
  row.addEventListener('click', (event) => {
    // Whoever selects words does not want the row to open, and the other button is its own.
    const aside = event.target instanceof Element && event.target.closest('.actions') !== null;
    if (!aside && getSelection()?.isCollapsed !== false) toggle(key);
  });
  return row;
}

/** What a row shows now. */
export function changeDeliveryRow(node: HTMLElement, delivery: Delivery, facts: DeliveryFacts): void {
  const { now } = facts;
  const key = deliveryKey(delivery);
  const cells = node.children;
  const { rule, about } = alertWords(delivery.alert, facts.alerts.get(delivery.alert), facts.studies);
  setText(cells[0]!, whenWords(delivery.queued, now));
  setText(cells[1]!.children[0]!, rule);
  setText(cells[1]!.children[1]!, about);
  setText(cells[2]!, delivery.endpoint);
  showStateWord(cells[3]!.firstElementChild!, deliveryState(delivery));
  const opener = cells[4]!.firstElementChild!;
  setText(opener, String(delivery.attempts));
  setAttribute(opener, 'aria-expanded', String(facts.open.has(key)));
  setAttribute(
    opener,
    'aria-label',
    `${delivery.attempts} attempts of ${rule} ${about} at ${delivery.endpoint}`,
  );
  setText(cells[5]!, answerWords(delivery));
  for (const [index, text] of [nextWords(delivery, now), expiresWords(delivery, now)].entries()) {
    setText(cells[6 + index]!, text);
    setAttribute(cells[6 + index]!, 'data-none', String(text === unknown));
  }
  const [again, replayed] = cells[8]!.children as unknown as HTMLElement[];
  setAttribute(again!, 'aria-label', `Replay ${rule} ${about} to ${delivery.endpoint}`);
  // It is under way already.
  again!.hidden = delivery.state === 'pending';
  setText(replayed!, facts.replays.get(key) ?? '');
}

/** The history below an open row, still empty. */
export function makeHistory(): HTMLElement {
  const head = ['Began, UTC', 'Took', 'Status', 'Answer'].map((name) =>
    element('th', { scope: 'col' }, name),
  );
  const table = element(
    'table',
    { class: 'attempts' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody'),
  );
  const cell = element(
    'td',
    { colspan: '9', role: 'cell' },
    element('p', { class: 'what' }),
    element('p', { class: 'how' }),
    table,
  );
  return element('tr', { role: 'row', class: 'below' }, cell);
}

export function changeHistory(node: HTMLElement, delivery: Delivery, { alerts }: DeliveryFacts): void {
  const known = alerts.get(delivery.alert);
  const history = delivery.history ?? [];
  const table = node.querySelector('table')!;
  setText(
    node.querySelector('.what')!,
    `${known === undefined ? '' : `${known.text} · `}bar of ${moment(delivery.time)} UTC · sent under the id ${delivery.alert}`,
  );
  setText(node.querySelector('.how')!, historyWords(delivery));
  table.hidden = history.length === 0;
  keyed(
    table.tBodies[0]!,
    history.map((attempt, index) => ({ attempt, index })),
    ({ attempt, index }) => `${attempt.at} ${index}`,
    ({ attempt }) => element('tr', {}, ...attemptCells(attempt).map((cell) => element('td', {}, cell))),
    () => {},
  );
}
