import type { Delivery, DeliveryState } from '@tandem/common';

/** How many deliveries a page lists. */
const pageSize = 50;

/** Which deliveries are looked at; undefined: all. */
export interface DeliveryFilter {
  readonly endpoint: string | undefined;
  readonly state: DeliveryState | undefined;
}

/** The api's answer: the newest rows before a bar time, ascending, those of one bar never parted, and whether there are older ones. */
export interface DeliveryAnswer {
  readonly rows: readonly Delivery[];
  readonly more: boolean;
}

export interface DeliveryPage {
  /** Newest first. */
  readonly rows: readonly Delivery[];
  /** Bar time before which the next page lies; undefined if there are no older rows. */
  readonly older: number | undefined;
}

/** The question for the deliveries of bars before `before`; the newest where that is undefined. */
export function deliveriesPath(
  { endpoint, state }: DeliveryFilter,
  before: number | undefined,
  limit = pageSize,
): string {
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (endpoint !== undefined) parameters.set('endpoint', endpoint);
  if (state !== undefined) parameters.set('state', state);
  if (before !== undefined) parameters.set('to', String(before));
  return `/deliveries?${parameters}`;
}

/** The page that an answer makes. */
export function deliveryPage({ rows, more }: DeliveryAnswer): DeliveryPage {
  return { rows: newestFirst(rows), older: more ? rows[0]?.time : undefined };
}

/** A delivery's identity. */
export function deliveryKey({ alert, endpoint }: Pick<Delivery, 'alert' | 'endpoint'>): string {
  return `${endpoint} ${alert}`;
}

/** When something was last done about a delivery: an attempt, or else its queueing. */
export function touchedAt({ history, queued, time }: Delivery): number {
  return Math.max(history?.at(-1)?.at ?? 0, queued ?? time);
}

/** By bar time, and within a bar by when they were queued; the rest only keeps their order from poll to poll. */
function newestFirst(rows: readonly Delivery[]): Delivery[] {
  return [...rows].sort(
    (one, other) =>
      other.time - one.time ||
      (other.queued ?? 0) - (one.queued ?? 0) ||
      (deliveryKey(one) < deliveryKey(other) ? -1 : 1),
  );
}
