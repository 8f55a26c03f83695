import { type Alert, type Delivery, type Endpoint, Severity } from '@tandem/common';
import { entryLife } from './retry.ts';

/**
 * The endpoints that an alert goes to: those that its rule names, are enabled and listen to alerts as severe as it. One
 * that was disabled by its receiver's answer, not by its owner, is among them: what it misses can be replayed.
 */
export function recipientsOf(
  alert: Pick<Alert, 'severity'>,
  named: readonly string[] | 'all',
  endpoints: readonly Endpoint[],
): Endpoint[] {
  const severity = Severity.options.indexOf(alert.severity);
  return endpoints.filter(
    ({ id, enabled, disabled, minimumSeverity = 'info' }) =>
      (enabled || disabled !== undefined) &&
      (named === 'all' || named.includes(id)) &&
      severity >= Severity.options.indexOf(minimumSeverity),
  );
}

/** Why nothing is sent to an endpoint at present, though it is to hear of alerts; undefined if that is not so. */
export function absence({ enabled, disabled }: Pick<Endpoint, 'enabled' | 'disabled'>): string | undefined {
  return enabled || disabled === undefined
    ? undefined
    : `withheld: the endpoint is disabled: ${disabled.reason}`;
}

/** The row that a delivery begins with. `withheld` is why it may not leave. */
export function newDelivery(
  alert: Pick<Alert, 'dataset' | 'id' | 'time' | 'transition' | 'direction'>,
  endpoint: string,
  now: number,
  withheld: string | undefined,
  life: number = entryLife,
): Delivery {
  const leaves = withheld === undefined;
  // A resolution says that a trade is over, and a feed that is dead is so however old the news: only entries age.
  const entry = alert.transition !== 'resolved' && alert.direction !== null;
  return {
    dataset: alert.dataset,
    alert: alert.id,
    endpoint,
    time: alert.time,
    state: leaves ? 'pending' : 'withheld',
    attempts: 0,
    next: leaves ? now : null,
    answer: withheld ?? '',
    queued: now,
    expires: leaves && entry ? now + life : null,
    status: null,
    history: [],
  };
}
