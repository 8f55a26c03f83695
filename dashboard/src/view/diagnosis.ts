import type { Study } from '@tandem/common';
import { type Diagnosis, progressOf } from '../state/diagnosis.ts';
import { diagnosisState, testTables } from '../words/diagnosis.ts';
import { pairName } from '../words/legs.ts';
import type { TestRow, TestTable } from '../words/test-table.ts';
import { byId, element, setAttribute, setText } from './element.ts';

let drawn: Diagnosis | undefined;

/** Draws the tests that were asked for; the panel is gone while there are none. */
export function showDiagnosis(study: Study, diagnosis: Diagnosis | undefined): void {
  const shown = diagnosis?.study === study.id ? diagnosis : undefined;
  if (shown === drawn) return;
  drawn = shown;
  byId('tests').hidden = shown === undefined;
  setAttribute(byId('test-button'), 'aria-expanded', String(shown !== undefined));
  if (shown === undefined) return;
  setText(byId('tests-title'), `Tests of ${pairName(study)} ${study.interval}`);
  setText(byId('tests-state'), diagnosisState(study, shown));
  const { ended, of, share } = progressOf(shown);
  const bar = byId('tests-progress') as HTMLProgressElement;
  // Its place stays: the tables below do not jump when the last test has ended.
  bar.style.visibility = ended < of ? 'visible' : 'hidden';
  bar.value = share;
  byId('tests-tables').replaceChildren(...testTables(study, shown).map(tableOf));
}

function tableOf({ name, columns, rows, note }: TestTable): HTMLElement {
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column)));
  return element(
    'section',
    { 'data-table': name },
    element(
      'table',
      {},
      element('caption', {}, name),
      element('thead', {}, head),
      element('tbody', {}, ...rows.map((row) => rowOf(row, columns.length - 1))),
    ),
    element('p', { class: 'note' }, note),
  );
}

function rowOf(row: TestRow, width: number): HTMLElement {
  const label = element('th', { scope: 'row' }, row.label);
  const cells =
    'cells' in row
      ? row.cells.map((cell) => element('td', {}, cell))
      : [element('td', { colspan: String(width), class: row.fault ? 'fault' : 'pending' }, row.says)];
  return element(
    'tr',
    { title: row.title ?? false, 'data-own': row.own === true ? 'true' : false },
    label,
    ...cells,
  );
}
