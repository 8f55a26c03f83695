import type { NumberTile } from '../state/numbers.ts';
import { byId, element, keyed, setAttribute, setText } from './element.ts';

/** The number whose definition is open. */
let defined: string | undefined;

/** Draws the numbers of the chosen study; each keeps its place, and a click on its name opens its definition. */
export function showNumbers(parent: HTMLElement, numbers: readonly NumberTile[]): void {
  keyed(
    parent,
    numbers,
    (one) => one.name,
    (one) => make(one.name),
    (node, one) => {
      setAttribute(node, 'title', one.title);
      const [name, value, note] = node.children;
      setAttribute(name!.firstElementChild!, 'aria-expanded', String(one.name === defined));
      setText(value!, one.value);
      setAttribute(value!, 'data-long', String(one.value.length > 7));
      setText(note!, one.note);
      if (one.name === defined) setText(byId('definition'), one.title);
    },
  );
}

function make(name: string): HTMLElement {
  const button = element(
    'button',
    { type: 'button', class: 'define', 'aria-controls': 'definition', 'aria-expanded': 'false' },
    name,
  );
  const node = element(
    'div',
    {},
    element('dt', {}, button),
    element('dd', { class: 'value' }),
    element('dd', { class: 'note' }),
  );
  button.addEventListener('click', () => {
    defined = defined === name ? undefined : name;
    byId('definition').hidden = defined === undefined;
    setText(byId('definition'), defined === undefined ? '' : (node.getAttribute('title') ?? ''));
    for (const other of node.parentElement?.querySelectorAll('.define') ?? []) {
      setAttribute(other, 'aria-expanded', String(other === button && defined !== undefined));
    }
  });
  return node;
}
