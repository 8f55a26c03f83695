import type { Delivery, DeliveryState } from '@tandem/common';

/** How many deliveries a page lists. */
export const pageSize = 50;
/** The most that the api gives at once. */
const rowLimit = 2_000;

/** Which deliveries are looked at; undefined: all. */
export interface DeliveryFilter {
  readonly endpoint: string | undefined;
  readonly state: DeliveryState | undefined;
}

/** The api's answer: the newest rows before a bar time, ascending, and whether there are older ones. */
export interface DeliveryAnswer {
  readonly rows: readonly Delivery[];
  readonly more: boolean;
}

export interface DeliveryPage {
  /** Newest first. */
  readonly rows: readonly Delivery[];
  /** Bar time before which the next page lies; undefined if there are no older rows. */
  readonly older: number | undefined;
  /** A bar time of which there are more rows than can be listed. */
  readonly crowded: number | undefined;
}

/** The question for the deliveries of bars before `before`; the newest where that is undefined. */
export function deliveriesPath(
  { endpoint, state }: DeliveryFilter,
  before: number | undefined,
  limit: number,
): string {
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (endpoint !== undefined) parameters.set('endpoint', endpoint);
  if (state !== undefined) parameters.set('state', state);
  if (before !== undefined) parameters.set('to', String(before));
  return `/deliveries?${parameters}`;
}

/**
 * The page that an answer makes. Pages are asked for by bar time, and the limit may cut the rows of the oldest bar in
 * two: those are left to the next page, which begins with the whole bar. Undefined where nothing would be left: then the
 * question is to be asked again with the limit that `nextLimit` gives.
 */
export function deliveryPage({ rows, more }: DeliveryAnswer, limit: number): DeliveryPage | undefined {
  const oldest = rows[0]?.time;
  if (!more || oldest === undefined) return { rows: newestFirst(rows), older: undefined, crowded: undefined };
  const whole = rows.filter(({ time }) => time > oldest);
  if (whole.length > 0) return { rows: newestFirst(whole), older: oldest + 1, crowded: undefined };
  if (nextLimit(limit) !== undefined) return undefined;
  return { rows: newestFirst(rows), older: oldest, crowded: oldest };
}

/** The limit to ask with where one bar has more deliveries than `limit`; undefined if the api gives no more at once. */
export function nextLimit(limit: number): number | undefined {
  return limit >= rowLimit ? undefined : Math.min(rowLimit, limit * 8);
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
