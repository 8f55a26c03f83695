import { icons, type StripTile } from '../state/strip.ts';
import { element, keyed, setAttribute, setText } from './element.ts';

/** Draws the status strip: word, icon, colour and age of each part, always in the same place. */
export function showStrip(parent: HTMLElement, tiles: readonly StripTile[]): void {
  keyed(
    parent,
    tiles,
    (tile) => tile.name,
    make,
    (node, tile) => {
      setAttribute(node, 'data-tone', tile.tone);
      setAttribute(node, 'title', tile.detail);
      setAttribute(node, 'aria-label', tile.detail);
      const [icon, name, word, age] = node.children;
      setText(icon!, icons[tile.tone]);
      setText(name!, tile.name);
      setText(word!, tile.word);
      setText(age!, tile.age);
    },
  );
}

function make(): HTMLElement {
  const icon = element('span', { class: 'icon', 'aria-hidden': 'true' });
  return element(
    'li',
    { class: 'tile' },
    icon,
    element('b'),
    element('span', { class: 'word' }),
    element('span', { class: 'age' }),
  );
}
