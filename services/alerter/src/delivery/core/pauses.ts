import type { Delivery } from '@tandem/common';

/**
 * Until when each receiver wants to be left alone, by the attempts of deliveries in any order, whatever became of them. A
 * wish that an attempt was made in spite of, since the endpoint's document had changed, is none any more.
 */
export function pausesIn(
  deliveries: readonly Pick<Delivery, 'endpoint' | 'history'>[],
  now: number,
): Map<string, number> {
  const begun = new Map<string, number>();
  for (const { endpoint, history } of deliveries) {
    for (const { at } of history ?? []) begun.set(endpoint, Math.max(begun.get(endpoint) ?? 0, at));
  }
  const pauses = new Map<string, number>();
  for (const { endpoint, history } of deliveries) {
    for (const { at, took, pausedUntil } of history ?? []) {
      if (pausedUntil === undefined || pausedUntil <= Math.max(now, pauses.get(endpoint) ?? 0)) continue;
      if ((begun.get(endpoint) ?? 0) <= at + took) pauses.set(endpoint, pausedUntil);
    }
  }
  return pauses;
}
