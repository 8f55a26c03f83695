import type { Alert, Analytics, Interval } from '@tandem/common';
import { alertViews } from './alert-views.ts';
import { bindKeyboard } from './keyboard.ts';
import { readAddress, type View, views, writeAddress } from './state/address.ts';
import type { Choice } from './state/choice.ts';
import { emptyModel } from './state/model.ts';
import { sortAfter } from './state/sort.ts';
import { bindCrosshair } from './view/crosshair.ts';
import { byId } from './view/element.ts';
import { showFrame } from './view/frame.ts';
import { listed, type OverviewActions, showOverview } from './view/overview.ts';
import type { Page } from './view/page.ts';
import { painter } from './view/paint.ts';
import { plotly } from './view/plot.ts';
import { webhooksPage } from './view/webhooks-page.ts';
import { diagnostics } from './wire/diagnostics.ts';
import { live } from './wire/live.ts';

const model = emptyModel();
const choice: Choice = { ...readAddress(location.search), search: '', sort: undefined, range: undefined };
/** Charts cost most: a change of the numbers alone redraws them at most once a second. */
const chartSpacing = 1_000;
let chartsAt = Number.NEGATIVE_INFINITY;
let chartsNow = true;
let drawn: Analytics | undefined;

const titles: Record<View, string> = {
  overview: 'Tandem',
  alerts: 'Alerts – Tandem',
  webhooks: 'Webhooks – Tandem',
};

const repaint = painter(() => {
  follow();
  showFrame(model, choice.view);
  document.title = titles[choice.view];
  if (choice.view !== 'overview') return pages[choice.view].show(model, choice);
  const newest = model.detail?.rows.at(-1);
  // A new confirmed row is drawn with the numbers that it brings: tiles and charts never say different things.
  const charts = chartsNow || newest !== drawn || performance.now() - chartsAt >= chartSpacing;
  if (charts) {
    chartsAt = performance.now();
    drawn = newest;
  }
  if (charts && plotly() !== undefined) chartsNow = false;
  showOverview(model, choice, actions, tests.shown, charts);
  alerts.showCard();
});
const feed = live(model, repaint, (alert) => alerts.raised(alert));
const tests = diagnostics(repaint);
const alerts = alertViews(model, choice, { repaint, redraw, go, openAlert, remember });
const pages: Record<Exclude<View, 'overview'>, Page> = {
  alerts: alerts.page,
  webhooks: webhooksPage(repaint),
};

function redraw(): void {
  chartsNow = true;
  repaint();
}

/** The first study of the table is shown until the trader chooses another. */
function follow(): void {
  if (model.status === undefined) return;
  const known = model.status.studies.find((study) => study.id === choice.study);
  // The first of the table is only known once rows have come; a page without any does not wait for ever.
  if (known === undefined && model.analytics.size === 0 && performance.now() < 2_000) return;
  // A search for nothing keeps no study from being shown.
  const study = known ?? listed(model, { ...choice, search: '' }, Date.now() + model.offset)[0]?.study;
  if (study === undefined) return;
  if (choice.study !== study.id) {
    choice.study = study.id;
    history.replaceState(null, '', writeAddress(choice));
  }
  // Tests of a study that is not looked at any more are given up.
  if (tests.shown !== undefined && tests.shown.study !== study.id) tests.close();
  feed.watch(study);
}

const actions: OverviewActions = {
  choose(study) {
    if (choice.study === study) return;
    Object.assign(choice, { study, range: undefined, alert: undefined });
    remember();
  },
  chooseInterval(interval) {
    choice.interval = interval;
    Object.assign(choice, { study: sibling(interval) ?? choice.study, range: undefined, alert: undefined });
    remember();
  },
  zoom(range) {
    choice.range = range;
    redraw();
  },
  sortBy(column) {
    choice.sort = sortAfter(choice.sort, column);
    repaint();
  },
  openAlert,
  pickAlert(id) {
    openAlert(model.alerts.find((alert) => alert.id === id));
  },
};

/** The same pair at another interval. */
function sibling(interval: Interval | undefined): string | undefined {
  const studies = model.status?.studies ?? [];
  const now = studies.find((study) => study.id === choice.study);
  if (interval === undefined || now === undefined) return undefined;
  return studies.find((one) => one.y === now.y && one.x === now.x && one.interval === interval)?.id;
}

function remember(): void {
  history.pushState(null, '', writeAddress(choice));
  redraw();
}

addEventListener('popstate', () => {
  Object.assign(choice, readAddress(location.search), { range: undefined });
  redraw();
});

for (const link of byId('views').querySelectorAll('a')) {
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const view = views.find((one) => one === link.dataset.view);
    if (view !== undefined && view !== choice.view) go(view);
  });
}

function go(view: View): void {
  choice.view = view;
  remember();
}

/** Shows an alert on the charts of its study; undefined closes it. */
function openAlert(alert: Alert | undefined): void {
  const study = model.status?.studies.find(({ id }) => id === alert?.study);
  if (study !== undefined && choice.study !== study.id) {
    choice.study = study.id;
    choice.range = undefined;
  }
  choice.alert = alert?.id;
  go('overview');
}

bindCrosshair(byId('charts'), byId('crosshair'));

function test(): void {
  if (choice.study !== undefined) tests.start(choice.study);
}

function closeTests(): void {
  tests.close();
  byId('test-button').focus();
}

byId('test-button').addEventListener('click', test);
byId('tests-close').addEventListener('click', closeTests);
byId('retry').addEventListener('click', () => feed.retryNow());
const keyboard = {
  ...actions,
  test,
  alertFromHere() {
    const study = model.status?.studies.find(({ id }) => id === choice.study);
    if (study === undefined) return;
    go('alerts');
    alerts.page.ruleFor(study);
  },
  closeOpen() {
    if (tests.shown !== undefined) closeTests();
    else if (choice.view === 'overview' && choice.alert !== undefined) openAlert(undefined);
    else return false;
    return true;
  },
};
bindKeyboard(model, choice, keyboard, repaint);

document.getElementById('plotly')?.addEventListener('load', redraw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
new ResizeObserver(redraw).observe(byId('detail'));
setInterval(() => {
  feed.tick();
  if (model.connection.phase === 'open' && !document.hidden) {
    if (choice.view !== 'overview') pages[choice.view].tick();
    else alerts.tick();
  }
  repaint();
}, 1_000);
feed.start();
repaint();
