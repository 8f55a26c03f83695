/** Remarks on how a series reverts. */
export type ReversionFlag =
  /** It does not revert (lambda >= 0): the half-life is infinite, and null here. */
  | 'NotMeanReverting'
  /** It overshoots its mean within a row (phi <= 0): the half-life is below one row, and null here. */
  | 'WithinOneRow'
  /** The next row follows from the one before without error: there is no noise to estimate. */
  | 'PerfectFit';

/** What lambda says of the reversion. */
export function reversionFlags(lambda: number, perfect: boolean): ReversionFlag[] {
  const flags: ReversionFlag[] = [];
  if (lambda >= 0) flags.push('NotMeanReverting');
  if (lambda <= -1) flags.push('WithinOneRow');
  if (perfect) flags.push('PerfectFit');
  return flags;
}
