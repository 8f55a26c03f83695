import type { Alert, Delivery } from '@tandem/common';

/** A delivery on its way, with what it delivers. */
export interface Parcel {
  delivery: Delivery;
  readonly alert: Alert;
}

/** What a lane does next. */
export type Step =
  | { readonly kind: 'attempt'; readonly parcel: Parcel }
  /** These, wherever they stand, are not sent any more. */
  | { readonly kind: 'expire'; readonly parcels: readonly Parcel[]; readonly why: string }
  /** Nothing is due before this moment. */
  | { readonly kind: 'wait'; readonly until: number };

/**
 * What a lane, the deliveries of one endpoint, rule and study in order, does at `now`; undefined if it is empty.
 *
 * Only the first is attempted. An entry expires by the clock wherever it stands, and, once it has been tried in vain,
 * when its resolution is due: it would call for a trade that is over. `pausedUntil` is when the endpoint may be asked
 * again.
 */
export function nextStep(parcels: readonly Parcel[], now: number, pausedUntil = 0): Step | undefined {
  const [head] = parcels;
  if (head === undefined) return undefined;
  const late = parcels.filter(({ delivery }) => delivery.expires !== null && delivery.expires <= now);
  if (late.length > 0) return { kind: 'expire', parcels: late, why: 'an entry so old is not to be acted on' };
  const tried = head.delivery.expires !== null && head.delivery.attempts > 0;
  if (tried && parcels.some(({ alert }, index) => index > 0 && alert.transition === 'resolved')) {
    return { kind: 'expire', parcels: [head], why: 'its resolution is due' };
  }
  const due = Math.max(head.delivery.next ?? 0, pausedUntil);
  if (due <= now) return { kind: 'attempt', parcel: head };
  return { kind: 'wait', until: Math.min(due, firstExpiry(parcels)) };
}

/** When the first of them expires; never is infinity. */
export function firstExpiry(parcels: readonly Parcel[]): number {
  return parcels.reduce(
    (first, { delivery }) => Math.min(first, delivery.expires ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  );
}

/** The order of a lane: by bar time, and of a flip's two alerts, which share a time, the resolution first. */
export function inOrder(one: Alert, other: Alert): number {
  return one.time - other.time || rank(one) - rank(other);
}

function rank({ transition }: Alert): number {
  return transition === 'resolved' ? 0 : 1;
}
