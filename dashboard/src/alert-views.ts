import type { Alert } from '@tandem/common';
import type { View } from './state/address.ts';
import type { Choice } from './state/choice.ts';
import type { Model } from './state/model.ts';
import { noticeOf } from './state/notice.ts';
import { alertCard } from './view/alert-card.ts';
import { type AlertsPage, alertsPage } from './view/alerts-page.ts';
import { notifications } from './view/notifications.ts';
import { alertingFeed } from './wire/alerting.ts';
import { alertFinder } from './wire/chosen-alert.ts';

export interface AlertViews {
  readonly page: AlertsPage;
  /** The alert that is looked at, on the charts of its study. */
  showCard(): void;
  /** Called each second while the overview is shown. */
  tick(): void;
  /** An alert came over the stream. */
  raised(alert: Alert): void;
}

export interface AlertViewActions {
  repaint(): void;
  /** The charts as well. */
  redraw(): void;
  go(view: View): void;
  openAlert(alert: Alert | undefined): void;
  /** Writes the choice into the address. */
  remember(): void;
}

/** Wires up everything about alerts but their list: rules, silences, history, the card of one, the desktop. */
export function alertViews(model: Model, choice: Choice, actions: AlertViewActions): AlertViews {
  const notify = notifications();
  const feed = alertingFeed(actions.repaint);
  const find = alertFinder(actions.redraw);
  const studyOf = (alert: Alert | undefined) => model.status?.studies.find(({ id }) => id === alert?.study);

  const page = alertsPage(feed, actions.repaint, {
    open: actions.openAlert,
    edited(rule) {
      if (choice.rule === rule) return;
      choice.rule = rule;
      actions.remember();
    },
  });
  const card = alertCard({
    close: () => actions.openAlert(undefined),
    acknowledge: (alert, by) => feed.acknowledge(alert.id, by, ''),
    silence(alert) {
      actions.go('alerts');
      page.silence(alert);
    },
    editRule(rule) {
      choice.rule = rule;
      actions.go('alerts');
    },
  });

  async function tell(alert: Alert): Promise<void> {
    // What is silenced is not told here either.
    const silenced = await feed.silencesNow();
    const notice = noticeOf(alert, studyOf(alert), silenced, Date.now() + model.offset);
    if (notice !== undefined) notify.tell(notice, () => actions.openAlert(alert));
  }

  return {
    page,
    showCard() {
      const { alert, fault } = find(choice.alert, model.alerts);
      card({
        id: choice.alert,
        alert,
        fault,
        study: studyOf(alert),
        alerts: model.alerts,
        acknowledged: alert === undefined ? undefined : feed.state.acknowledgements.get(alert.id),
        chartsFrom: model.detail?.study === alert?.study ? model.detail?.rows[0]?.time : undefined,
      });
    },
    tick() {
      if (choice.alert !== undefined) feed.tick();
    },
    raised(alert) {
      if (notify.wanted) void tell(alert);
    },
  };
}
