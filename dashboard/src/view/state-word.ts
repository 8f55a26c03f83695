import type { StateWords } from '../words/delivery.ts';
import { element, setAttribute, setText } from './element.ts';

/** Where a state is shown: an icon and a word, coloured alike. */
export function stateWord(): HTMLElement {
  return element('span', { class: 'state' }, element('i', { 'aria-hidden': 'true' }), element('span'));
}

export function showStateWord(node: Element, { icon, word, tone, title }: StateWords): void {
  setAttribute(node, 'data-tone', tone);
  setAttribute(node, 'title', title);
  setText(node.children[0]!, icon);
  setText(node.children[1]!, word);
}
