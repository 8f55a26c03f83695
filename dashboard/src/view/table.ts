import type { RankedStudy } from '../state/ranking.ts';
import { type Column, columns, type Sort } from '../state/sort.ts';
import { cellsOf, columnTitles, stateTitle } from '../words/columns.ts';
import { pairName } from '../words/legs.ts';
import { signalOf } from '../words/signal.ts';
import { element, keyed, setAttribute, setText } from './element.ts';

const headings: Record<Column, string> = {
  study: 'Study',
  z: 'z',
  beta: 'β',
  'half-life': 'Half-life',
  correlation: 'Corr.',
  p: 'Coint. p',
  edge: 'Edge bps',
  quality: 'Quality',
  state: 'State',
  age: 'Age',
};

/** Draws the headings; a click on one sorts by it. */
export function showHeadings(
  parent: HTMLElement,
  sort: Sort | undefined,
  sortBy: (column: Column) => void,
): void {
  keyed(
    parent,
    columns,
    (column) => column,
    (column) => {
      const button = element(
        'button',
        { type: 'button', class: 'sorter', title: columnTitles[column] },
        headings[column],
      );
      button.addEventListener('click', () => sortBy(column));
      return element('th', { scope: 'col', class: column }, button);
    },
    (node, column) => {
      const order = sort?.column !== column ? 'none' : sort.ascending ? 'ascending' : 'descending';
      setAttribute(node, 'aria-sort', order);
    },
  );
}

/** Draws the table of studies. `choose` is called with the study of the row that is opened. */
export function showStudies(
  body: HTMLElement,
  studies: readonly RankedStudy[],
  chosen: string | undefined,
  choose: (study: string) => void,
): void {
  keyed(
    body,
    studies,
    (one) => one.study.id,
    (one) => make(one, choose),
    (node, one) => change(node, one, chosen),
  );
}

function make({ study }: RankedStudy, choose: (study: string) => void): HTMLElement {
  const link = element('a', { href: `?study=${encodeURIComponent(study.id)}` });
  link.append(element('span', { class: 'pair' }), element('span', { class: 'interval' }));
  const row = element('tr');
  for (const [index, column] of columns.entries()) {
    const cell = element(
      index === 0 ? 'th' : 'td',
      index === 0 ? { class: column, scope: 'row' } : { class: column },
    );
    if (index === 0) cell.append(link);
    row.append(cell);
  }
  row.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(study.id);
  });
  return row;
}

function change(node: HTMLElement, one: RankedStudy, chosen: string | undefined): void {
  const { study, row, tile } = one;
  const { lean, act, text } = signalOf(study, row, tile);
  setAttribute(node, 'data-state', tile.kind);
  setAttribute(node, 'data-lean', lean);
  setAttribute(node, 'data-act', act);
  setAttribute(node, 'aria-current', String(study.id === chosen));
  const link = node.querySelector('a')!;
  setAttribute(
    link,
    'title',
    `${study.id}: y ${study.y}, x ${study.x}, ${study.interval}, window ${study.window} bars, ${study.method} on ${study.scale}`,
  );
  setText(link.children[0]!, pairName(study));
  // The method is told where it is not the usual one: the same pair may be watched by several.
  setText(link.children[1]!, study.method === 'ols' ? study.interval : `${study.interval} ${study.method}`);
  for (const [index, text] of cellsOf(one).entries()) setText(node.children[index + 1]!, text);
  setAttribute(node.children[columns.indexOf('z')]!, 'title', text);
  setAttribute(node.children[columns.indexOf('state')]!, 'title', stateTitle(one));
}
