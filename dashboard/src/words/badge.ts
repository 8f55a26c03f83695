import { moment } from './format.ts';

/** What the badge's second line is made of. */
export interface BadgeFacts {
  readonly kind: 'LIVE' | 'REPLAY' | 'SIMULATED';
  readonly reason: string;
  readonly venues: readonly string[];
  /** The newest recorded time that the page has seen. */
  readonly recorded: number | undefined;
}

/** What stands beside the badge's word: first what it means for the prices on the screen, then why. */
export function badgeWords({ kind, reason, venues, recorded }: BadgeFacts): string {
  if (kind === 'SIMULATED') return `invented prices, no market: ${reason}`;
  if (kind === 'LIVE') return `trades of ${venues.join(', ')}: ${reason}`;
  return recorded === undefined ? reason : `${reason}, at ${moment(recorded)} UTC`;
}
