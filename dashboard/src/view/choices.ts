import { element, keyed, setText } from './element.ts';

/** Fills a select with "all" and the values given; what is chosen stays chosen, listed or not. */
export function showChoices(select: HTMLSelectElement, all: string, values: readonly string[]): void {
  const chosen = select.value;
  const listed = chosen === '' || values.includes(chosen) ? values : [...values, chosen];
  keyed(
    select,
    ['', ...listed],
    (value) => value,
    (value) => element('option', { value }),
    (node, value) => setText(node, value === '' ? all : value),
  );
}
