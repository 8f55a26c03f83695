import { type Analytics, intervalMs, type Study } from '@tandem/common';
import { missingOf } from '../state/banner.ts';
import type { Diagnosis } from '../state/diagnosis.ts';
import type { Model } from '../state/model.ts';
import { numbersOf } from '../state/numbers.ts';
import { formingOf, liveOf } from '../state/provisional.ts';
import type { Tile } from '../state/tile.ts';
import { assetName, pairName } from '../words/legs.ts';
import { entryOf } from '../words/position.ts';
import { type SignalWords, signalOf } from '../words/signal.ts';
import { type ChartActions, showCharts } from './charts.ts';
import { showDiagnosis } from './diagnosis.ts';
import { byId, setAttribute, setText } from './element.ts';
import { showNumbers } from './numbers.ts';

/** What the charts were last drawn as. */
let drawnKind: Tile['kind'] | undefined;

export interface DetailInput {
  readonly study: Study | undefined;
  /** Of the study. */
  readonly row: Analytics | undefined;
  readonly tile: Tile | undefined;
  readonly range: [number, number] | undefined;
  /** Id of the alert that is looked at. */
  readonly alert: string | undefined;
  readonly diagnosis: Diagnosis | undefined;
  /** Whether the charts are drawn as well. */
  readonly charts: boolean;
}

/** Draws the chosen study: title, signal, numbers, tests, charts. */
export function showDetail(
  model: Model,
  { study, row, tile, range, alert, diagnosis, charts }: DetailInput,
  actions: ChartActions,
): void {
  const missing = missingOf(model);
  byId('missing').hidden = missing === undefined;
  setText(byId('missing'), missing ?? '');
  const { detail } = model;
  if (study === undefined) showNothing();
  setAttribute(byId('detail'), 'data-empty', String(study === undefined));
  (byId('test-button') as HTMLButtonElement).disabled = study === undefined;
  if (study === undefined || tile === undefined || detail === undefined || detail.study !== study.id) return;
  const live = liveOf(model, study);
  // The newest row may be known before the history is: an entry is looked for only behind the same row.
  const held = detail.rows.at(-1)?.time === row?.time ? detail.rows : [];
  showTitle(study, tile);
  showSignal(signalOf(study, row, tile, entryOf(held, intervalMs[study.interval])));
  showNumbers(
    byId('numbers'),
    numbersOf(
      study,
      row,
      tile.kind === 'stale' || (live === undefined && model.live.has(study.id)) ? 'frozen' : live,
    ),
  );
  showDiagnosis(study, diagnosis);
  // What is not live any more is not drawn as live for another second.
  if (!charts && tile.kind === drawnKind) return;
  drawnKind = tile.kind;
  const forming = (instrument: string) => formingOf(model, study.interval, instrument);
  showCharts(
    {
      study,
      detail,
      live,
      yForming: forming(study.y),
      xForming: forming(study.x),
      alerts: model.alerts.filter((one) => one.study === study.id),
      alert,
      tile,
      range,
    },
    actions,
  );
}

/** Of a study that is not there any more nothing stays, least of all its signal. */
function showNothing(): void {
  setText(byId('title'), 'Study');
  setText(byId('subtitle'), 'no study chosen');
  showState('off', 'off');
  showSignal({ text: 'No signal: nothing is known yet', remark: '', lean: 'none', act: 'none' });
  showNumbers(byId('numbers'), numbersOf(undefined, undefined, undefined));
}

function showState(kind: Tile['kind'], text: string): void {
  setText(byId('state'), text);
  setAttribute(byId('state'), 'data-state', kind);
  setAttribute(byId('detail'), 'data-state', kind);
}

function showTitle(study: Study, tile: Tile): void {
  setText(byId('title'), pairName(study));
  setText(
    byId('subtitle'),
    `${study.interval} bars · window ${study.window} · ${study.method.toUpperCase()} on ${study.scale}s · y ${study.y} · x ${study.x}`,
  );
  showState(tile.kind, tile.text);
  setText(byId('key-y'), assetName(study.y));
  setText(byId('key-x'), assetName(study.x));
}

function showSignal({ text, remark, lean, act }: SignalWords): void {
  const node = byId('signal');
  setAttribute(node, 'data-lean', lean);
  setAttribute(node, 'data-act', act);
  const [words, against] = node.children;
  setText(words!, text);
  setText(against!, remark);
}
