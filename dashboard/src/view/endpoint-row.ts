import type { Delivery } from '@tandem/common';
import type { EndpointRow } from '../state/endpoint-row.ts';
import { deliveryState } from '../words/delivery.ts';
import { endpointState, lastAge, originWords, severityWords, signedWords } from '../words/endpoint.ts';
import { unknown } from '../words/format.ts';
import { element, setAttribute, setText } from './element.ts';
import { showStateWord, stateWord } from './state-word.ts';

const columns = [
  'Endpoint',
  'Receiver',
  'Shape',
  'Signed',
  'Sends',
  'State',
  'Waiting',
  'Last delivery',
  'Written in',
  'Actions',
];

export interface EndpointActions {
  test(id: string): void;
  edit(id: string): void;
  remove(id: string): void;
}

/** A row of the table of endpoints, still empty. */
export function makeEndpointRow(id: string, actions: EndpointActions): HTMLElement {
  const cells = columns.map((column, index) =>
    element(index === 0 ? 'th' : 'td', {
      'data-label': column,
      role: index === 0 ? 'rowheader' : 'cell',
      scope: index === 0 ? 'row' : false,
      class: column === 'Waiting' ? 'figure' : column === 'Actions' ? 'actions' : false,
    }),
  );
  cells[0]!.append(element('b', {}, id), element('span'));
  cells[5]!.append(stateWord());
  cells[7]!.append(stateWord(), element('span', { class: 'answer' }), element('span', { class: 'age' }));
  const button = (word: string, act: (id: string) => void) => {
    const made = element('button', { type: 'button', 'aria-label': `${word} ${id}` }, word);
    made.addEventListener('click', () => act(id));
    return made;
  };
  cells[9]!.append(
    button('Send test', actions.test),
    button('Edit', actions.edit),
    button('Delete', actions.remove),
  );
  return element('tr', { role: 'row' }, ...cells);
}

/** What a row shows now. `last`: null if nothing was ever sent, undefined while that is not known. */
export function changeEndpointRow(
  node: HTMLElement,
  row: EndpointRow,
  last: Delivery | null | undefined,
  testing: boolean,
  now: number,
): void {
  const cells = node.children;
  setText(cells[0]!.children[1]!, row.name ?? '');
  const plain = [row.url, row.shape, signedWords(row), severityWords(row.minimumSeverity)];
  for (const [index, text] of plain.entries()) setText(cells[index + 1]!, text);
  showStateWord(cells[5]!.firstElementChild!, endpointState(row, now));
  setText(cells[6]!, row.waiting.toLocaleString('en-US'));
  setAttribute(cells[6]!, 'data-some', String(row.waiting > 0));
  changeLast(cells[7]!, last, now);
  setText(cells[8]!, originWords(row));
  const [test, , remove] = cells[9]!.children as unknown as HTMLButtonElement[];
  setText(test!, testing ? 'Sending …' : 'Send test');
  setAttribute(test!, 'aria-disabled', String(testing));
  // What the configuration says is taken away there.
  remove!.hidden = row.revision === 0;
}

function changeLast(cell: Element, last: Delivery | null | undefined, now: number): void {
  const [state, answer, age] = cell.children;
  (state as HTMLElement).hidden = last == null;
  if (last == null) {
    setText(answer!, last === null ? 'nothing yet' : unknown);
    setText(age!, '');
    return;
  }
  showStateWord(state!, deliveryState(last));
  setText(answer!, last.status === null ? '' : String(last.status));
  setText(age!, lastAge(last, now));
}
