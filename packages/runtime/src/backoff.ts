export interface BackoffOptions {
  /** Longest first wait, ms (250). */
  first?: number;
  /** Longest wait ever, ms (30,000). */
  most?: number;
}

/**
 * How long to wait, in ms, before attempt number `attempt` (1 is the first after a failure): between 0 and a
 * bound that doubles with each. `random` in [0, 1) spreads those who failed together ("full jitter").
 */
export function backoff(attempt: number, random: number, options: BackoffOptions = {}): number {
  const { first = 250, most = 30_000 } = options;
  // 2 ** 50 is beyond any `most`, and far from infinity.
  return Math.floor(Math.min(most, first * 2 ** Math.min(Math.max(attempt, 1) - 1, 50)) * random);
}
