/** After a longer downtime than this, live data comes first, ms of exchange time. */
const longest = 120_000;

/**
 * Why a feed goes on without what is missing, and repairs it behind: it was away for too long for the market to wait.
 * Undefined if it was not. `last` is the time of the newest print that is in order, null if none is.
 */
export function awayTooLong(last: number | null, next: number): string | undefined {
  const downtime = next - (last ?? next);
  return downtime > longest ? `away for ${Math.round(downtime / 1_000)} s` : undefined;
}
