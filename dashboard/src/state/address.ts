import { Interval, RuleId, StudyId } from '@tandem/common';

/** The pages of the dashboard. */
export const views = ['overview', 'alerts', 'webhooks'] as const;
export type View = (typeof views)[number];

/** What the page's address holds, so that it can be shared and the back button works. */
export interface Address {
  readonly view: View;
  readonly study: string | undefined;
  /** Only studies of this interval are listed; undefined lists all. */
  readonly interval: Interval | undefined;
  /** Id of the alert that is looked at. */
  readonly alert: string | undefined;
  /** Id of the rule that is edited. */
  readonly rule: string | undefined;
}

/** Reads an address; what is not a view, a study and so on is as if it were not there. */
export function readAddress(query: string): Address {
  const parameters = new URLSearchParams(query);
  const alert = parameters.get('alert');
  return {
    view: views.find((view) => view === parameters.get('view')) ?? 'overview',
    study: StudyId.safeParse(parameters.get('study')).data,
    interval: Interval.safeParse(parameters.get('interval')).data,
    alert: alert === null || alert === '' || alert.length > 300 ? undefined : alert,
    rule: RuleId.safeParse(parameters.get('rule')).data,
  };
}

/** What belongs to another view is left out. */
export function writeAddress({ view, study, interval, alert, rule }: Address): string {
  const parameters = new URLSearchParams();
  if (view !== 'overview') parameters.set('view', view);
  if (study !== undefined) parameters.set('study', study);
  if (interval !== undefined) parameters.set('interval', interval);
  if (alert !== undefined && view === 'overview') parameters.set('alert', alert);
  if (rule !== undefined && view === 'alerts') parameters.set('rule', rule);
  const text = parameters.toString();
  return text === '' ? '?' : `?${text}`;
}
