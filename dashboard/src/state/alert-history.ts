import type { Alert } from '@tandem/common';

export interface HistoryFilters {
  readonly rule: string;
  readonly study: string;
  readonly transition: string;
  readonly severity: string;
}

export const noFilters: HistoryFilters = { rule: '', study: '', transition: '', severity: '' };
export const historyPage = 100;

/** The query that a page of history is asked for by; empty filters ask for everything. */
export function historyQuery(filters: HistoryFilters, before: number | undefined): string {
  const given = Object.entries(filters).filter(([, value]) => value !== '');
  const parameters = new URLSearchParams(given);
  if (before !== undefined) parameters.set('to', String(before));
  return parameters.toString();
}

export function meets(alert: Alert, filters: HistoryFilters): boolean {
  const names = Object.keys(filters) as (keyof HistoryFilters)[];
  return names.every((name) => filters[name] === '' || alert[name] === filters[name]);
}

/** Newest first, each once; of two versions of one the later given, which may be amended, stays. */
export function mergeHistory(...pages: readonly (readonly Alert[])[]): Alert[] {
  const byId = new Map(pages.flat().map((alert) => [alert.id, alert]));
  return [...byId.values()].sort((one, other) => other.time - one.time || other.id.localeCompare(one.id));
}

/** Before which time the next page is asked for: the api never parts the rows of one time. */
export function beforeOf(page: readonly Alert[]): number | undefined {
  return page.length === 0 ? undefined : Math.min(...page.map(({ time }) => time));
}
