import { type Alert, type Interval, intervalMs, type Study } from '@tandem/common';
import type { Choice } from '../state/choice.ts';
import type { Diagnosis } from '../state/diagnosis.ts';
import { troubleOf } from '../state/feed-trouble.ts';
import { type Model, missingTrades } from '../state/model.ts';
import { found, type RankedStudy, ranked } from '../state/ranking.ts';
import { type Column, sorted } from '../state/sort.ts';
import { tileOf } from '../state/tile.ts';
import { showAlerts } from './alert-list.ts';
import { showDetail } from './detail.ts';
import { byId, element, keyed, setAttribute, setText } from './element.ts';
import { showHeadings, showStudies } from './table.ts';

export interface OverviewActions {
  choose(study: string): void;
  chooseInterval(interval: Interval | undefined): void;
  zoom(range: [number, number] | undefined): void;
  sortBy(column: Column): void;
  openAlert(alert: Alert): void;
  /** The alert of a mark on the chart. */
  pickAlert(id: string): void;
}

/** The studies in the order of the table. */
export function listed(model: Model, choice: Choice, now: number): RankedStudy[] {
  const studies = (model.status?.studies ?? []).filter(
    (study) => choice.interval === undefined || study.interval === choice.interval,
  );
  const shown = found(ranked(studies.map((study) => rankedStudy(model, study, now))), choice.search);
  return sorted(shown, choice.sort);
}

/** The intervals that any study has, shortest first. */
export function intervalsOf(model: Model): Interval[] {
  const all = new Set((model.status?.studies ?? []).map((study) => study.interval));
  return [...all].sort((a, b) => intervalMs[a] - intervalMs[b]).slice(0, 5);
}

function rankedStudy(model: Model, study: Study, now: number): RankedStudy {
  const row = model.analytics.get(study.id);
  const replay = model.status?.badge.kind === 'REPLAY';
  const tile = tileOf(study, row, {
    now,
    connected: model.connection.phase === 'open',
    heard: model.heard.get(study.id),
    replay,
    // A replay's feeds speak in recorded time, or not at all.
    trouble: replay ? undefined : troubleOf(study, model.feeds, now),
    missing: model.detail?.study === study.id ? missingTrades(model.detail.gaps) : 0,
  });
  return { study, row, tile };
}

/** Draws the overview and the chosen study from what is known. */
export function showOverview(
  model: Model,
  choice: Choice,
  actions: OverviewActions,
  diagnosis: Diagnosis | undefined,
  charts: boolean,
): void {
  const now = Date.now() + model.offset;
  const rows = listed(model, choice, now);
  showIntervals(model, choice, actions);
  setText(byId('studies-order'), choice.sort === undefined ? 'by |z|' : '');
  showHeadings(byId('headings'), choice.sort, actions.sortBy);
  showStudies(byId('studies'), rows, choice.study, actions.choose);
  setText(byId('studies-note'), noteOf(model, rows.length));
  showAlerts(
    byId('alert-list'),
    model.alerts,
    model.status?.studies ?? [],
    now,
    choice.alert,
    actions.openAlert,
  );
  setText(byId('alert-list-note'), alertsNote(model));
  const study = model.status?.studies.find((one) => one.id === choice.study);
  const chosen = study === undefined ? undefined : rankedStudy(model, study, now);
  showDetail(
    model,
    {
      study,
      row: chosen?.row,
      tile: chosen?.tile,
      range: choice.range,
      alert: choice.alert,
      diagnosis,
      charts,
    },
    actions,
  );
}

/** "No alert" is only said of what was read. */
function alertsNote({ alerts, alertsFault, alertsLoaded }: Model): string {
  if (alertsFault !== undefined) return `Alerts may be missing: ${alertsFault}`;
  if (alerts.length > 0) return '';
  return alertsLoaded ? 'No alert yet.' : 'Reading the alerts …';
}

function noteOf(model: Model, shown: number): string {
  if (model.status === undefined) return 'Waiting for the list of studies.';
  if (model.status.studies.length === 0) return 'No study is defined yet.';
  return shown === 0 ? 'No study matches; press Esc to clear the search.' : '';
}

function showIntervals(model: Model, choice: Choice, actions: OverviewActions): void {
  const choices: (Interval | undefined)[] = [undefined, ...intervalsOf(model)];
  keyed(
    byId('intervals'),
    choices,
    (interval) => interval ?? 'all',
    (interval) => {
      const button = element('button', { type: 'button' }, interval ?? 'all');
      button.addEventListener('click', () => actions.chooseInterval(interval));
      return button;
    },
    (node, interval) => setAttribute(node, 'aria-pressed', String(choice.interval === interval)),
  );
}
