import { element } from './element.ts';

/** A labelled control: the label's text stands above it, help below. */
export function field(label: string, control: HTMLElement, help?: string): HTMLElement {
  const named = element('label', {}, element('span', { class: 'label' }, label), control);
  const more = help === undefined ? [] : [element('span', { class: 'help' }, help)];
  return element('div', { class: 'labelled' }, named, ...more);
}

/** A text field that is one part of a document: `path` is where a fault of it would be. */
export function input(
  path: string,
  value: string,
  attributes: Record<string, string | boolean> = {},
): HTMLInputElement {
  const made = element('input', {
    type: 'text',
    class: 'control',
    autocomplete: 'off',
    spellcheck: 'false',
    'data-path': path,
    ...attributes,
  });
  made.value = value;
  return made;
}

/** A choice of one of some words. */
export function select(
  path: string,
  value: string,
  options: readonly (string | readonly [value: string, text: string])[],
  attributes: Record<string, string | boolean> = {},
): HTMLSelectElement {
  const made = element('select', { class: 'control', 'data-path': path, ...attributes });
  for (const option of options) {
    const [name, text] = typeof option === 'string' ? [option, option] : option;
    made.append(element('option', { value: name }, text));
  }
  made.value = value;
  return made;
}

export function checkbox(path: string, text: string, checked: boolean): HTMLLabelElement {
  const box = element('input', { type: 'checkbox', 'data-path': path });
  box.checked = checked;
  return element('label', { class: 'inline' }, box, text);
}

export function button(
  text: string,
  act: () => void,
  attributes: Record<string, string | boolean> = {},
): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}

/** Controls that belong together, under a legend. */
export function group(legend: string, ...content: (Node | string)[]): HTMLElement {
  return element('fieldset', {}, element('legend', {}, legend), ...content);
}
